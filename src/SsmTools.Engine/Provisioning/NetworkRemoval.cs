using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Provisioning;

/// <summary>
/// The way back from a network: endpoints, subnets, route tables, security groups, and the VPC last, since it carries the
/// name by which a run that was killed is taken up again. EC2 refuses most other orders with DependencyViolation.
/// </summary>
internal sealed class NetworkRemoval(AwsContext context, TimeProvider timeProvider)
{
    private readonly NetworkReader _reader = new(context);
    private readonly NetworkEraser _eraser = new(context, timeProvider);
    private readonly List<PlannedChange> _changes = [];
    private readonly List<string> _warnings = [];

    /// <summary>Works out the changes.</summary>
    public async Task<Plan<SsmNetworkDescription>> PlanAsync(
        string nameOrVpcId,
        bool force,
        CancellationToken cancellationToken)
    {
        List<Vpc> found = await FindAsync(nameOrVpcId, cancellationToken).ConfigureAwait(false);
        SsmNetworkDescription removed = new() { Name = nameOrVpcId };
        foreach (Vpc vpc in found)
        {
            NetworkContents there = await NetworkContents.OfAsync(context, vpc, cancellationToken).ConfigureAwait(false);
            string name = NetworkReader.TagOf(vpc.Tags, "Name") ?? there.VpcId;
            if (force || NetworkReader.IsOurs(vpc.Tags))
            {
                AddAll(name, there, force);
                removed = Describe(name, there, removed);
            }
            else
            {
                removed = AddOurs(name, there);
            }
        }

        if (found.Count == 0)
        {
            _warnings.Add($"There is no network {nameOrVpcId}: nothing to remove.");
        }

        return new Plan<SsmNetworkDescription>(_changes, _ => Task.FromResult(removed)) { Warnings = _warnings };
    }

    private async Task<List<Vpc>> FindAsync(string nameOrVpcId, CancellationToken cancellationToken)
    {
        if (NetworkRules.IsVpcId(nameOrVpcId))
        {
            return await _reader.FindVpcAsync(nameOrVpcId, cancellationToken).ConfigureAwait(false) is { } vpc ? [vpc] : [];
        }

        List<Vpc> named = await _reader.FindByNameAsync(nameOrVpcId, cancellationToken).ConfigureAwait(false);
        List<Vpc> ours = named.FindAll(vpc => NetworkReader.IsOurs(vpc.Tags));
        if (ours.Count == 0 && named.Count > 1)
        {
            throw NetworkErrors.Ambiguous(nameOrVpcId, named);
        }

        VpcChoice choice = await VpcChoice.MakeAsync(_reader, [.. ours], cancellationToken).ConfigureAwait(false);
        return choice.Others.Count > 0 ? throw NetworkErrors.Ambiguous(nameOrVpcId, ours)
            : ours.Count > 0 ? ours
            : named;
    }

    private void AddAll(string name, NetworkContents there, bool force)
    {
        if (there.Vpc.IsDefault == true)
        {
            throw NetworkErrors.IsDefault(there.VpcId);
        }

        RequireNobody(name, there);
        if (!force && there.ForeignParts() is { Count: > 0 } foreign)
        {
            throw NetworkErrors.ForeignParts(name, there.VpcId, foreign);
        }

        AddEndpoints(name, there.Endpoints);
        foreach (Subnet subnet in there.Subnets)
        {
            Change(
                $"subnet {subnet.SubnetId} ({subnet.CidrBlock} in {subnet.AvailabilityZone})",
                "Delete the subnet",
                token => _eraser.DeleteSubnetAsync(subnet.SubnetId!, token));
        }

        foreach (string id in there.RouteTables.Select(table => table.RouteTableId!))
        {
            Change($"route table {id}", "Delete the route table", token => _eraser.DeleteRouteTableAsync(id, token));
        }

        AddGroups(there.Groups);
        foreach (string id in there.Gateways.Select(gateway => gateway.InternetGatewayId!))
        {
            Change(
                $"internet gateway {id}",
                "Detach and delete the internet gateway",
                token => _eraser.DeleteGatewayAsync(id, there.VpcId, token));
        }

        Change($"network {name} ({there.VpcId})", "Delete the VPC", token => _eraser.DeleteVpcAsync(there.VpcId, token));
    }

    /// <summary>Takes away what New-SsmVpcEndpoint added to a VPC that was there before.</summary>
    private SsmNetworkDescription AddOurs(string name, NetworkContents there)
    {
        VpcEndpoint[] endpoints = [.. there.Endpoints.Where(endpoint => NetworkReader.IsOurs(endpoint.Tags))];
        SecurityGroup[] groups = [.. there.Groups.Where(group => NetworkReader.IsOurs(group.Tags))];
        if (endpoints.Length + groups.Length == 0)
        {
            throw NetworkErrors.NotManaged(name, there.VpcId);
        }

        if (endpoints.Length > 0 && there.Instances.Count > 0)
        {
            throw NetworkErrors.InUse(
                name,
                there.VpcId,
                Users(there.Instances),
                "Terminate them first, or delete the endpoints one by one, where the instances have another way out.");
        }

        _warnings.Add($"{there.VpcId} ({name}) was there before SsmTools and is kept; only what was added to it is removed.");
        AddEndpoints(name, endpoints);
        AddReleases([.. there.Endpoints.Except(endpoints)], groups);
        AddGroups(groups);
        return new SsmNetworkDescription
        {
            Name = name,
            VpcId = there.VpcId,
            Cidr = there.Vpc.CidrBlock ?? string.Empty,
            EndpointSecurityGroupId = groups.FirstOrDefault()?.GroupId ?? string.Empty,
            EndpointIds = [.. endpoints.Select(endpoint => endpoint.VpcEndpointId!)],
        };
    }

