namespace SsmTools.Sandbox.World;

/// <summary>A managed policy, AWS's or the account's.</summary>
internal sealed class PolicyRecord
{
    public required string Name { get; init; }

    public required string Path { get; init; }

    public required string Id { get; init; }

    public required string Arn { get; init; }

    public required DateTimeOffset Created { get; init; }

    public string? Description { get; init; }

    public bool OwnedByAws { get; init; }

    public int DefaultVersion { get; set; } = 1;

    /// <summary>Gets the documents by version number; numbers are never used twice.</summary>
    public SortedDictionary<int, string> Versions { get; } = [];

    public SortedDictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

    public int LastVersion { get; set; } = 1;

    public string Document => Versions[DefaultVersion];
}
