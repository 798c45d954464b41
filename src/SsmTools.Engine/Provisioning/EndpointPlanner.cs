using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Provisioning;

/// <summary>Works out what is missing of endpoints in a place: for VPCs that are there, and for those that are made.</summary>
internal sealed class EndpointPlanner(AwsContext context, EndpointSite site, TimeProvider timeProvider)
{
    private readonly EndpointWriter _writer = new(context, timeProvider);
    private readonly List<string> _ids = [];
    private readonly Dictionary<string, int> _interfacesByZone = [];
    private readonly HashSet<(NetworkPart Group, string Cidr)> _admitted = [];
    private bool _ownGroupIsPlanned;

    /// <summary>The changes, in order.</summary>
    public List<PlannedChange> Changes { get; } = [];

    /// <summary>What the user should know before, prices first.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>The endpoints that serve: those that did before, and those that the changes made so far.</summary>
    public IReadOnlyList<string> EndpointIds => _ids;

    /// <summary>Adds what is missing of each service.</summary>
    /// <exception cref="EngineException">ZoneWithoutService.</exception>
    public void Add(IReadOnlyList<EndpointService> services)
    {
        foreach (EndpointService service in services)
        {
            VpcEndpoint? found = site.Existing
                .Where(endpoint => NetworkReader.IsAlive(endpoint)
                    && NetworkReader.ShortName(endpoint.ServiceName ?? string.Empty) == service.Name
                    && endpoint.VpcEndpointType == (service.IsGateway ? VpcEndpointType.Gateway : VpcEndpointType.Interface))
                .OrderByDescending(endpoint => endpoint.PrivateDnsEnabled == true)
                .ThenByDescending(endpoint => NetworkReader.IsOurs(endpoint.Tags))
                .ThenBy(endpoint => endpoint.VpcEndpointId, StringComparer.Ordinal)
                .FirstOrDefault();
            if (found is not null)
            {
                _ids.Add(found.VpcEndpointId!);
            }

            if (service.IsGateway)
            {
                AddGateway(service, found);
            }
            else
            {
                AddInterface(service, found);
            }
        }

        if (EndpointPrice.Words(_interfacesByZone, context.Region) is { } price)
        {
            Warnings.Insert(0, price);
        }
    }

    private void AddGateway(EndpointService service, VpcEndpoint? found)
    {
        List<NetworkPart> missing =
            [.. site.RouteTables.Where(table => table.Id is null || found?.RouteTableIds.Contains(table.Id) != true)];
        if (found is null)
        {
            Change(
                Target(service, null),
                $"Create the gateway endpoint {service.FullName}, without charge, in {Count(missing.Count, "route table")}",
                token => CreateAsync(service, [], [], missing, token));
        }
        else if (missing.Count > 0)
        {
            Change(
                Target(service, found),
                $"Enter the gateway into {string.Join(", ", missing)}",
                token => _writer.ModifyAsync(
                    new ModifyVpcEndpointRequest
                    {
                        VpcEndpointId = found.VpcEndpointId,
                        AddRouteTableIds = [.. missing.Select(table => table.RequiredId)],
                    },
                    token));
        }
    }

    private void AddInterface(EndpointService service, VpcEndpoint? found)
    {
        List<SubnetPart> subnets = Places(service, found);
        if (found is null)
        {
            List<NetworkPart> groups = [.. site.GivenGroups.Select(id => new NetworkPart(id, id))];
            if (groups.Count == 0)
            {
                RequireOwnGroup();
                groups.Add(site.OwnGroup);
            }
            else
            {
                OpenGroups(service, null, site.GivenGroups);
            }

            Change(
                Target(service, null),
                $"Create the interface endpoint {service.FullName} with private DNS in {Zones(subnets)},"
                    + $" about {EndpointPrice.Month(subnets.Count)}",
                token => CreateAsync(service, subnets, groups, [], token));
            return;
        }

        OpenGroups(service, found, [.. found.Groups.Select(group => group.GroupId!)]);
        if (found.PrivateDnsEnabled != true)
        {
            Change(
                Target(service, found),
                "Turn on private DNS",
                token => _writer.ModifyAsync(
                    new ModifyVpcEndpointRequest { VpcEndpointId = found.VpcEndpointId, PrivateDnsEnabled = true }, token));
        }

        if (subnets.Count > 0)
        {
            Change(
                Target(service, found),
                $"Add an interface in {Zones(subnets)}, about {EndpointPrice.Month(subnets.Count)}",
                token => _writer.ModifyAsync(
                    new ModifyVpcEndpointRequest
                    {
                        VpcEndpointId = found.VpcEndpointId,
                        AddSubnetIds = [.. subnets.Select(subnet => subnet.Id!)],
                    },
                    token));
        }
    }

    /// <summary>The subnets that a service still needs an interface in; an endpoint takes one of each zone.</summary>
    private List<SubnetPart> Places(EndpointService service, VpcEndpoint? found)
    {
        List<SubnetPart> able =
            [.. site.Subnets.Where(subnet => service.Zones.Count == 0 || service.Zones.Contains(subnet.Zone))];
        if (able.Count == 0 && found is null)
        {
            throw NetworkErrors.ZoneWithoutService(site.Subnets[0].Zone, service.Name, service.Zones);
        }

        Warnings.AddRange(site.Subnets.Except(able).Select(subnet =>
            $"{service.Name} has no endpoints in {subnet.Zone}: nodes there use those of other zones."));
        HashSet<string> taken = found is null
            ? []
            : [.. found.SubnetIds.Select(id => site.Zones.GetValueOrDefault(id, id))];
        able.RemoveAll(subnet => taken.Contains(subnet.Zone));
        foreach (SubnetPart subnet in able)
        {
            _interfacesByZone[subnet.Zone] = _interfacesByZone.GetValueOrDefault(subnet.Zone) + 1;
        }

        return able;
    }