    private static void RequireNobody(string name, NetworkContents there)
    {
        if (there.Instances.Count > 0)
        {
            string first = there.Instances[0].InstanceId!;
            throw NetworkErrors.InUse(
                name,
                there.VpcId,
                Users(there.Instances),
                $"Terminate first: Remove-SsmInstance {first}{(there.Instances.Count > 1 ? ", …" : string.Empty)}");
        }

        if (there.ForeignInterfaces() is { Count: > 0 } cards)
        {
            throw NetworkErrors.InUse(
                name,
                there.VpcId,
                RoleErrors.Some([.. cards.Select(card => string.IsNullOrEmpty(card.Description)
                    ? $"interface {card.NetworkInterfaceId}"
                    : $"interface {card.NetworkInterfaceId} ({card.Description})")]),
                "Delete what they belong to first; nothing of that is deleted here, not even with -Force.");
        }
    }

    private void AddEndpoints(string name, IReadOnlyList<VpcEndpoint> endpoints)
    {
        if (endpoints.Count == 0)
        {
            return;
        }

        string[] ids = [.. endpoints.Select(endpoint => endpoint.VpcEndpointId!)];
        string services = string.Join(", ", endpoints.Select(
            endpoint => $"{endpoint.VpcEndpointId} ({NetworkReader.ShortName(endpoint.ServiceName ?? string.Empty)})"));
        Change(
            $"network {name}: {services}",
            ids.Length == 1 ? "Delete the endpoint" : $"Delete {ids.Length} endpoints",
            token => new EndpointWriter(context, timeProvider).DeleteAsync(ids, token));
    }

    /// <summary>An endpoint that was there before, and got our group beside its own, gives it back.</summary>
    private void AddReleases(IReadOnlyList<VpcEndpoint> endpoints, IReadOnlyList<SecurityGroup> groups)
    {
        foreach (VpcEndpoint endpoint in endpoints)
        {
            string[] ours =
            [
                .. endpoint.Groups.Select(group => group.GroupId!).Where(id => groups.Any(group => group.GroupId == id)),
            ];
            if (ours.Length > 0 && ours.Length < endpoint.Groups.Count)
            {
                Change(
                    $"endpoint {endpoint.VpcEndpointId}",
                    $"Take off security group {string.Join(", ", ours)}",
                    token => new EndpointWriter(context, timeProvider).ModifyAsync(
                        new ModifyVpcEndpointRequest
                        {
                            VpcEndpointId = endpoint.VpcEndpointId,
                            RemoveSecurityGroupIds = [.. ours],
                        },
                        token));
            }
        }
    }

    private void AddGroups(IReadOnlyList<SecurityGroup> groups)
    {
        foreach (SecurityGroup group in groups.Where(group =>
            NetworkEraser.References([.. group.IpPermissions, .. group.IpPermissionsEgress]).Count > 0))
        {
            Change(
                $"security group {group.GroupId} ({group.GroupName})",
                "Take away the rules that name other groups",
                token => _eraser.RevokeReferencesAsync(group, token));
        }

        foreach (SecurityGroup group in groups)
        {
            Change(
                $"security group {group.GroupId} ({group.GroupName})",
                "Delete the security group",
                token => _eraser.DeleteGroupAsync(group.GroupId!, token));
        }
    }

    private static SsmNetworkDescription Describe(string name, NetworkContents there, SsmNetworkDescription before)
    {
        // Of several with one name, the one with subnets says more than those that were left empty.
        if (before.SubnetIds.Count > there.Subnets.Count)
        {
            return before;
        }

        Subnet[] subnets = [.. there.Subnets.OrderBy(subnet => subnet.AvailabilityZone, StringComparer.Ordinal)];
        return new SsmNetworkDescription
        {
            Name = name,
            VpcId = there.VpcId,
            Cidr = there.Vpc.CidrBlock ?? string.Empty,
            SubnetIds = [.. subnets.Select(subnet => subnet.SubnetId!)],
            AvailabilityZones = [.. subnets.Select(subnet => subnet.AvailabilityZone!)],
            SecurityGroupId = Group(SsmToolsTag.InstancesPart),
            EndpointSecurityGroupId = Group(SsmToolsTag.EndpointsPart),
            EndpointIds = [.. there.Endpoints.Select(endpoint => endpoint.VpcEndpointId!)],
        };

        string Group(string part) => there.Groups.FirstOrDefault(
            group => NetworkReader.TagOf(group.Tags, SsmToolsTag.PartKey) == part)?.GroupId ?? string.Empty;
    }

    private static string Users(IReadOnlyList<Instance> instances) =>
        (instances.Count == 1 ? "the instance " : $"{instances.Count} instances: ")
        + RoleErrors.Some([.. instances.Select(InstanceReader.Label)]);

    private void Change(string target, string action, Func<CancellationToken, Task> apply) =>
        _changes.Add(new PlannedChange(target, action, apply));
}
