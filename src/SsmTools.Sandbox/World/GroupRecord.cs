namespace SsmTools.Sandbox.World;

/// <summary>A group of users: its policies are theirs.</summary>
internal sealed class GroupRecord
{
    public required string Name { get; init; }

    public required string Path { get; init; }

    public required string Id { get; init; }

    public required string Arn { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>Gets the ARNs of attached managed policies.</summary>
    public SortedSet<string> Attached { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the names of the users in it.</summary>
    public SortedSet<string> Members { get; } = new(StringComparer.OrdinalIgnoreCase);
}
