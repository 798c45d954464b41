namespace SsmTools.Sandbox.Faults;

/// <summary>Which way a message goes.</summary>
internal enum FaultDirection
{
    /// <summary>From client to agent.</summary>
    Up,

    /// <summary>From agent to client.</summary>
    Down,
}
