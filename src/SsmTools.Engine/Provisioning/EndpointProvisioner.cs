using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Provisioning;

/// <summary>Adds what is missing of the endpoints that private nodes need to a VPC that is there.</summary>
public sealed class EndpointProvisioner
{
    private readonly AwsContext _context;
    private readonly NetworkReader _reader;
    private readonly TimeProvider _timeProvider;

    /// <summary>Creates the provisioner.</summary>
    /// <param name="context">Credentials, region and endpoints.</param>
    /// <param name="timeProvider">Where time comes from; null for the system's.</param>
    public EndpointProvisioner(AwsContext context, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _reader = new NetworkReader(context);
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <summary>
    /// Compares what is there with what is wanted: endpoints that are missing are made, others get the subnets that they
    /// lack, private DNS and a security group that lets the subnets in on 443. The plan's warnings tell the price; its
    /// result waits until the endpoints serve.
    /// </summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    /// <exception cref="EngineException">
    /// VpcIdInvalid, SubnetIdInvalid, ServiceUnknown, TagInvalid; VpcNotFound, SubnetNotFound, SubnetMismatch,
    /// VpcWithoutSubnets, SecurityGroupNotFound; ServiceNotOffered, ZoneWithoutService; or what the service refused.
    /// </exception>
    public async Task<Plan<IReadOnlyList<EndpointDescription>>> PlanAsync(
        EndpointRequest request,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        NetworkRules.Check(request);
        IReadOnlyList<string> names = EndpointCatalog.Check(request.Services);
        List<Subnet> named = await FindSubnetsAsync(request, cancellationToken).ConfigureAwait(false);
        string vpcId = named.Count > 0 ? named[0].VpcId! : request.VpcId!;
        Vpc vpc = await _reader.FindVpcAsync(vpcId, cancellationToken).ConfigureAwait(false)
            ?? throw NetworkErrors.NoVpc(vpcId, _context.Region);
        List<EndpointService> services = await _reader.ListServicesAsync(names, cancellationToken).ConfigureAwait(false);
        (bool support, bool hostnames) = await _reader.ReadDnsAsync(vpcId, cancellationToken).ConfigureAwait(false);
        EndpointSite site = await ReadSiteAsync(request, vpc, named, services, cancellationToken).ConfigureAwait(false);

        List<PlannedChange> changes = [];
        if (services.Exists(service => !service.IsGateway))
        {
            AddDns(vpcId, support, hostnames, changes);
        }

        EndpointPlanner planner = new(_context, site, _timeProvider);
        planner.Add(services);
        changes.AddRange(planner.Changes);
        return new Plan<IReadOnlyList<EndpointDescription>>(changes, token => ReadAsync(planner.EndpointIds, token))
        {
            Warnings = planner.Warnings,
            Awaited = "the endpoints to serve",
        };
    }

    private void AddDns(string vpcId, bool support, bool hostnames, List<PlannedChange> changes)
    {
        NetworkWriter writer = new(_context, _timeProvider);
        if (!support)
        {
            changes.Add(new PlannedChange(
                vpcId, "Turn on DNS support", token => writer.EnableDnsAsync(vpcId, hostnames: false, token)));
        }

        if (!hostnames)
        {
            changes.Add(new PlannedChange(
                vpcId, "Turn on DNS host names", token => writer.EnableDnsAsync(vpcId, hostnames: true, token)));
        }
    }

    private async Task<List<Subnet>> FindSubnetsAsync(EndpointRequest request, CancellationToken cancellationToken)
    {
        if (request.SubnetIds.Count == 0)
        {
            return [];
        }

        List<Subnet> found = await _reader.ListSubnetsAsync("subnet-id", request.SubnetIds, cancellationToken)
            .ConfigureAwait(false);
        string? missing = request.SubnetIds.FirstOrDefault(id => !found.Exists(subnet => subnet.SubnetId == id));
        if (missing is not null)
        {
            throw NetworkErrors.NoSubnet(missing, _context.Region);
        }

        if (found.Find(subnet => subnet.VpcId != found[0].VpcId) is { } foreign)
        {
            throw NetworkErrors.SeveralVpcs(found[0], foreign);
        }

        return request.VpcId is { } vpcId && found[0].VpcId != vpcId ? throw NetworkErrors.OtherVpc(found[0], vpcId) : found;
    }

    private async Task<EndpointSite> ReadSiteAsync(
        EndpointRequest request,
        Vpc vpc,
        List<Subnet> named,
        List<EndpointService> services,
        CancellationToken cancellationToken)
    {
        string vpcId = vpc.VpcId!;
        List<Subnet> all = await _reader.ListSubnetsAsync("vpc-id", [vpcId], cancellationToken).ConfigureAwait(false);
        List<SecurityGroup> groups = await _reader.ListGroupsAsync(vpcId, cancellationToken).ConfigureAwait(false);
        if (request.SecurityGroupIds.FirstOrDefault(id => !groups.Exists(group => group.GroupId == id)) is { } missing)
        {
            throw NetworkErrors.NoGroup(missing, vpcId);
        }

        List<RouteTable> tables = services.Exists(service => service.IsGateway)
            ? await _reader.ListRouteTablesAsync(vpcId, cancellationToken).ConfigureAwait(false)
            : [];
        SecurityGroup? own = groups.Find(
            group => NetworkReader.TagOf(group.Tags, SsmToolsTag.PartKey) == SsmToolsTag.EndpointsPart);
        string owner = NetworkReader.TagOf(vpc.Tags, SsmToolsTag.Key) ?? vpcId;
        return new EndpointSite
        {
            Owner = owner,
            Vpc = new NetworkPart(NetworkReader.TagOf(vpc.Tags, "Name") ?? vpcId, vpcId),
            Subnets = Places(vpcId, named, all, services),
            Zones = all.ToDictionary(subnet => subnet.SubnetId!, subnet => subnet.AvailabilityZone!),
            Callers = named.Count > 0 ? [.. named.Select(subnet => subnet.CidrBlock!)] : Ranges(vpc),
            OwnGroup = new NetworkPart(own?.GroupName ?? NetworkRules.EndpointGroupName(owner), own?.GroupId) { Found = own },
            GivenGroups = request.SecurityGroupIds,
            RouteTables = [.. Serving(tables, named).Select(table => new NetworkPart(table.RouteTableId!, table.RouteTableId))],
            Existing = await _reader.ListEndpointsAsync(vpcId, cancellationToken).ConfigureAwait(false),
            Groups = groups,
            Interfaces = await ReadInterfacesAsync(vpcId, cancellationToken).ConfigureAwait(false),
            Tags = request.Tags,
        };
    }

    /// <summary>Which groups serve endpoints alone is only known to who may look; without that none does.</summary>
    private async Task<IReadOnlyList<NetworkInterface>?> ReadInterfacesAsync(
        string vpcId,
        CancellationToken cancellationToken)
    {
        try
        {
            return await _reader.ListInterfacesAsync(vpcId, cancellationToken).ConfigureAwait(false);
        }
        catch (EngineException exception) when (exception.Kind == ErrorKind.PermissionDenied)
        {
            return null;
        }
    }

    /// <summary>One subnet of each zone: of those that were named, or of all, ours and private ones first.</summary>
    private static List<SubnetPart> Places(
        string vpcId,
        List<Subnet> named,
        List<Subnet> all,
        List<EndpointService> services)
    {
        bool chosen = named.Count > 0;
        List<SubnetPart> places =
        [
            .. (chosen ? named : all)
                .OrderByDescending(subnet => NetworkReader.IsOurs(subnet.Tags))
                .ThenBy(subnet => subnet.MapPublicIpOnLaunch == true)
                .ThenBy(subnet => subnet.SubnetId, StringComparer.Ordinal)
                .DistinctBy(subnet => subnet.AvailabilityZone)
                .Where(subnet => chosen || services.TrueForAll(service =>
                    service.IsGateway || service.Zones.Count == 0 || service.Zones.Contains(subnet.AvailabilityZone!)))
                .OrderBy(subnet => subnet.AvailabilityZone, StringComparer.Ordinal)
                .Select(subnet => new SubnetPart
                {
                    Id = subnet.SubnetId,
                    Zone = subnet.AvailabilityZone!,
                    Cidr = subnet.CidrBlock!,
                }),
        ];
        return places.Count > 0 ? places : throw NetworkErrors.NoSubnets(vpcId);
    }

    private static IEnumerable<RouteTable> Serving(List<RouteTable> tables, List<Subnet> subnets) => tables.Where(table =>
        subnets.Count == 0
        || table.Associations.Exists(link => subnets.Exists(subnet => subnet.SubnetId == link.SubnetId))
        || (table.Associations.Exists(link => link.Main == true)
            && subnets.Exists(subnet => !tables.Exists(
                other => other.Associations.Exists(link => link.SubnetId == subnet.SubnetId)))));

    private static string[] Ranges(Vpc vpc)
    {
        string[] ranges =
        [
            .. vpc.CidrBlockAssociationSet
                .Where(link => link.CidrBlockState?.State is null or "associated")
                .Select(link => link.CidrBlock!),
        ];
        return ranges.Length > 0 ? ranges : [vpc.CidrBlock!];
    }

    private async Task<IReadOnlyList<EndpointDescription>> ReadAsync(
        IReadOnlyList<string> ids,
        CancellationToken cancellationToken) =>
        [
            .. (await new EndpointWriter(_context, _timeProvider).WaitAsync(ids, cancellationToken).ConfigureAwait(false))
                .Select(NetworkReader.Describe),
        ];
}
