using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Provisioning;

/// <summary>
/// The changes that make a network whole, in the order in which they build on each other. The VPC comes first and carries
/// the name, so that a run that was killed anywhere finds all it made.
/// </summary>
internal sealed class NetworkPlanner
{
    private readonly AwsContext _context;
    private readonly TimeProvider _timeProvider;
    private readonly NetworkWriter _writer;
    private readonly NetworkRequest _request;
    private readonly NetworkSurvey _there;
    private readonly IReadOnlyList<SubnetPart> _subnets;
    private readonly string _cidr;
    private readonly NetworkPart _vpc;
    private readonly NetworkPart _table;
    private readonly NetworkPart _instances;
    private readonly NetworkPart _endpoints;
    private EndpointPlanner? _planner;

    public NetworkPlanner(
        AwsContext context,
        TimeProvider timeProvider,
        NetworkRequest request,
        NetworkSurvey there,
        IReadOnlyList<SubnetPart> subnets)
    {
        _context = context;
        _timeProvider = timeProvider;
        _writer = new NetworkWriter(context, timeProvider);
        _request = request;
        _there = there;
        _subnets = subnets;
        _cidr = there.Vpc?.CidrBlock ?? request.Cidr ?? NetworkRequest.DefaultCidr;
        _vpc = new NetworkPart(request.Name, there.Vpc?.VpcId);
        _table = new NetworkPart($"{request.Name}-isolated", there.FindRouteTable()?.RouteTableId);
        _instances = Group(SsmToolsTag.InstancesPart, NetworkRules.InstanceGroupName(request.Name));
        _endpoints = Group(SsmToolsTag.EndpointsPart, NetworkRules.EndpointGroupName(request.Name));
    }

    /// <summary>The changes, in order.</summary>
    public List<PlannedChange> Changes { get; } = [];

    /// <summary>What the user should know before, prices first.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Adds what is missing.</summary>
    public void Add(IReadOnlyList<EndpointService> services, IReadOnlyList<Vpc> leftOver)
    {
        foreach (string id in leftOver.Select(vpc => vpc.VpcId!))
        {
            Change(
                $"{id} ({_request.Name})",
                "Delete the empty VPC that an interrupted run left",
                token => _writer.DeleteVpcAsync(id, token));
        }

        AddVpc();
        AddSubnets();
        AddInstanceGroup();
        EndpointSite site = new()
        {
            Owner = _request.Name,
            Vpc = _vpc,
            Subnets = _subnets,
            Zones = _there.Subnets.ToDictionary(subnet => subnet.SubnetId!, subnet => subnet.AvailabilityZone!),
            Callers = [_cidr],
            OwnGroup = _endpoints,
            RouteTables = [_table],
            Existing = _there.Endpoints,
            Groups = _there.Groups,
            Tags = _request.Tags,
        };
        _planner = new EndpointPlanner(_context, site, _timeProvider);
        _planner.Add(services);
        Changes.AddRange(_planner.Changes);
        Warnings.InsertRange(0, _planner.Warnings);
    }

    /// <summary>What there is when every change was made and the endpoints serve.</summary>
    public async Task<SsmNetworkDescription> ReadAsync(CancellationToken cancellationToken)
    {
        List<VpcEndpoint> endpoints = await new EndpointWriter(_context, _timeProvider)
            .WaitAsync(_planner!.EndpointIds, cancellationToken).ConfigureAwait(false);
        return new SsmNetworkDescription
        {
            Name = _request.Name,
            VpcId = _vpc.Id ?? string.Empty,
            Cidr = _cidr,
            SubnetIds = [.. _subnets.Select(subnet => subnet.Id!)],
            AvailabilityZones = [.. _subnets.Select(subnet => subnet.Zone)],
            SecurityGroupId = _instances.Id ?? string.Empty,
            EndpointSecurityGroupId = _endpoints.Id ?? string.Empty,
            EndpointIds = [.. endpoints.Select(endpoint => endpoint.VpcEndpointId!)],
        };
    }

    private void AddVpc()
    {
        if (_vpc.Id is null)
        {
            TagSpecification tags = Tags("vpc", _request.Name);
            Change(
                $"network {_request.Name}",
                $"Create the VPC, {_cidr}",
                token => _writer.CreateVpcAsync(_vpc, _cidr, tags, token));
        }

        if (!_there.DnsSupport)
        {
            Change($"VPC {_vpc}", "Turn on DNS support", token => _writer.EnableDnsAsync(_vpc.RequiredId, false, token));
        }

        if (!_there.DnsHostnames)
        {
            Change($"VPC {_vpc}", "Turn on DNS host names", token => _writer.EnableDnsAsync(_vpc.RequiredId, true, token));
        }
    }

    private void AddSubnets()
    {
        foreach (SubnetPart subnet in _subnets.Where(subnet => subnet.Id is null))
        {
            TagSpecification tags = Tags("subnet", $"{_request.Name}-{subnet.Zone}");
            Change(
                $"VPC {_vpc}",
                $"Create the isolated subnet {subnet}",
                token => _writer.CreateSubnetAsync(subnet, _vpc.RequiredId, tags, token));
        }

        if (_table.Id is null)
        {
            TagSpecification tags = Tags("route-table", _table.Name);
            Change(
                $"VPC {_vpc}",
                $"Create the route table {_table.Name}, without a way out",
                token => _writer.CreateRouteTableAsync(_table, _vpc.RequiredId, tags, token));
        }

        foreach (SubnetPart subnet in _subnets)
        {
            string? used = _there.RouteTables.FirstOrDefault(
                table => subnet.Id is not null && table.Associations.Exists(link => link.SubnetId == subnet.Id))?.RouteTableId;
            if (used is null)
            {
                Change(
                    $"subnet {subnet}",
                    $"Use the route table {_table}",
                    token => _writer.AssociateAsync(_table.RequiredId, subnet.Id!, token));
            }
            else if (used != _table.Id)
            {
                Warnings.Add($"Subnet {subnet.Id} uses route table {used}, which SsmTools did not make; it is left so.");
            }
        }
    }

    private void AddInstanceGroup()
    {
        if (_instances.Id is null)
        {
            TagSpecification tags = NetworkWriter.Tags(
                "security-group", _instances.Name, _request.Name, _request.Tags, SsmToolsTag.InstancesPart);
            Change(
                $"security group {_instances.Name}",
                "Create the security group of the instances: nothing in, everything out",
                token => _writer.CreateGroupAsync(
                    _instances, _vpc.RequiredId, "Instances: nothing in, everything out", tags, token));
        }
        else if (!SecurityRuleSet.CoversHttps(_instances.Found!.IpPermissionsEgress, _cidr))
        {
            Change(
                $"security group {_instances}",
                $"Let them out to {_cidr} on port {SecurityRuleSet.Https}",
                token => _writer.LetOutAsync(_instances.RequiredId, _cidr, token));
        }
    }

    private NetworkPart Group(string part, string name)
    {
        SecurityGroup? found = _there.FindGroup(part);
        return new NetworkPart(found?.GroupName ?? name, found?.GroupId) { Found = found };
    }

    private TagSpecification Tags(string resourceType, string name) =>
        NetworkWriter.Tags(resourceType, name, _request.Name, _request.Tags);

    private void Change(string target, string action, Func<CancellationToken, Task> apply) =>
        Changes.Add(new PlannedChange(target, action, apply));
}
