using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Provisioning;

/// <summary>All that matters of a VPC, read once.</summary>
internal sealed record NetworkSurvey
{
    /// <summary>Where there is no VPC yet.</summary>
    public static NetworkSurvey None { get; } = new();

    /// <summary>The VPC; null where there is none.</summary>
    public Vpc? Vpc { get; private init; }

    /// <summary>Whether names resolve; so it is in a VPC that is made.</summary>
    public bool DnsSupport { get; private init; } = true;

    /// <summary>Whether private names may; so it is not in a VPC that is made.</summary>
    public bool DnsHostnames { get; private init; }

    /// <summary>Its subnets.</summary>
    public IReadOnlyList<Subnet> Subnets { get; private init; } = [];

    /// <summary>Its route tables.</summary>
    public IReadOnlyList<RouteTable> RouteTables { get; private init; } = [];

    /// <summary>Its security groups.</summary>
    public IReadOnlyList<SecurityGroup> Groups { get; private init; } = [];

    /// <summary>Its endpoints.</summary>
    public IReadOnlyList<VpcEndpoint> Endpoints { get; private init; } = [];

    /// <summary>Reads it all.</summary>
    public static async Task<NetworkSurvey> OfAsync(NetworkReader reader, Vpc vpc, CancellationToken cancellationToken)
    {
        string id = vpc.VpcId!;
        (bool support, bool hostnames) = await reader.ReadDnsAsync(id, cancellationToken).ConfigureAwait(false);
        return new NetworkSurvey
        {
            Vpc = vpc,
            DnsSupport = support,
            DnsHostnames = hostnames,
            Subnets = await reader.ListSubnetsAsync("vpc-id", [id], cancellationToken).ConfigureAwait(false),
            RouteTables = await reader.ListRouteTablesAsync(id, cancellationToken).ConfigureAwait(false),
            Groups = await reader.ListGroupsAsync(id, cancellationToken).ConfigureAwait(false),
            Endpoints = await reader.ListEndpointsAsync(id, cancellationToken).ConfigureAwait(false),
        };
    }

    /// <summary>The group that SsmTools keeps for a part of the network; null where it is missing.</summary>
    public SecurityGroup? FindGroup(string part) =>
        Groups.FirstOrDefault(group => NetworkReader.TagOf(group.Tags, SsmToolsTag.PartKey) == part);

    /// <summary>The route table that SsmTools made; null where it is missing.</summary>
    public RouteTable? FindRouteTable() => RouteTables
        .Where(table => NetworkReader.IsOurs(table.Tags))
        .OrderBy(table => table.RouteTableId, StringComparer.Ordinal)
        .FirstOrDefault();
}
