namespace SsmTools.Sandbox.World;

/// <summary>What can be the matter with a machine itself, where no API shows it but its console or EC2's checks.</summary>
internal enum InstanceAilment
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>EC2's reachability check fails.</summary>
    Impaired,

    /// <summary>Its clock is so far off that signatures are refused.</summary>
    ClockOff,

    /// <summary>Its root volume is full.</summary>
    DiskFull,

    /// <summary>Somebody stopped the agent.</summary>
    AgentStopped,
}
