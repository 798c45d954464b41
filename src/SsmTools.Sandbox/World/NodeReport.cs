namespace SsmTools.Sandbox.World;

/// <summary>What an agent says of itself and its machine. What it does not say stays as it was.</summary>
internal sealed record NodeReport
{
    public string? AgentVersion { get; init; }

    /// <summary>Gets Linux, Windows or MacOS.</summary>
    public string? PlatformType { get; init; }

    public string? PlatformName { get; init; }

    public string? PlatformVersion { get; init; }

    public string? ComputerName { get; init; }

    public string? IpAddress { get; init; }

    /// <summary>Gets a value indicating whether the agent says that it is about to stop.</summary>
    public bool IsLeaving { get; init; }
}
