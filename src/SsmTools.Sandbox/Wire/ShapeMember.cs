namespace SsmTools.Sandbox.Wire;

/// <summary>A place in a shape: which shape goes there, and what the wire calls it where that is not its own name.</summary>
internal sealed record ShapeMember(string Name, Shape Shape, string? LocationName, string? QueryName)
{
    /// <summary>Gets where it is in a REST request: uri or querystring; null for the body.</summary>
    public string? Location { get; init; }

    /// <summary>Gets the name in requests of the EC2 protocol.</summary>
    public string Ec2RequestName => QueryName
        ?? (LocationName is [char first, .. string rest] ? char.ToUpperInvariant(first) + rest : Name);

    /// <summary>Gets the name in everything else.</summary>
    public string WireName => LocationName ?? Name;
}
