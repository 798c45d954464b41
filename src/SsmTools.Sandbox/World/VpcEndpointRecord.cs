namespace SsmTools.Sandbox.World;

/// <summary>A VPC endpoint.</summary>
internal sealed class VpcEndpointRecord : Resource
{
    public override string ResourceType => "vpc-endpoint";

    public required VpcRecord Vpc { get; init; }

    public required string ServiceName { get; init; }

    /// <summary>Gets Interface or Gateway.</summary>
    public required string Kind { get; init; }

    public required DateTimeOffset Created { get; init; }

    public string State { get; set; } = "available";

    /// <summary>Gets or sets when pending ends in available, and deleting in nothing; null: not by itself.</summary>
    public DateTimeOffset? SettlesAt { get; set; }

    public bool PrivateDns { get; set; }

    public string? Policy { get; set; }

    public List<string> SubnetIds { get; } = [];

    public List<string> GroupIds { get; } = [];

    public List<string> RouteTableIds { get; } = [];

    public List<string> InterfaceIds { get; } = [];
}
