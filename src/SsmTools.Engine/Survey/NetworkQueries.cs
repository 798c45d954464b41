using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Survey;

/// <summary>
/// The calls that networks are surveyed with, many at a time, where what may not be read makes a gap. Filters rather than
/// ids: an unknown id fails no filter.
/// </summary>
internal sealed class NetworkQueries(AwsContext context, Asker asker)
{
    /// <summary>Subnets by id.</summary>
    public async Task<Reading<IReadOnlyDictionary<string, Subnet>>> ReadSubnetsAsync(
        string[] ids, CancellationToken cancellationToken) => ById(
            await asker.ListAsync(
                "ec2:DescribeSubnets",
                token => context.Ec2.DescribeSubnetsItemsAsync(new DescribeSubnetsRequest { Filters = By("subnet-id", ids) }, token),
                cancellationToken).ConfigureAwait(false),
            subnet => subnet.SubnetId!);

    /// <summary>Security groups by id.</summary>
    public async Task<Reading<IReadOnlyDictionary<string, SecurityGroup>>> ReadGroupsAsync(
        string[] ids, CancellationToken cancellationToken) => ById(
            await asker.ListAsync(
                "ec2:DescribeSecurityGroups",
                token => context.Ec2.DescribeSecurityGroupsItemsAsync(
                    new DescribeSecurityGroupsRequest { Filters = By("group-id", ids) }, token),
                cancellationToken).ConfigureAwait(false),
            group => group.GroupId!);

    /// <summary>VPCs by id, with what is in them: a call for each kind of thing, and two for each VPC's attributes.</summary>
    public async Task<Reading<IReadOnlyDictionary<string, VpcFacts>>> ReadVpcsAsync(
        string[] ids, CancellationToken cancellationToken)
    {
        List<Filter> inVpc = By("vpc-id", ids);
        Reading<List<RouteTable>> tables = await asker.ListAsync(
            "ec2:DescribeRouteTables",
            token => context.Ec2.DescribeRouteTablesItemsAsync(new DescribeRouteTablesRequest { Filters = inVpc }, token),
            cancellationToken).ConfigureAwait(false);
        Reading<List<NatGateway>> gateways = await asker.ListAsync(
            "ec2:DescribeNatGateways",
            token => context.Ec2.DescribeNatGatewaysItemsAsync(new DescribeNatGatewaysRequest { Filter = inVpc }, token),
            cancellationToken).ConfigureAwait(false);
        Reading<List<NetworkAcl>> acls = await asker.ListAsync(
            "ec2:DescribeNetworkAcls",
            token => context.Ec2.DescribeNetworkAclsItemsAsync(new DescribeNetworkAclsRequest { Filters = inVpc }, token),
            cancellationToken).ConfigureAwait(false);
        Reading<List<VpcEndpoint>> endpoints = await asker.ListAsync(
            "ec2:DescribeVpcEndpoints",
            token => context.Ec2.DescribeVpcEndpointsItemsAsync(new DescribeVpcEndpointsRequest { Filters = inVpc }, token),
            cancellationToken).ConfigureAwait(false);
        Reading<IReadOnlyDictionary<string, InterfacePlace>> places = await ReadPlacesAsync(
            [.. (endpoints.Value ?? []).SelectMany(endpoint => endpoint.NetworkInterfaceIds)], cancellationToken).ConfigureAwait(false);
        Dictionary<string, VpcFacts> found = [];
        foreach (string id in ids)
        {
            found[id] = new VpcFacts
            {
                DnsSupport = await ReadAttributeAsync(id, VpcAttributeName.EnableDnsSupport, cancellationToken).ConfigureAwait(false),
                DnsHostnames = await ReadAttributeAsync(id, VpcAttributeName.EnableDnsHostnames, cancellationToken).ConfigureAwait(false),
                RouteTables = Those(tables, table => table.VpcId == id),
                NatGateways = gateways.Obstacle is { } obstacle
                    ? obstacle
                    : gateways.Value!.Where(gateway => gateway.VpcId == id)
                        .ToDictionary(gateway => gateway.NatGatewayId!, gateway => gateway.State ?? string.Empty),
                Endpoints = Those(endpoints, endpoint => endpoint.VpcId == id),
                Interfaces = places,
                NetworkAcls = Those(acls, acl => acl.VpcId == id),
            };
        }

        return found;
    }

    /// <summary>A filter by values.</summary>
    public static List<Filter> By(string name, IEnumerable<string> values) => [new Filter { Name = name, Values = [.. values] }];

    /// <summary>A list as a map.</summary>
    public static Reading<IReadOnlyDictionary<string, T>> ById<T>(Reading<List<T>> list, Func<T, string> id)
    {
        if (list.Obstacle is { } obstacle)
        {
            return obstacle;
        }

        Dictionary<string, T> found = [];
        foreach (T item in list.Value!)
        {
            found[id(item)] = item;
        }

        return found;
    }

    private static Reading<IReadOnlyList<T>> Those<T>(Reading<List<T>> all, Predicate<T> choice) =>
        all.Obstacle is { } obstacle ? obstacle : all.Value!.FindAll(choice);

    private async Task<Reading<bool>> ReadAttributeAsync(string vpcId, string attribute, CancellationToken cancellationToken)
    {
        Reading<DescribeVpcAttributeResponse> answer = await asker.AskAsync<DescribeVpcAttributeResponse>(
            "ec2:DescribeVpcAttribute",
            async token => await context.Ec2.DescribeVpcAttributeAsync(
                new DescribeVpcAttributeRequest { VpcId = vpcId, Attribute = attribute }, token).ConfigureAwait(false),
            cancellationToken).ConfigureAwait(false);
        return answer.Obstacle is { } obstacle
            ? obstacle
            : (answer.Value!.EnableDnsSupport ?? answer.Value.EnableDnsHostnames)?.Value == true;
    }

    private async Task<Reading<IReadOnlyDictionary<string, InterfacePlace>>> ReadPlacesAsync(
        IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        Dictionary<string, InterfacePlace> places = [];
        foreach (string[] batch in ids.Chunk(InstanceReader.FilterValues))
        {
            Reading<List<NetworkInterface>> some = await asker.ListAsync(
                "ec2:DescribeNetworkInterfaces",
                token => context.Ec2.DescribeNetworkInterfacesItemsAsync(
                    new DescribeNetworkInterfacesRequest { Filters = By("network-interface-id", batch) }, token),
                cancellationToken).ConfigureAwait(false);
            if (some.Obstacle is { } obstacle)
            {
                return obstacle;
            }

            foreach (NetworkInterface card in some.Value!)
            {
                places[card.NetworkInterfaceId!] = new InterfacePlace(card.PrivateIpAddress ?? string.Empty, card.SubnetId ?? string.Empty);
            }
        }

        return places;
    }
}
