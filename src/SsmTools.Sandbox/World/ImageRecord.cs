namespace SsmTools.Sandbox.World;

/// <summary>An image: what it runs on, who offers it, and whether the agent is in it.</summary>
internal sealed record ImageRecord
{
    public required string ImageId { get; init; }

    public required string Name { get; init; }

    public required string Description { get; init; }

    public required string Architecture { get; init; }

    public required string OwnerId { get; init; }

    public string? OwnerAlias { get; init; }

    /// <summary>Gets the parameters that name it, newest-first lookups of which its publisher keeps.</summary>
    public required IReadOnlyList<string> Parameters { get; init; }

    public required bool HasAgent { get; init; }

    /// <summary>Gets the version of that agent.</summary>
    public string AgentVersion { get; init; } = AgentRelease.Latest;

    public required string RootDevice { get; init; }

    public required int RootGiB { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required string PlatformName { get; init; }

    public required string PlatformVersion { get; init; }

    public bool Windows { get; init; }

    public string SnapshotId { get; init; } = "";
}
