using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Repair;

/// <summary>How far a repair may go.</summary>
public sealed record RepairOptions
{
    /// <summary>
    /// Reboots instances whose agent sleeps after it was refused, and those that something was mended for: their agents
    /// sleep as well. Without it they come back by themselves within half an hour.
    /// </summary>
    public bool Reboot { get; init; }

    /// <summary>
    /// Mends what is only warned of as well: what sessions log to and cannot reach, an endpoint that old agents need, some
    /// of the ways to the endpoints that are closed. It costs money, and a node registers without it.
    /// </summary>
    public bool IncludeWarnings { get; init; }

    /// <summary>
    /// The instance profile for instances that have none, or one of no use; made where it does not exist. Null for one
    /// that all repaired instances of the account share.
    /// </summary>
    public string? InstanceProfileName { get; init; }

    /// <summary>Checks the options before anything is called.</summary>
    /// <exception cref="EngineException">InstanceProfileNameInvalid.</exception>
    internal void Check() => RoleRules.Check(new RoleRequest { Name = "name", InstanceProfileName = InstanceProfileName });
}
