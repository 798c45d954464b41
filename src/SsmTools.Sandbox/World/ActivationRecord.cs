namespace SsmTools.Sandbox.World;

/// <summary>Leave for machines that are not instances to become managed nodes.</summary>
internal sealed class ActivationRecord
{
    public required string Id { get; init; }

    /// <summary>Gets the secret that goes with the id.</summary>
    public required string Code { get; init; }

    public required long Sequence { get; init; }

    /// <summary>Gets the role that the nodes get.</summary>
    public required string RoleName { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Expires { get; init; }

    public required int Limit { get; init; }

    public string? Description { get; init; }

    public string? DefaultInstanceName { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Tags { get; init; } = [];

    /// <summary>Gets or sets how many machines have used it.</summary>
    public int Registrations { get; set; }

    /// <summary>The id only: the code is secret.</summary>
    public override string ToString() => Id;
}
