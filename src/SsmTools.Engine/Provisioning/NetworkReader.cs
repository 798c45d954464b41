using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Provisioning;

/// <summary>Reads networks from EC2.</summary>
internal sealed class NetworkReader(AwsContext context)
{
    /// <summary>The VPCs that carry a value in their Name tag.</summary>
    public async Task<List<Vpc>> FindByNameAsync(string name, CancellationToken cancellationToken)
    {
        DescribeVpcsRequest request = new()
        {
            Filters = [new Filter { Name = "tag:Name", Values = [FilterText.Literal(name)] }],
        };
        List<Vpc> vpcs = await ServiceCall.ListAsync(
            token => context.Ec2.DescribeVpcsItemsAsync(request, token), name, cancellationToken).ConfigureAwait(false);
        return vpcs.FindAll(vpc => TagOf(vpc.Tags, "Name") == name);
    }

    /// <summary>The VPC; null where there is none.</summary>
    public async Task<Vpc?> FindVpcAsync(string id, CancellationToken cancellationToken) =>
        (await ServiceCall.ListAsync(
            token => context.Ec2.DescribeVpcsItemsAsync(
                new DescribeVpcsRequest { Filters = [new Filter { Name = "vpc-id", Values = [id] }] }, token),
            id,
            cancellationToken).ConfigureAwait(false)).FirstOrDefault();

    /// <summary>Whether names resolve (DNS support), and whether private ones may (DNS host names).</summary>
    public async Task<(bool Support, bool Hostnames)> ReadDnsAsync(string vpcId, CancellationToken cancellationToken)
    {
        DescribeVpcAttributeResponse support = await AttributeAsync("enableDnsSupport").ConfigureAwait(false);
        DescribeVpcAttributeResponse hostnames = await AttributeAsync("enableDnsHostnames").ConfigureAwait(false);
        return (support.EnableDnsSupport?.Value == true, hostnames.EnableDnsHostnames?.Value == true);

        Task<DescribeVpcAttributeResponse> AttributeAsync(string attribute) => ServiceCall.RunAsync(
            token => context.Ec2.DescribeVpcAttributeAsync(
                new DescribeVpcAttributeRequest { VpcId = vpcId, Attribute = attribute }, token),
            vpcId,
            cancellationToken);
    }

    /// <summary>Subnets of a VPC, or by their ids.</summary>
    public Task<List<Subnet>> ListSubnetsAsync(string filter, IEnumerable<string> values, CancellationToken cancellationToken)
    {
        DescribeSubnetsRequest request = new() { Filters = [new Filter { Name = filter, Values = [.. values] }] };
        return ServiceCall.ListAsync(
            token => context.Ec2.DescribeSubnetsItemsAsync(request, token), request.Filters[0].Values[0], cancellationToken);
    }

    /// <summary>A VPC's route tables.</summary>
    public Task<List<RouteTable>> ListRouteTablesAsync(string vpcId, CancellationToken cancellationToken)
    {
        DescribeRouteTablesRequest request = new() { Filters = [OfVpc(vpcId)] };
        return ServiceCall.ListAsync(
            token => context.Ec2.DescribeRouteTablesItemsAsync(request, token), vpcId, cancellationToken);
    }

    /// <summary>A VPC's security groups.</summary>
    public Task<List<SecurityGroup>> ListGroupsAsync(string vpcId, CancellationToken cancellationToken)
    {
        DescribeSecurityGroupsRequest request = new() { Filters = [OfVpc(vpcId)] };
        return ServiceCall.ListAsync(
            token => context.Ec2.DescribeSecurityGroupsItemsAsync(request, token), vpcId, cancellationToken);
    }

    /// <summary>A VPC's network interfaces.</summary>
    public Task<List<NetworkInterface>> ListInterfacesAsync(string vpcId, CancellationToken cancellationToken)
    {
        DescribeNetworkInterfacesRequest request = new() { Filters = [OfVpc(vpcId)] };
        return ServiceCall.ListAsync(
            token => context.Ec2.DescribeNetworkInterfacesItemsAsync(request, token), vpcId, cancellationToken);
    }

    /// <summary>A VPC's endpoints, those that are on their way out as well.</summary>
    public Task<List<VpcEndpoint>> ListEndpointsAsync(string vpcId, CancellationToken cancellationToken) =>
        ListEndpointsAsync(OfVpc(vpcId), cancellationToken);

    /// <summary>Those of the endpoints that EC2 lists.</summary>
    public Task<List<VpcEndpoint>> FindEndpointsAsync(IEnumerable<string> ids, CancellationToken cancellationToken) =>
        ListEndpointsAsync(new Filter { Name = "vpc-endpoint-id", Values = [.. ids] }, cancellationToken);

