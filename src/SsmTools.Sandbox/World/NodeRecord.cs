namespace SsmTools.Sandbox.World;

/// <summary>What Systems Manager knows of a node from its agent.</summary>
internal sealed class NodeRecord
{
    /// <summary>Time without a sign of life after which a node counts as lost.</summary>
    public static readonly TimeSpan LostAfter = TimeSpan.FromMinutes(5);

    public required string NodeId { get; init; }

    public required long Sequence { get; init; }

    public required DateTimeOffset Registered { get; init; }

    public DateTimeOffset LastPing { get; set; }

    public required string AgentVersion { get; set; }

    public required string PlatformType { get; set; }

    public required string PlatformName { get; set; }

    public required string PlatformVersion { get; set; }

    public required string ComputerName { get; set; }

    public required string IpAddress { get; set; }

    /// <summary>Gets or sets a value indicating whether the agent said good-bye or its machine was switched off.</summary>
    public bool Gone { get; set; }

    public string PingStatus(DateTimeOffset now) => Gone || now - LastPing > LostAfter ? "ConnectionLost" : "Online";
}
