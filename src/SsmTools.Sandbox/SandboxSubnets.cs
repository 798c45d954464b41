namespace SsmTools.Sandbox;

/// <summary>The subnets of a sandbox by what leads out of them.</summary>
public sealed record SandboxSubnets
{
    /// <summary>Interface endpoints only.</summary>
    public required string[] Isolated { get; init; }

    /// <summary>A NAT gateway.</summary>
    public required string[] Private { get; init; }

    /// <summary>Nothing: instances there never register.</summary>
    public required string[] Dead { get; init; }
}