    /// <summary>The zones that a subnet can be made in.</summary>
    public async Task<List<string>> ListZonesAsync(CancellationToken cancellationToken)
    {
        DescribeAvailabilityZonesRequest request = new()
        {
            Filters =
            [
                new Filter { Name = "state", Values = ["available"] },
                new Filter { Name = "zone-type", Values = ["availability-zone"] },
            ],
        };
        DescribeAvailabilityZonesResponse response = await ServiceCall.RunAsync(
            token => context.Ec2.DescribeAvailabilityZonesAsync(request, token), context.Region, cancellationToken)
            .ConfigureAwait(false);
        return [.. response.AvailabilityZones.Select(zone => zone.ZoneName!).Order(StringComparer.Ordinal)];
    }

    /// <summary>The services as the region offers them, in the order asked for.</summary>
    /// <exception cref="EngineException">ServiceNotOffered.</exception>
    public async Task<List<EndpointService>> ListServicesAsync(
        IReadOnlyList<string> names,
        CancellationToken cancellationToken)
    {
        // China's names begin in another way for some services; a filter takes names that do not exist.
        string[] prefixes = [$"com.amazonaws.{context.Region}.", $"cn.com.amazonaws.{context.Region}."];
        DescribeVpcEndpointServicesRequest request = new()
        {
            Filters =
            [
                new Filter { Name = "service-name", Values = [.. names.SelectMany(name => prefixes, (name, head) => head + name)] },
            ],
        };
        List<ServiceDetail> offered = await ServiceCall.ListAsync(
            token => context.Ec2.DescribeVpcEndpointServicesItemsAsync(request, token), context.Region, cancellationToken)
            .ConfigureAwait(false);
        return [.. names.Select(Find)];

        EndpointService Find(string name)
        {
            string kind = EndpointCatalog.IsGateway(name) ? VpcEndpointType.Gateway : VpcEndpointType.Interface;
            ServiceDetail detail = offered.Find(service =>
                ShortName(service.ServiceName!) == name && service.ServiceType.Exists(type => type.ServiceType == kind))
                ?? throw NetworkErrors.NotOffered(name, context.Region);
            return new EndpointService(name, detail.ServiceName!, detail.AvailabilityZones);
        }
    }

    /// <summary>The last part of a service's whole name.</summary>
    public static string ShortName(string serviceName) => serviceName[(serviceName.LastIndexOf('.') + 1)..];

    /// <summary>The value of a tag; null where it is not there.</summary>
    public static string? TagOf(List<Tag> tags, string key) => tags.Find(tag => tag.Key == key)?.Value;

    /// <summary>Whether SsmTools made it.</summary>
    public static bool IsOurs(List<Tag> tags) => TagOf(tags, SsmToolsTag.Key) is not null;

    /// <summary>Whether an endpoint serves, or will.</summary>
    public static bool IsAlive(VpcEndpoint endpoint) =>
        Is(endpoint, State.Available) || Is(endpoint, State.Pending) || Is(endpoint, State.PendingAcceptance)
        || Is(endpoint, State.Partial);

    /// <summary>Whether an endpoint is in a state; EC2 writes them in small letters, its model does not.</summary>
    public static bool Is(VpcEndpoint endpoint, string state) =>
        string.Equals(endpoint.State, state, StringComparison.OrdinalIgnoreCase);

    /// <summary>What users see of an endpoint.</summary>
    public static EndpointDescription Describe(VpcEndpoint endpoint) => new()
    {
        EndpointId = endpoint.VpcEndpointId!,
        Service = ShortName(endpoint.ServiceName ?? string.Empty),
        ServiceName = endpoint.ServiceName ?? string.Empty,
        Kind = endpoint.VpcEndpointType ?? string.Empty,
        State = endpoint.State?.ToLowerInvariant() ?? string.Empty,
        VpcId = endpoint.VpcId ?? string.Empty,
        SubnetIds = endpoint.SubnetIds,
        SecurityGroupIds = [.. endpoint.Groups.Select(group => group.GroupId!)],
        PrivateDns = endpoint.PrivateDnsEnabled == true,
    };

    private static Filter OfVpc(string vpcId) => new() { Name = "vpc-id", Values = [vpcId] };

    private Task<List<VpcEndpoint>> ListEndpointsAsync(Filter filter, CancellationToken cancellationToken)
    {
        DescribeVpcEndpointsRequest request = new() { Filters = [filter] };
        return ServiceCall.ListAsync(
            token => context.Ec2.DescribeVpcEndpointsItemsAsync(request, token), filter.Values[0], cancellationToken);
    }
}
