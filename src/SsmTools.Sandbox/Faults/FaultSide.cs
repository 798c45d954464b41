namespace SsmTools.Sandbox.Faults;

/// <summary>Whose link it is.</summary>
internal enum FaultSide
{
    /// <summary>The client's.</summary>
    Client,

    /// <summary>The agent's.</summary>
    Agent,
}
