namespace SsmTools.Sandbox.Wire;

/// <summary>A type of a service model.</summary>
internal sealed class Shape
{
    public required string Name { get; init; }

    public required ShapeKind Kind { get; init; }

    public IReadOnlyList<ShapeMember> Members { get; set; } = [];

    /// <summary>Gets or sets what a list holds, or the values of a map.</summary>
    public ShapeMember? Item { get; set; }

    /// <summary>Gets or sets the keys of a map.</summary>
    public ShapeMember? Key { get; set; }

    public IReadOnlyList<string> Required { get; init; } = [];

    public IReadOnlyList<string> Values { get; init; } = [];

    public double? Minimum { get; init; }

    public double? Maximum { get; init; }

    public string? Pattern { get; init; }

    public bool Sensitive { get; init; }

    public bool Flattened { get; init; }
}
