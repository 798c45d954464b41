using System.Text.Json.Nodes;

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

    public string AgentVersion { get; set; } = "";

    public string PlatformType { get; set; } = "";

    public string PlatformName { get; set; } = "";

    public string PlatformVersion { get; set; } = "";

    public string ComputerName { get; set; } = "";

    public string IpAddress { get; set; } = "";

    /// <summary>Gets the name that a machine outside EC2 was registered under.</summary>
    public string? Name { get; init; }

    /// <summary>Gets the role that it was registered for.</summary>
    public string? RoleName { get; init; }

    public string? ActivationId { get; init; }

    /// <summary>Gets the tags: the instance's own, or those of the activation.</summary>
    public required SortedDictionary<string, string> Tags { get; init; }

    /// <summary>Gets what its agent put into the inventory, by the item's type.</summary>
    public SortedDictionary<string, JsonObject> Inventory { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets a value indicating whether it counts as an instance of EC2; by its id, as in AWS.</summary>
    public bool IsInstance => NodeId.StartsWith("i-", StringComparison.Ordinal);

    /// <summary>Gets or sets a value indicating whether the agent said good-bye or its machine was switched off.</summary>
    public bool Gone { get; set; }

    public string PingStatus(DateTimeOffset now) => Gone || now - LastPing > LostAfter ? "ConnectionLost" : "Online";

    /// <summary>Takes a sign of life, and what is new in it.</summary>
    public void Take(NodeReport report, DateTimeOffset now)
    {
        AgentVersion = report.AgentVersion ?? AgentVersion;
        PlatformType = report.PlatformType ?? PlatformType;
        PlatformName = report.PlatformName ?? PlatformName;
        PlatformVersion = report.PlatformVersion ?? PlatformVersion;
        ComputerName = report.ComputerName ?? ComputerName;
        IpAddress = report.IpAddress ?? IpAddress;
        LastPing = now;
        Gone = report.IsLeaving;
    }
}
