using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Survey;

/// <summary>The networks that nodes stand in: each subnet and VPC is read once, however many nodes are in it.</summary>
internal sealed class NetworkSurvey
{
    private readonly Shelf<Subnet> _subnets;
    private readonly Shelf<VpcFacts> _vpcs;
    private readonly Shelf<SecurityGroup> _groups;
    private readonly NetworkQueries _reader;

    /// <summary>Nothing is read yet.</summary>
    public NetworkSurvey(AwsContext context, Asker asker)
    {
        _reader = new NetworkQueries(context, asker);
        _subnets = new Shelf<Subnet>(InstanceReader.FilterValues, _reader.ReadSubnetsAsync);
        _vpcs = new Shelf<VpcFacts>(InstanceReader.FilterValues, _reader.ReadVpcsAsync);
        _groups = new Shelf<SecurityGroup>(InstanceReader.FilterValues, _reader.ReadGroupsAsync);
    }

    /// <summary>Reads what these instances need and was not read before.</summary>
    public async Task ReadAsync(IReadOnlyList<Instance> instances, CancellationToken cancellationToken)
    {
        await _vpcs.FillAsync(instances.Select(instance => instance.VpcId), cancellationToken).ConfigureAwait(false);
        IEnumerable<VpcEndpoint> endpoints = instances.Select(instance => instance.VpcId).Distinct()
            .SelectMany(id => _vpcs.Get(id).Value?.Endpoints.Value ?? []);
        await _subnets.FillAsync(
            instances.Select(instance => instance.SubnetId).Concat(endpoints.SelectMany(endpoint => endpoint.SubnetIds)),
            cancellationToken).ConfigureAwait(false);
        await _groups.FillAsync(
            instances.SelectMany(instance => instance.SecurityGroups).Select(group => group.GroupId)
                .Concat(endpoints.SelectMany(endpoint => endpoint.Groups).Select(group => group.GroupId)),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The subnet.</summary>
    public Reading<Subnet> Subnet(string? id) => _subnets.Get(id);

    /// <summary>The VPC; what is in it is unknown where it was not read.</summary>
    public VpcFacts? Vpc(string? id) => _vpcs.Get(id).Value;

    /// <summary>The zones of the subnets that a VPC's endpoints have interfaces in.</summary>
    public Reading<IReadOnlyDictionary<string, string>> Zones(VpcFacts vpc)
    {
        Dictionary<string, string> zones = [];
        foreach (string id in (vpc.Endpoints.Value ?? []).SelectMany(endpoint => endpoint.SubnetIds))
        {
            if (_subnets.Get(id).Value?.AvailabilityZone is { } zone)
            {
                zones[id] = zone;
            }
        }

        return zones;
    }

    /// <summary>The groups of an instance and of its VPC's endpoints. One that is not to be had hides them all.</summary>
    public Reading<IReadOnlyDictionary<string, SecurityGroup>> Groups(Instance instance)
    {
        Dictionary<string, SecurityGroup> found = [];
        IEnumerable<string?> ids = instance.SecurityGroups.Select(group => group.GroupId)
            .Concat((Vpc(instance.VpcId)?.Endpoints.Value ?? []).SelectMany(endpoint => endpoint.Groups).Select(group => group.GroupId));
        foreach (string id in ids.OfType<string>())
        {
            Reading<SecurityGroup> group = _groups.Get(id);
            if (group.Obstacle is { } obstacle)
            {
                return obstacle;
            }

            if (group.Value is { } there)
            {
                found[id] = there;
            }
        }

        return new Reading<IReadOnlyDictionary<string, SecurityGroup>>(found);
    }
}
