namespace SsmTools.Sandbox.World;

/// <summary>A thing in the account that has an id and tags.</summary>
internal abstract class Resource
{
    public required string Id { get; init; }

    /// <summary>Gets the order of creation, by which listings are sorted and paged.</summary>
    public required long Sequence { get; init; }

    public SortedDictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the id's prefix and the name that tag listings give this kind.</summary>
    public abstract string ResourceType { get; }
}
