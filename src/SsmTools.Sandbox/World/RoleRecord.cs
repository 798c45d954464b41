namespace SsmTools.Sandbox.World;

/// <summary>A role.</summary>
internal sealed class RoleRecord
{
    public required string Name { get; init; }

    public required string Path { get; init; }

    public required string Id { get; init; }

    public required string Arn { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>Gets or sets the trust policy as it was sent, JSON.</summary>
    public required string TrustPolicy { get; set; }

    public string? Description { get; set; }

    public int MaxSessionSeconds { get; set; } = 3600;

    public string? PermissionsBoundaryArn { get; set; }

    public SortedDictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the ARNs of attached managed policies.</summary>
    public SortedSet<string> Attached { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets inline policies, JSON, by name.</summary>
    public SortedDictionary<string, string> Inline { get; } = new(StringComparer.Ordinal);
}
