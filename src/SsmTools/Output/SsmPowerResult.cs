using System;

namespace SsmTools.Output;

/// <summary>What became of one instance that was to be started or stopped.</summary>
public sealed class SsmPowerResult
{
    /// <summary>The instance's id.</summary>
    public string InstanceId { get; internal init; } = "";

    /// <summary>The Name tag; null where it has none.</summary>
    public string? Name { get; internal init; }

    /// <summary>The state before, in EC2's words.</summary>
    public string PreviousState { get; internal init; } = "";

    /// <summary>The state when it was last looked at.</summary>
    public string State { get; internal init; } = "";

    /// <summary>Unchanged (it was so already), Requested (nobody waited), Success, Failed, NotStarted or TimedOut.</summary>
    public string Status { get; internal init; } = "";

    /// <summary>The run of Automation that has it; null where none does.</summary>
    public string? ExecutionId { get; internal init; }

    /// <summary>How long it took, to a look's length; null where nobody waited.</summary>
    public TimeSpan? Duration { get; internal init; }

    /// <summary>What is wrong, in a sentence; null where nothing is.</summary>
    public string? Message { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => $"{InstanceId} {State}";
}
