using System.Globalization;

namespace SsmTools.Sandbox.World;

/// <summary>Makes parts of a network and enters them into the account, with what AWS makes beside them.</summary>
internal sealed class NetworkFactory(SandboxWorld world)
{
    private const string Anywhere = "0.0.0.0/0";

    public VpcRecord Vpc(string cidr, string? name, bool dnsHostnames)
    {
        VpcRecord vpc = new() { Id = world.Ids.Ec2("vpc"), Sequence = world.NextSequence(), Cidr = cidr, DnsHostnames = dnsHostnames };
        Name(vpc, name);
        world.Vpcs.Add(vpc.Id, vpc);

        RouteTableRecord main = new()
        {
            Id = world.Ids.Ec2("rtb"),
            Sequence = world.NextSequence(),
            Vpc = vpc,
            MainAssociationId = world.Ids.Ec2("rtbassoc"),
        };
        main.Routes.Add(new RouteRecord(cidr, "local", "CreateRouteTable"));
        world.RouteTables.Add(main.Id, main);

        NetworkAclRecord acl = new() { Id = world.Ids.Ec2("acl"), Sequence = world.NextSequence(), Vpc = vpc, Default = true };
        foreach (bool egress in new[] { true, false })
        {
            acl.Entries.Add(new NetworkAclEntry(100, egress, true, "-1", Anywhere));
            acl.Entries.Add(new NetworkAclEntry(NetworkAclEntry.Last, egress, false, "-1", Anywhere));
        }

        world.NetworkAcls.Add(acl.Id, acl);
        SecurityGroupRecord group = SecurityGroup(vpc, "default", "default VPC security group");
        group.Rules.Add(new SecurityRule { RuleId = world.Ids.Ec2("sgr"), Egress = false, Protocol = "-1", GroupId = group.Id });
        return vpc;
    }

    public SubnetRecord Subnet(VpcRecord vpc, string cidr, string zone, string? name)
    {
        SubnetRecord subnet = new()
        {
            Id = world.Ids.Ec2("subnet"),
            Sequence = world.NextSequence(),
            Vpc = vpc,
            Cidr = cidr,
            Zone = zone,
        };
        Name(subnet, name);
        world.Subnets.Add(subnet.Id, subnet);
        NetworkAclRecord acl = world.NetworkAcls.Values.Single(one => one.Vpc == vpc && one.Default);
        acl.Subnets.Add(world.Ids.Ec2("aclassoc"), subnet.Id);
        return subnet;
    }

    public RouteTableRecord RouteTable(VpcRecord vpc, string? name, params SubnetRecord[] subnets)
    {
        RouteTableRecord table = new() { Id = world.Ids.Ec2("rtb"), Sequence = world.NextSequence(), Vpc = vpc };
        table.Routes.Add(new RouteRecord(vpc.Cidr, "local", "CreateRouteTable"));
        foreach (SubnetRecord subnet in subnets)
        {
            table.Subnets.Add(world.Ids.Ec2("rtbassoc"), subnet.Id);
        }

        Name(table, name);
        world.RouteTables.Add(table.Id, table);
        return table;
    }

    public SecurityGroupRecord SecurityGroup(VpcRecord vpc, string name, string description)
    {
        SecurityGroupRecord group = new()
        {
            Id = world.Ids.Ec2("sg"),
            Sequence = world.NextSequence(),
            Vpc = vpc,
            Name = name,
            Description = description,
        };
        group.Rules.Add(new SecurityRule { RuleId = world.Ids.Ec2("sgr"), Egress = true, Protocol = "-1", Cidr = Anywhere });
        world.SecurityGroups.Add(group.Id, group);
        return group;
    }

    public GatewayRecord InternetGateway(VpcRecord? vpc, string? name)
    {
        GatewayRecord gateway = new()
        {
            Id = world.Ids.Ec2("igw"),
            Sequence = world.NextSequence(),
            Created = world.Now,
            Vpc = vpc,
        };
        Name(gateway, name);
        world.InternetGateways.Add(gateway.Id, gateway);
        return gateway;
    }

    public GatewayRecord NatGateway(SubnetRecord subnet, string? name)
    {
        string id = world.Ids.Ec2("nat");
        NetworkInterfaceRecord card = Interface(subnet, $"Interface for NAT Gateway {id}", "nat_gateway", null, []);
        card.PublicIp = PublicIp();
        GatewayRecord gateway = new()
        {
            Id = id,
            Sequence = world.NextSequence(),
            Created = world.Now,
            Vpc = subnet.Vpc,
            Subnet = subnet,
            Interface = card,
        };
        Name(gateway, name);
        world.NatGateways.Add(id, gateway);
        return gateway;
    }

    public VpcEndpointRecord InterfaceEndpoint(
        VpcRecord vpc, string service, IEnumerable<SubnetRecord> subnets, IEnumerable<SecurityGroupRecord> groups, bool privateDns)
    {
        VpcEndpointRecord endpoint = new()
        {
            Id = world.Ids.Ec2("vpce"),
            Sequence = world.NextSequence(),
            Created = world.Now,
            Vpc = vpc,
            ServiceName = service,
            Kind = "Interface",
            PrivateDns = privateDns,
        };
        endpoint.GroupIds.AddRange(groups.Select(group => group.Id));
        foreach (SubnetRecord subnet in subnets)
        {
            endpoint.SubnetIds.Add(subnet.Id);
            endpoint.InterfaceIds.Add(
                Interface(subnet, $"VPC Endpoint Interface {endpoint.Id}", "vpc_endpoint", null, endpoint.GroupIds).Id);
        }

        world.Endpoints.Add(endpoint.Id, endpoint);
        return endpoint;
    }

    public NetworkInterfaceRecord Interface(
        SubnetRecord subnet, string description, string kind, string? instanceId, IEnumerable<string> groupIds, string? address = null)
    {
        string digits = world.Ids.Hex(10);
        NetworkInterfaceRecord card = new()
        {
            Id = world.Ids.Ec2("eni"),
            Sequence = world.NextSequence(),
            Subnet = subnet,
            PrivateIp = address ?? Addresses.Free(world, subnet).FirstOrDefault()
                ?? throw new InvalidOperationException($"Subnet {subnet.Id} has no free address."),
            MacAddress = $"02:{digits[..2]}:{digits[2..4]}:{digits[4..6]}:{digits[6..8]}:{digits[8..]}",
            AttachmentId = world.Ids.Ec2("eni-attach"),
            Attached = world.Now,
            Description = description,
            Kind = kind,
            InstanceId = instanceId,
        };
        card.GroupIds.AddRange(groupIds);
        world.Interfaces.Add(card.Id, card);
        return card;
    }

    /// <summary>A public address, from the range that RFC 5737 keeps for documentation: it leads nowhere.</summary>
    public string PublicIp()
    {
        int last = int.Parse(world.Ids.Hex(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"203.0.113.{last}");
    }

    private static void Name(Resource resource, string? name)
    {
        if (name is not null)
        {
            resource.Tags["Name"] = name;
        }
    }
}
