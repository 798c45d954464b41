using System.Globalization;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ec2;

/// <summary>Looking at VPCs, subnets, route tables and gateways.</summary>
internal static class NetworkListing
{
    public static JsonObject DescribeVpcs(ApiCall call)
    {
        return Ec2Listing.Describe(
            call, "Vpcs", Ec2Kind.Vpc, "VpcIds", call.World.Vpcs,
            (vpc, name) => name switch
            {
                "vpc-id" => [vpc.Id],
                "cidr" or "cidr-block" or "cidr-block-association.cidr-block" => [vpc.Cidr],
                "state" => ["available"],
                "is-default" or "isDefault" => ["false"],
                "owner-id" => [call.World.AccountId],
                "dhcp-options-id" => ["default"],
                _ => null,
            },
            vpc => Vpc(call.World, vpc));
    }

    public static JsonObject DescribeVpcAttribute(ApiCall call)
    {
        VpcRecord vpc = Ec2Kind.Vpc.Find(call.World.Vpcs, call.Required("VpcId"));
        (string member, bool value) = call.Required("Attribute") switch
        {
            "enableDnsSupport" => ("EnableDnsSupport", vpc.DnsSupport),
            "enableDnsHostnames" => ("EnableDnsHostnames", vpc.DnsHostnames),
            "enableNetworkAddressUsageMetrics" => ("EnableNetworkAddressUsageMetrics", false),
            string other => throw Ec2Errors.InvalidValue(other, "attribute", "Unknown attribute."),
        };
        return new JsonObject { ["VpcId"] = vpc.Id, [member] = new JsonObject { ["Value"] = value } };
    }

    public static JsonObject DescribeSubnets(ApiCall call)
    {
        return Ec2Listing.Describe(
            call, "Subnets", Ec2Kind.Subnet, "SubnetIds", call.World.Subnets,
            (subnet, name) => name switch
            {
                "subnet-id" => [subnet.Id],
                "vpc-id" => [subnet.Vpc.Id],
                "availability-zone" or "availabilityZone" => [subnet.Zone],
                "cidr-block" or "cidr" or "cidrBlock" => [subnet.Cidr],
                "state" => ["available"],
                "owner-id" => [call.World.AccountId],
                "default-for-az" or "defaultForAz" => ["false"],
                "map-public-ip-on-launch" => [Ec2Filters.Flag(subnet.MapPublicIp)],
                "available-ip-address-count" => [Free(call.World, subnet).ToString(CultureInfo.InvariantCulture)],
                _ => null,
            },
            subnet => Subnet(call.World, subnet));
    }

    public static JsonObject DescribeRouteTables(ApiCall call)
    {
        return Ec2Listing.Describe(
            call, "RouteTables", Ec2Kind.RouteTable, "RouteTableIds", call.World.RouteTables,
            (table, name) => name switch
            {
                "route-table-id" or "association.route-table-id" => [table.Id],
                "vpc-id" => [table.Vpc.Id],
                "association.subnet-id" => [.. table.Subnets.Values],
                "association.route-table-association-id" => [.. table.Subnets.Keys, table.MainAssociationId],
                "association.main" => [Ec2Filters.Flag(table.MainAssociationId is not null)],
                "route.destination-cidr-block" => [.. table.Routes.Select(route => route.Destination)],
                "route.gateway-id" => [.. table.Routes.Select(route => route.Target).Where(target => !IsNat(target))],
                "route.nat-gateway-id" => [.. table.Routes.Select(route => route.Target).Where(IsNat)],
                "route.state" => ["active"],
                "owner-id" => [call.World.AccountId],
                _ => null,
            },
            table => RouteTable(call.World, table));
    }

    public static JsonObject DescribeNetworkAcls(ApiCall call)
    {
        return Ec2Listing.Describe(
            call, "NetworkAcls", Ec2Kind.NetworkAcl, "NetworkAclIds", call.World.NetworkAcls,
            (acl, name) => name switch
            {
                "network-acl-id" or "association.network-acl-id" => [acl.Id],
                "vpc-id" => [acl.Vpc.Id],
                "association.subnet-id" => [.. acl.Subnets.Values],
                "association.association-id" => [.. acl.Subnets.Keys],
                "default" => [Ec2Filters.Flag(acl.Default)],
                "owner-id" => [call.World.AccountId],
                _ => null,
            },
            acl => NetworkAcl(call.World, acl));
    }

    public static JsonObject DescribeInternetGateways(ApiCall call)
    {
        return Ec2Listing.Describe(
            call, "InternetGateways", Ec2Kind.InternetGateway, "InternetGatewayIds", call.World.InternetGateways,
            (gateway, name) => name switch
            {
                "internet-gateway-id" => [gateway.Id],
                "attachment.vpc-id" => [gateway.Vpc?.Id],
                "attachment.state" => [gateway.Vpc is null ? null : "available"],
                "owner-id" => [call.World.AccountId],
                _ => null,
            },
            gateway => InternetGateway(call.World, gateway));
    }

    public static JsonObject DescribeNatGateways(ApiCall call)
    {
        return Ec2Listing.Describe(
            call, "NatGateways", Ec2Kind.NatGateway, "NatGatewayIds", call.World.NatGateways,
            (gateway, name) => name switch
            {
                "nat-gateway-id" => [gateway.Id],
                "vpc-id" => [gateway.Vpc?.Id],
                "subnet-id" => [gateway.Subnet?.Id],
                "state" => [gateway.State],
                _ => null,
            },
            NatGateway, filtersMember: "Filter");
    }

