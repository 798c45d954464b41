namespace SsmTools.ApiGenerator.Model;

/// <summary>A type of a service model: a scalar, a structure, a list or a map.</summary>
internal sealed record Shape(string Name, ShapeKind Kind)
{
    /// <summary>Members of a structure, in the model's order.</summary>
    public IReadOnlyList<Member> Members { get; init; } = [];

    /// <summary>What a list is made of, or a map's values.</summary>
    public Member? Element { get; init; }

    /// <summary>The values of a string that the model enumerates; services may send others.</summary>
    public IReadOnlyList<string> EnumValues { get; init; } = [];

    /// <summary>The wire name that members of this type get unless they say otherwise.</summary>
    public string? LocationName { get; init; }

    /// <summary>A list whose elements stand beside each other, without an element around them.</summary>
    public bool Flattened { get; init; }
}
