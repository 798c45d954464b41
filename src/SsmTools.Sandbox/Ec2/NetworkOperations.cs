using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ec2;

/// <summary>Making, changing and removing VPCs and subnets.</summary>
internal static class NetworkOperations
{
    public static JsonObject CreateVpc(ApiCall call)
    {
        string cidr = Cidr(call.Text("CidrBlock") ?? throw Ec2Errors.Missing("CidrBlock"), "InvalidVpc.Range");
        if (call.World.Vpcs.Count >= call.World.Options.VpcLimit)
        {
            throw new ServiceError("VpcLimitExceeded", "The maximum number of VPCs has been reached.");
        }

        IReadOnlyList<KeyValuePair<string, string>> tags = Ec2Tags.Specified(call, "vpc");
        VpcRecord vpc = new NetworkFactory(call.World).Vpc(cidr, null, dnsHostnames: false);
        Ec2Tags.Set(vpc, tags);
        return new JsonObject { ["Vpc"] = NetworkListing.Vpc(call.World, vpc) };
    }

    public static JsonObject ModifyVpcAttribute(ApiCall call)
    {
        VpcRecord vpc = Ec2Kind.Vpc.Find(call.World.Vpcs, call.Required("VpcId"));
        vpc.DnsSupport = call.Input.Part("EnableDnsSupport").Flag("Value") ?? vpc.DnsSupport;
        vpc.DnsHostnames = call.Input.Part("EnableDnsHostnames").Flag("Value") ?? vpc.DnsHostnames;
        return [];
    }

    public static JsonObject DeleteVpc(ApiCall call)
    {
        SandboxWorld world = call.World;
        VpcRecord vpc = Ec2Kind.Vpc.Find(world.Vpcs, call.Required("VpcId"));
        world.EndpointStates.Settle();
        bool used = world.Subnets.Values.Any(one => one.Vpc == vpc)
            || world.RouteTables.Values.Any(one => one.Vpc == vpc && one.MainAssociationId is null)
            || world.SecurityGroups.Values.Any(one => one.Vpc == vpc && one.Name != "default")
            || world.InternetGateways.Values.Any(one => one.Vpc == vpc)
            || world.Endpoints.Values.Any(one => one.Vpc == vpc);
        if (used)
        {
            throw new ServiceError("DependencyViolation", $"The vpc '{vpc.Id}' has dependencies and cannot be deleted.");
        }

        Remove(world.RouteTables, table => table.Vpc == vpc);
        Remove(world.NetworkAcls, acl => acl.Vpc == vpc);
        Remove(world.SecurityGroups, group => group.Vpc == vpc);
        world.Vpcs.Remove(vpc.Id);
        return [];
    }

    public static JsonObject CreateSubnet(ApiCall call)
    {
        SandboxWorld world = call.World;
        VpcRecord vpc = Ec2Kind.Vpc.Find(world.Vpcs, call.Required("VpcId"));
        string cidr = Cidr(call.Text("CidrBlock") ?? throw Ec2Errors.Missing("CidrBlock"), "InvalidSubnet.Range");
        IPNetwork network = IPNetwork.Parse(cidr);
        IPNetwork outer = IPNetwork.Parse(vpc.Cidr);
        if (!outer.Contains(network.BaseAddress) || network.PrefixLength < outer.PrefixLength)
        {
            throw new ServiceError("InvalidSubnet.Range", $"The CIDR '{cidr}' is invalid.");
        }

        if (world.Subnets.Values.Any(one => one.Vpc == vpc && Overlap(network, IPNetwork.Parse(one.Cidr))))
        {
            throw new ServiceError("InvalidSubnet.Conflict", $"The CIDR '{cidr}' conflicts with another subnet");
        }

        string zone = call.Text("AvailabilityZone") ?? world.Zones[0];
        if (!world.Zones.Contains(zone))
        {
            throw Ec2Errors.InvalidValue(
                zone, "availabilityZone",
                $"Subnets can currently only be created in the following availability zones: {string.Join(", ", world.Zones)}.");
        }

        IReadOnlyList<KeyValuePair<string, string>> tags = Ec2Tags.Specified(call, "subnet");
        SubnetRecord subnet = new NetworkFactory(world).Subnet(vpc, cidr, zone, null);
        Ec2Tags.Set(subnet, tags);
        return new JsonObject { ["Subnet"] = NetworkListing.Subnet(world, subnet) };
    }

    public static JsonObject ModifySubnetAttribute(ApiCall call)
    {
        SubnetRecord subnet = Ec2Kind.Subnet.Find(call.World.Subnets, call.Required("SubnetId"));
        subnet.MapPublicIp = call.Input.Part("MapPublicIpOnLaunch").Flag("Value") ?? subnet.MapPublicIp;
        return [];
    }

    public static JsonObject DeleteSubnet(ApiCall call)
    {
        SandboxWorld world = call.World;
        SubnetRecord subnet = Ec2Kind.Subnet.Find(world.Subnets, call.Required("SubnetId"));
        world.EndpointStates.Settle();
        if (world.Interfaces.Values.Any(card => card.Subnet == subnet))
        {
            throw new ServiceError("DependencyViolation", $"The subnet '{subnet.Id}' has dependencies and cannot be deleted.");
        }

        foreach (SortedDictionary<string, string> associations in
            world.RouteTables.Values.Select(table => table.Subnets).Concat(world.NetworkAcls.Values.Select(acl => acl.Subnets)))
        {
            foreach (string id in associations.Where(pair => pair.Value == subnet.Id).Select(pair => pair.Key).ToArray())
            {
                associations.Remove(id);
            }
        }

        world.Subnets.Remove(subnet.Id);
        return [];
    }

    /// <summary>An IPv4 network of the sizes that AWS takes, in its usual form.</summary>
    private static string Cidr(string text, string rangeCode)
    {
        if (!Addresses.TryNetwork(text, AddressFamily.InterNetwork, out IPNetwork network))
        {
            throw Ec2Errors.InvalidValue(text, "cidrBlock", "This is not a valid CIDR block.");
        }

        return network.PrefixLength is < 16 or > 28
            ? throw new ServiceError(rangeCode, $"The CIDR '{text}' is invalid.")
            : network.ToString();
    }

    private static bool Overlap(IPNetwork a, IPNetwork b) => a.Contains(b.BaseAddress) || b.Contains(a.BaseAddress);

    private static void Remove<T>(Dictionary<string, T> from, Func<T, bool> which)
    {
        foreach (string id in from.Where(pair => which(pair.Value)).Select(pair => pair.Key).ToArray())
        {
            from.Remove(id);
        }
    }
}
