namespace SsmTools.Sandbox.World;

/// <summary>A user of the account, who may do what policies say; the one that the sandbox begins with is none of these.</summary>
internal sealed class UserRecord
{
    public required string Name { get; init; }

    public required string Path { get; init; }

    public required string Id { get; init; }

    public required string Arn { get; init; }

    public required DateTimeOffset Created { get; init; }

    public string? PermissionsBoundaryArn { get; set; }

    public SortedDictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the ARNs of attached managed policies.</summary>
    public SortedSet<string> Attached { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the ids of the user's access keys.</summary>
    public SortedSet<string> AccessKeys { get; } = new(StringComparer.Ordinal);
}
