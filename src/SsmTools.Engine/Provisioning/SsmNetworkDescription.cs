namespace SsmTools.Engine.Provisioning;

/// <summary>A network for private nodes.</summary>
public sealed record SsmNetworkDescription
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The VPC; empty where there is none.</summary>
    public string VpcId { get; init; } = string.Empty;

    /// <summary>The VPC's range.</summary>
    public string Cidr { get; init; } = string.Empty;

    /// <summary>The isolated subnets, one of each zone.</summary>
    public IReadOnlyList<string> SubnetIds { get; init; } = [];

    /// <summary>The zones, in the order of the subnets.</summary>
    public IReadOnlyList<string> AvailabilityZones { get; init; } = [];

    /// <summary>The security group for instances: nothing in, everything out; empty where there is none.</summary>
    public string SecurityGroupId { get; init; } = string.Empty;

    /// <summary>The security group of the endpoints: 443 in from the VPC; empty where there is none.</summary>
    public string EndpointSecurityGroupId { get; init; } = string.Empty;

    /// <summary>The endpoints.</summary>
    public IReadOnlyList<string> EndpointIds { get; init; } = [];
}
