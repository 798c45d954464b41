using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Survey;

/// <summary>What is known of a VPC.</summary>
internal sealed record VpcFacts
{
    /// <summary>enableDnsSupport.</summary>
    public required Reading<bool> DnsSupport { get; init; }

    /// <summary>enableDnsHostnames.</summary>
    public required Reading<bool> DnsHostnames { get; init; }

    /// <summary>All its route tables.</summary>
    public required Reading<IReadOnlyList<RouteTable>> RouteTables { get; init; }

    /// <summary>The states of its NAT gateways by id.</summary>
    public required Reading<IReadOnlyDictionary<string, string>> NatGateways { get; init; }

    /// <summary>All its endpoints.</summary>
    public required Reading<IReadOnlyList<VpcEndpoint>> Endpoints { get; init; }

    /// <summary>Where its endpoints' interfaces stand, by the interfaces' ids.</summary>
    public required Reading<IReadOnlyDictionary<string, InterfacePlace>> Interfaces { get; init; }

    /// <summary>All its network ACLs.</summary>
    public required Reading<IReadOnlyList<NetworkAcl>> NetworkAcls { get; init; }

    /// <summary>The routes of a subnet: its own table, or the main one.</summary>
    public Reading<RouteTable> RouteTableOf(string? subnetId) => RouteTables.Obstacle is { } obstacle
        ? obstacle
        : RouteTables.Value!.FirstOrDefault(table => table.Associations.Exists(tie => tie.SubnetId == subnetId))
            ?? RouteTables.Value!.FirstOrDefault(table => table.Associations.Exists(tie => tie.Main == true));

    /// <summary>The network ACLs of the subnets that its endpoints have interfaces in, by the subnets' ids.</summary>
    public Reading<IReadOnlyDictionary<string, NetworkAcl>> EndpointAcls
    {
        get
        {
            if ((NetworkAcls.Obstacle ?? Endpoints.Obstacle) is { } obstacle)
            {
                return obstacle;
            }

            Dictionary<string, NetworkAcl> found = [];
            foreach (string id in Endpoints.Value!.SelectMany(endpoint => endpoint.SubnetIds).Distinct())
            {
                if (NetworkAclOf(id).Value is { } acl)
                {
                    found[id] = acl;
                }
            }

            return found;
        }
    }

    /// <summary>The network ACL of a subnet: its own, or the default one.</summary>
    public Reading<NetworkAcl> NetworkAclOf(string? subnetId) => NetworkAcls.Obstacle is { } obstacle
        ? obstacle
        : NetworkAcls.Value!.FirstOrDefault(acl => acl.Associations.Exists(tie => tie.SubnetId == subnetId))
            ?? NetworkAcls.Value!.FirstOrDefault(acl => acl.IsDefault == true);
}
