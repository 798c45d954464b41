namespace SsmTools.Sandbox.World;

/// <summary>An instance profile: the envelope in which an instance gets a role.</summary>
internal sealed class InstanceProfileRecord
{
    public required string Name { get; init; }

    public required string Path { get; init; }

    public required string Id { get; init; }

    public required string Arn { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>Gets or sets the role, of which there is one at most.</summary>
    public string? RoleName { get; set; }

    public SortedDictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);
}
