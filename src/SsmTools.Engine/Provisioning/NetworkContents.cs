using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Provisioning;

/// <summary>All that is in a VPC and stands in the way of its removal, or goes with it.</summary>
internal sealed record NetworkContents
{
    /// <summary>The VPC.</summary>
    public required Vpc Vpc { get; init; }

    /// <summary>Its endpoints, but for those that are gone.</summary>
    public required IReadOnlyList<VpcEndpoint> Endpoints { get; init; }

    /// <summary>Its subnets.</summary>
    public required IReadOnlyList<Subnet> Subnets { get; init; }

    /// <summary>Its route tables but for the main one, which goes with the VPC.</summary>
    public required IReadOnlyList<RouteTable> RouteTables { get; init; }

    /// <summary>Its security groups but for the default one, which goes with the VPC.</summary>
    public required IReadOnlyList<SecurityGroup> Groups { get; init; }

    /// <summary>Its internet gateways.</summary>
    public required IReadOnlyList<InternetGateway> Gateways { get; init; }

    /// <summary>Its network interfaces.</summary>
    public required IReadOnlyList<NetworkInterface> Interfaces { get; init; }

    /// <summary>Its instances that are not gone, nor on their way.</summary>
    public required IReadOnlyList<Instance> Instances { get; init; }

    /// <summary>The VPC's id.</summary>
    public string VpcId => Vpc.VpcId!;

    /// <summary>Reads it all.</summary>
    public static async Task<NetworkContents> OfAsync(AwsContext context, Vpc vpc, CancellationToken cancellationToken)
    {
        NetworkReader reader = new(context);
        string id = vpc.VpcId!;
        List<RouteTable> tables = await reader.ListRouteTablesAsync(id, cancellationToken).ConfigureAwait(false);
        List<SecurityGroup> groups = await reader.ListGroupsAsync(id, cancellationToken).ConfigureAwait(false);
        List<VpcEndpoint> endpoints = await reader.ListEndpointsAsync(id, cancellationToken).ConfigureAwait(false);
        DescribeInternetGatewaysRequest gateways = new()
        {
            Filters = [new Filter { Name = "attachment.vpc-id", Values = [id] }],
        };
        DescribeInstancesRequest instances = new()
        {
            Filters =
            [
                new Filter { Name = "vpc-id", Values = [id] },
                new Filter { Name = "instance-state-name", Values = ["pending", "running", "stopping", "stopped"] },
            ],
        };
        return new NetworkContents
        {
            Vpc = vpc,
            Endpoints = endpoints.FindAll(endpoint => !NetworkReader.Is(endpoint, State.Deleted)),
            Subnets = await reader.ListSubnetsAsync("vpc-id", [id], cancellationToken).ConfigureAwait(false),
            RouteTables = tables.FindAll(table => !table.Associations.Exists(link => link.Main == true)),
            Groups = groups.FindAll(group => group.GroupName != "default"),
            Gateways = await ServiceCall.ListAsync(
                token => context.Ec2.DescribeInternetGatewaysItemsAsync(gateways, token), id, cancellationToken)
                .ConfigureAwait(false),
            Interfaces = await reader.ListInterfacesAsync(id, cancellationToken).ConfigureAwait(false),
            Instances = await ServiceCall.ListAsync(
                token => InstanceReader.StreamAsync(context, instances, token), id, cancellationToken).ConfigureAwait(false),
        };
    }

    /// <summary>Whatever SsmTools did not make, in words.</summary>
    public IReadOnlyList<string> ForeignParts() =>
    [
        .. Endpoints.Where(one => !NetworkReader.IsOurs(one.Tags)).Select(one => $"endpoint {one.VpcEndpointId}"),
        .. Subnets.Where(one => !NetworkReader.IsOurs(one.Tags)).Select(one => $"subnet {one.SubnetId}"),
        .. RouteTables.Where(one => !NetworkReader.IsOurs(one.Tags)).Select(one => $"route table {one.RouteTableId}"),
        .. Groups.Where(one => !NetworkReader.IsOurs(one.Tags)).Select(one => $"security group {one.GroupId} ({one.GroupName})"),
        .. Gateways.Where(one => !NetworkReader.IsOurs(one.Tags)).Select(one => $"internet gateway {one.InternetGatewayId}"),
    ];

    /// <summary>
    /// The interfaces that neither go with the endpoints nor with instances: of databases, functions, load balancers,
    /// NAT gateways. Those of instances on their way out are gone soon.
    /// </summary>
    public IReadOnlyList<NetworkInterface> ForeignInterfaces()
    {
        HashSet<string> going = [.. Endpoints.SelectMany(endpoint => endpoint.NetworkInterfaceIds)];
        return
        [
            .. Interfaces.Where(card => !going.Contains(card.NetworkInterfaceId!)
                && card.InterfaceType != NetworkInterfaceType.VpcEndpoint
                && card.Attachment?.InstanceId is null),
        ];
    }
}