    /// <summary>
    /// Lets the callers in. A group that other things than endpoints have too is never opened: the endpoint gets ours
    /// beside it instead.
    /// </summary>
    private void OpenGroups(EndpointService service, VpcEndpoint? endpoint, IReadOnlyList<string> groupIds)
    {
        List<SecurityGroup> groups = [.. site.Groups.Where(group => groupIds.Contains(group.GroupId!))];
        List<string> shut = [.. site.Callers.Where(caller =>
            !groups.Exists(group => SecurityRuleSet.CoversHttps(group.IpPermissions, caller)))];
        if (shut.Count == 0)
        {
            return;
        }

        SecurityGroup? open = groups.Find(group => group.GroupId == site.OwnGroup.Id) ?? groups.Find(IsForEndpointsAlone);
        if (open is not null)
        {
            NetworkPart part = open.GroupId == site.OwnGroup.Id ? site.OwnGroup : Part(open);
            shut.ForEach(caller => Admit(part, caller));
        }
        else if (endpoint is not null)
        {
            RequireOwnGroup();
            Change(
                Target(service, endpoint),
                $"Add security group {site.OwnGroup}",
                token => _writer.ModifyAsync(
                    new ModifyVpcEndpointRequest
                    {
                        VpcEndpointId = endpoint.VpcEndpointId,
                        AddSecurityGroupIds = [site.OwnGroup.RequiredId],
                    },
                    token));
        }
        else
        {
            // The user chose the groups of a new endpoint; whom else they let in is the user's to say.
            string closed = $"The security groups {string.Join(", ", groupIds)} do not let {string.Join(", ", shut)} in on 443.";
            Warnings.AddRange(Warnings.Contains(closed) ? [] : [closed]);
        }
    }

    private void RequireOwnGroup()
    {
        if (_ownGroupIsPlanned)
        {
            return;
        }

        _ownGroupIsPlanned = true;
        NetworkPart group = site.OwnGroup;
        if (group.Id is null)
        {
            TagSpecification tags = NetworkWriter.Tags(
                "security-group", group.Name, site.Owner, site.Tags, SsmToolsTag.EndpointsPart);
            Change(
                $"security group {group.Name}",
                "Create the security group of the endpoints",
                token => new NetworkWriter(context, timeProvider).CreateGroupAsync(
                    group, site.Vpc.RequiredId, "VPC endpoints: HTTPS from those they serve", tags, token));
        }

        foreach (string caller in site.Callers.Where(
            caller => group.Found is null || !SecurityRuleSet.CoversHttps(group.Found.IpPermissions, caller)))
        {
            Admit(group, caller);
        }
    }

    private void Admit(NetworkPart group, string caller)
    {
        if (_admitted.Add((group, caller)))
        {
            Change(
                $"security group {group}",
                $"Let {caller} in on port {SecurityRuleSet.Https}",
                token => _writer.AdmitAsync(group.RequiredId, caller, token));
        }
    }

    private NetworkPart Part(SecurityGroup group) =>
        _admitted.Select(rule => rule.Group).FirstOrDefault(part => part.Id == group.GroupId)
        ?? new NetworkPart(group.GroupName ?? group.GroupId!, group.GroupId);

    private bool IsForEndpointsAlone(SecurityGroup group) =>
        group.GroupName != "default"
        && site.Interfaces is { } cards
        && cards
            .Where(card => card.Groups.Exists(one => one.GroupId == group.GroupId))
            .All(card => card.InterfaceType == NetworkInterfaceType.VpcEndpoint);

    private async Task CreateAsync(
        EndpointService service,
        List<SubnetPart> subnets,
        List<NetworkPart> groups,
        List<NetworkPart> tables,
        CancellationToken cancellationToken)
    {
        string name = $"{site.Owner}-{service.Name}";
        string id = await _writer.CreateAsync(
            new CreateVpcEndpointRequest
            {
                VpcId = site.Vpc.RequiredId,
                ServiceName = service.FullName,
                VpcEndpointType = service.IsGateway ? VpcEndpointType.Gateway : VpcEndpointType.Interface,
                PrivateDnsEnabled = service.IsGateway ? null : true,
                SubnetIds = [.. subnets.Select(subnet => subnet.Id!)],
                SecurityGroupIds = [.. groups.Select(group => group.RequiredId)],
                RouteTableIds = [.. tables.Select(table => table.RequiredId)],
                TagSpecifications = [NetworkWriter.Tags("vpc-endpoint", name, site.Owner, site.Tags)],
            },
            cancellationToken).ConfigureAwait(false);
        if (!_ids.Contains(id))
        {
            _ids.Add(id);
        }
    }

    private void Change(string target, string action, Func<CancellationToken, Task> apply) =>
        Changes.Add(new PlannedChange(target, action, apply));

    private string Target(EndpointService service, VpcEndpoint? found) =>
        found is null ? $"{service.Name} in {site.Vpc}" : $"endpoint {found.VpcEndpointId} ({service.Name})";

    private static string Zones(IEnumerable<SubnetPart> subnets) => string.Join(", ", subnets.Select(subnet => subnet.Zone));

    private static string Count(int count, string what) => count == 1 ? $"a {what}" : $"{count} {what}s";
}