    public static JsonObject Vpc(SandboxWorld world, VpcRecord vpc) => new()
    {
        ["VpcId"] = vpc.Id,
        ["State"] = "available",
        ["CidrBlock"] = vpc.Cidr,
        ["DhcpOptionsId"] = "default",
        ["OwnerId"] = world.AccountId,
        ["InstanceTenancy"] = "default",
        ["IsDefault"] = false,
        ["CidrBlockAssociationSet"] = new JsonArray(new JsonObject
        {
            ["AssociationId"] = vpc.Id.Replace("vpc-", "vpc-cidr-assoc-", StringComparison.Ordinal),
            ["CidrBlock"] = vpc.Cidr,
            ["CidrBlockState"] = new JsonObject { ["State"] = "associated" },
        }),
        ["Tags"] = Tags(vpc),
    };

    public static JsonObject Subnet(SandboxWorld world, SubnetRecord subnet) => new()
    {
        ["SubnetId"] = subnet.Id,
        ["SubnetArn"] = $"arn:aws:ec2:{world.Region}:{world.AccountId}:subnet/{subnet.Id}",
        ["VpcId"] = subnet.Vpc.Id,
        ["CidrBlock"] = subnet.Cidr,
        ["AvailabilityZone"] = subnet.Zone,
        ["AvailableIpAddressCount"] = Free(world, subnet),
        ["DefaultForAz"] = false,
        ["MapPublicIpOnLaunch"] = subnet.MapPublicIp,
        ["AssignIpv6AddressOnCreation"] = false,
        ["Ipv6CidrBlockAssociationSet"] = new JsonArray(),
        ["OwnerId"] = world.AccountId,
        ["State"] = "available",
        ["Tags"] = Tags(subnet),
    };

    public static JsonObject RouteTable(SandboxWorld world, RouteTableRecord table)
    {
        IEnumerable<JsonObject> associations = table.Subnets.Select(pair => Association(pair.Key, false, pair.Value));
        if (table.MainAssociationId is string main)
        {
            associations = associations.Prepend(Association(main, true, null));
        }

        return new JsonObject
        {
            ["RouteTableId"] = table.Id,
            ["VpcId"] = table.Vpc.Id,
            ["OwnerId"] = world.AccountId,
            ["Associations"] = associations.ToJson(one => one),
            ["PropagatingVgws"] = new JsonArray(),
            ["Routes"] = table.Routes.ToJson(Route),
            ["Tags"] = Tags(table),
        };

        JsonObject Association(string id, bool isMain, string? subnetId) => new()
        {
            ["RouteTableAssociationId"] = id,
            ["RouteTableId"] = table.Id,
            ["Main"] = isMain,
            ["SubnetId"] = subnetId,
            ["AssociationState"] = new JsonObject { ["State"] = "associated" },
        };
    }

    public static JsonObject InternetGateway(SandboxWorld world, GatewayRecord gateway) => new()
    {
        ["InternetGatewayId"] = gateway.Id,
        ["OwnerId"] = world.AccountId,
        ["Attachments"] = gateway.Vpc is VpcRecord vpc
            ? new JsonArray(new JsonObject { ["State"] = "available", ["VpcId"] = vpc.Id })
            : new JsonArray(),
        ["Tags"] = Tags(gateway),
    };

    public static JsonObject NatGateway(GatewayRecord gateway) => new()
    {
        ["NatGatewayId"] = gateway.Id,
        ["VpcId"] = gateway.Vpc?.Id,
        ["SubnetId"] = gateway.Subnet?.Id,
        ["State"] = gateway.State,
        ["ConnectivityType"] = "public",
        ["CreateTime"] = gateway.Created,
        ["NatGatewayAddresses"] = new JsonArray(new JsonObject
        {
            ["NetworkInterfaceId"] = gateway.Interface?.Id,
            ["PrivateIp"] = gateway.Interface?.PrivateIp,
            ["PublicIp"] = gateway.Interface?.PublicIp,
            ["IsPrimary"] = true,
            ["Status"] = "succeeded",
        }),
        ["Tags"] = Tags(gateway),
    };

    public static JsonArray Tags(Resource resource) => resource.Tags.ToJson();

    private static bool IsNat(string target) => target.StartsWith("nat-", StringComparison.Ordinal);

    private static int Free(SandboxWorld world, SubnetRecord subnet)
    {
        return Addresses.Size(subnet.Cidr) - 5 - world.Interfaces.Values.Count(card => card.Subnet == subnet);
    }

    private static JsonObject Route(RouteRecord route) => new()
    {
        ["DestinationCidrBlock"] = route.Destination,
        [IsNat(route.Target) ? "NatGatewayId" : "GatewayId"] = route.Target,
        ["Origin"] = route.Origin,
        ["State"] = "active",
    };

    private static JsonObject NetworkAcl(SandboxWorld world, NetworkAclRecord acl) => new()
    {
        ["NetworkAclId"] = acl.Id,
        ["VpcId"] = acl.Vpc.Id,
        ["OwnerId"] = world.AccountId,
        ["IsDefault"] = acl.Default,
        ["Associations"] = acl.Subnets.ToJson(pair => new JsonObject
        {
            ["NetworkAclAssociationId"] = pair.Key,
            ["NetworkAclId"] = acl.Id,
            ["SubnetId"] = pair.Value,
        }),
        ["Entries"] = acl.Entries.ToJson(entry => new JsonObject
        {
            ["RuleNumber"] = entry.Number,
            ["Protocol"] = entry.Protocol,
            ["RuleAction"] = entry.Allow ? "allow" : "deny",
            ["Egress"] = entry.Egress,
            ["CidrBlock"] = entry.Cidr,
            ["PortRange"] = entry.FromPort is int from ? new JsonObject { ["From"] = from, ["To"] = entry.ToPort } : null,
        }),
        ["Tags"] = Tags(acl),
    };
}
