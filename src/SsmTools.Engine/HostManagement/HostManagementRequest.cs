namespace SsmTools.Engine.HostManagement;

/// <summary>What is to be done on which hosts.</summary>
public sealed record HostManagementRequest
{
    /// <summary>The name of the set: 1 to 60 letters, digits and the characters <c>_.-</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The tags, all of them, of the nodes that it is for; empty for <see cref="InstanceIds"/> or all nodes.</summary>
    public IReadOnlyDictionary<string, string> TargetTags { get; init; } = new Dictionary<string, string>();

    /// <summary>The nodes that it is for, by id; empty for <see cref="TargetTags"/> or all nodes.</summary>
    public IReadOnlyList<string> InstanceIds { get; init; } = [];

    /// <summary>The tasks: AgentUpdate, Inventory, PatchScan, CloudWatchAgent.</summary>
    public IReadOnlyList<string> Tasks { get; init; } = ["AgentUpdate", "Inventory", "PatchScan"];

    /// <summary>The parameter with the CloudWatch agent's configuration; null to leave it unconfigured.</summary>
    public string? CloudWatchConfiguration { get; init; }
}
