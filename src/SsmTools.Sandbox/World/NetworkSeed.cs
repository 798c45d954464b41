namespace SsmTools.Sandbox.World;

/// <summary>
/// The network that an account starts with: one VPC, 10.10.0.0/16. Isolated subnets (10.10.0.0/24 and 10.10.1.0/24) live
/// off interface endpoints, a private one (10.10.2.0/24) has a NAT gateway, which stands in a public one (10.10.3.0/24),
/// and a dead one (10.10.8.0/24) has no route out and is none of those whom the endpoints let in.
/// </summary>
internal sealed record NetworkSeed
{
    /// <summary>The range that the endpoints' security group admits: all but the dead subnet.</summary>
    private const string ServedRange = "10.10.0.0/22";

    public required VpcRecord Vpc { get; init; }

    public required IReadOnlyList<SubnetRecord> Isolated { get; init; }

    public required IReadOnlyList<SubnetRecord> Private { get; init; }

    public required IReadOnlyList<SubnetRecord> Public { get; init; }

    public required IReadOnlyList<SubnetRecord> Dead { get; init; }

    /// <summary>Gets the group for instances: nothing in, everything out.</summary>
    public required SecurityGroupRecord InstanceGroup { get; init; }

    public required SecurityGroupRecord EndpointGroup { get; init; }

    public static NetworkSeed Plant(SandboxWorld world)
    {
        NetworkFactory make = new(world);
        VpcRecord vpc = make.Vpc("10.10.0.0/16", "sandbox", dnsHostnames: true);
        SubnetRecord[] isolated =
        [
            make.Subnet(vpc, "10.10.0.0/24", world.Zones[0], "isolated-a"),
            make.Subnet(vpc, "10.10.1.0/24", world.Zones[1], "isolated-b"),
        ];
        SubnetRecord[] closed = [make.Subnet(vpc, "10.10.2.0/24", world.Zones[0], "private-a")];
        SubnetRecord[] open = [make.Subnet(vpc, "10.10.3.0/24", world.Zones[0], "public-a")];
        SubnetRecord[] dead = [make.Subnet(vpc, "10.10.8.0/24", world.Zones[1], "dead-b")];
        open[0].MapPublicIp = true;

        GatewayRecord internet = make.InternetGateway(vpc, "sandbox");
        GatewayRecord nat = make.NatGateway(open[0], "sandbox");
        make.RouteTable(vpc, "isolated", isolated);
        make.RouteTable(vpc, "private", closed).Routes.Add(new RouteRecord("0.0.0.0/0", nat.Id));
        make.RouteTable(vpc, "public", open).Routes.Add(new RouteRecord("0.0.0.0/0", internet.Id));
        make.RouteTable(vpc, "dead", dead);

        SecurityGroupRecord instances = make.SecurityGroup(vpc, "instances", "Instances: nothing in, everything out");
        SecurityGroupRecord endpoints = make.SecurityGroup(vpc, "endpoints", "Endpoints: HTTPS from the subnets they serve");
        endpoints.Rules.Add(new SecurityRule
        {
            RuleId = world.Ids.Ec2("sgr"),
            Egress = false,
            Protocol = "tcp",
            FromPort = 443,
            ToPort = 443,
            Cidr = ServedRange,
        });
        foreach (string service in new[] { "ssm", "ssmmessages", "ec2messages" })
        {
            make.InterfaceEndpoint(vpc, $"com.amazonaws.{world.Region}.{service}", isolated, [endpoints], privateDns: true);
        }

        return new NetworkSeed
        {
            Vpc = vpc,
            Isolated = isolated,
            Private = closed,
            Public = open,
            Dead = dead,
            InstanceGroup = instances,
            EndpointGroup = endpoints,
        };
    }
}
