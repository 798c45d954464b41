using SsmTools.Sandbox.World;

namespace SsmTools.Tests.Support;

/// <summary>A node in a sandbox that lacks exactly one thing.</summary>
internal sealed record RegistrationScenario
{
    /// <summary>What the scenario is called.</summary>
    public required string Name { get; init; }

    /// <summary>The check that fails first.</summary>
    public required string Check { get; init; }

    /// <summary>Breaks what is to be broken, before the machine is switched on and its agent tries.</summary>
    public required Func<TestSandbox, InstanceRecord, Task> Break { get; init; }

    /// <summary>Whether an instance profile is attached at the launch.</summary>
    public bool HasProfile { get; init; } = true;

    /// <summary>Where the instance stands; null for an isolated subnet.</summary>
    public Func<SandboxWorld, SubnetRecord>? Subnet { get; init; }

    /// <summary>What it is launched from; null for an image with an agent.</summary>
    public Func<ImageRecord, bool>? Image { get; init; }

    /// <summary>Makes the trouble that only shows once the agent is up; null for none.</summary>
    public Func<TestSandbox, InstanceRecord, Task>? Afterwards { get; init; }

    /// <summary>What the repair does, in order: the beginning of each action.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];

    /// <summary>What the user is told that only a person can do; null for nothing.</summary>
    public string? Advice { get; init; }

    /// <summary>Does what the advice says.</summary>
    public Func<TestSandbox, InstanceRecord, Task>? ByHand { get; init; }

    /// <summary>Whether the repair may reboot.</summary>
    public bool Reboot { get; init; }

    /// <summary>Whether the repair mends what is only warned of.</summary>
    public bool IncludeWarnings { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
