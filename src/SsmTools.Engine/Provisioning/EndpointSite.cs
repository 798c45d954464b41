using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Provisioning;

/// <summary>The place that endpoints are wanted in: a VPC that is there, or one that the same plan makes.</summary>
internal sealed record EndpointSite
{
    /// <summary>The value of the SsmTools tag of what is made: the network's name, or the VPC's id.</summary>
    public required string Owner { get; init; }

    /// <summary>The VPC.</summary>
    public required NetworkPart Vpc { get; init; }

    /// <summary>Where interfaces are to stand: one subnet of each zone.</summary>
    public required IReadOnlyList<SubnetPart> Subnets { get; init; }

    /// <summary>The zones of the VPC's subnets by their ids, for endpoints that stand in others than those.</summary>
    public IReadOnlyDictionary<string, string> Zones { get; init; } = new Dictionary<string, string>();

    /// <summary>The ranges that are to be let in.</summary>
    public required IReadOnlyList<string> Callers { get; init; }

    /// <summary>The security group that SsmTools keeps for endpoints here; without an id while it is not needed.</summary>
    public required NetworkPart OwnGroup { get; init; }

    /// <summary>The groups that the user wants for new endpoints; empty for the own one.</summary>
    public IReadOnlyList<string> GivenGroups { get; init; } = [];

    /// <summary>The route tables that gateways are to be entered into.</summary>
    public IReadOnlyList<NetworkPart> RouteTables { get; init; } = [];

    /// <summary>The endpoints that are there.</summary>
    public IReadOnlyList<VpcEndpoint> Existing { get; init; } = [];

    /// <summary>The security groups that are there.</summary>
    public IReadOnlyList<SecurityGroup> Groups { get; init; } = [];

    /// <summary>The interfaces that are there; null where that may not be known.</summary>
    public IReadOnlyList<NetworkInterface>? Interfaces { get; init; } = [];

    /// <summary>The user's own tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}
