namespace SsmTools.Sandbox.World;

/// <summary>What Systems Manager has installed on a machine. Read and changed by its agent alone.</summary>
internal sealed class MachineSoftware(string agentVersion)
{
    /// <summary>Gets or sets the agent's version.</summary>
    public string AgentVersion { get; set; } = agentVersion;

    /// <summary>Gets the packages, by name.</summary>
    public SortedSet<string> Packages { get; } = new(StringComparer.Ordinal);
}
