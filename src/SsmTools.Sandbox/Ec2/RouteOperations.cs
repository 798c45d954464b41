using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ec2;

/// <summary>Route tables, and the gateways they lead to.</summary>
internal static class RouteOperations
{
    public static JsonObject CreateTable(ApiCall call)
    {
        RouteTableRecord table = ClientTokens.Once(call, "CreateRouteTable", () =>
        {
            VpcRecord vpc = Ec2Kind.Vpc.Find(call.World.Vpcs, call.Required("VpcId"));
            IReadOnlyList<KeyValuePair<string, string>> tags = Ec2Tags.Specified(call, "route-table");
            RouteTableRecord made = new NetworkFactory(call.World).RouteTable(vpc, null);
            Ec2Tags.Set(made, tags);
            return made;
        });
        return new JsonObject { ["RouteTable"] = NetworkListing.RouteTable(call.World, table), ["ClientToken"] = call.Text("ClientToken") };
    }

    public static JsonObject DeleteTable(ApiCall call)
    {
        RouteTableRecord table = Table(call);
        if (table.MainAssociationId is not null || table.Subnets.Count > 0)
        {
            throw new ServiceError("DependencyViolation", $"The routeTable '{table.Id}' has dependencies and cannot be deleted.");
        }

        call.World.RouteTables.Remove(table.Id);
        return [];
    }

    public static JsonObject Associate(ApiCall call)
    {
        RouteTableRecord table = Table(call);
        SubnetRecord subnet = Ec2Kind.Subnet.Find(call.World.Subnets, call.Text("SubnetId") ?? throw Ec2Errors.Missing("SubnetId"));
        if (subnet.Vpc != table.Vpc)
        {
            throw Ec2Errors.InvalidValue($"Route table {table.Id} and subnet {subnet.Id} belong to different networks");
        }

        if (call.World.RouteTables.Values.FirstOrDefault(one => one.Subnets.ContainsValue(subnet.Id)) is RouteTableRecord other)
        {
            string existing = other.Subnets.First(pair => pair.Value == subnet.Id).Key;
            return other == table
                ? Answer(existing)
                : throw new ServiceError(
                    "Resource.AlreadyAssociated", $"the specified association for route table {table.Id} conflicts with an existing association");
        }

        string id = call.World.Ids.Ec2("rtbassoc");
        table.Subnets.Add(id, subnet.Id);
        return Answer(id);

        static JsonObject Answer(string association) => new()
        {
            ["AssociationId"] = association,
            ["AssociationState"] = new JsonObject { ["State"] = "associated" },
        };
    }

    public static JsonObject Disassociate(ApiCall call)
    {
        string id = call.Required("AssociationId");
        return call.World.RouteTables.Values.Any(table => table.Subnets.Remove(id))
            ? []
            : throw new ServiceError("InvalidAssociationID.NotFound", $"The association ID '{id}' does not exist");
    }

    public static JsonObject CreateRoute(ApiCall call)
    {
        SandboxWorld world = call.World;
        RouteTableRecord table = Table(call);
        string given = call.Text("DestinationCidrBlock") ?? throw Ec2Errors.Missing("DestinationCidrBlock");
        if (!Addresses.TryNetwork(given, AddressFamily.InterNetwork, out IPNetwork network))
        {
            throw Ec2Errors.InvalidValue(given, "destinationCidrBlock", "This is not a valid CIDR block.");
        }

        string destination = network.ToString();

        string target = call.Text("NatGatewayId") is string nat ? Ec2Kind.NatGateway.Find(world.NatGateways, nat).Id
            : call.Text("GatewayId") is string gateway ? Ec2Kind.InternetGateway.Find(world.InternetGateways, gateway).Id
            : throw Ec2Errors.Missing("GatewayId");
        if (world.InternetGateways.TryGetValue(target, out GatewayRecord? internet) && internet.Vpc != table.Vpc)
        {
            throw Ec2Errors.InvalidValue($"route table {table.Id} and network gateway {target} belong to different networks");
        }

        if (table.Routes.Exists(route => route.Destination == destination))
        {
            throw new ServiceError("RouteAlreadyExists", $"The route identified by {destination} already exists.");
        }

        table.Routes.Add(new RouteRecord(destination, target));
        return new JsonObject { ["Return"] = true };
    }

    public static JsonObject DeleteRoute(ApiCall call)
    {
        RouteTableRecord table = Table(call);
        string? destination = call.Text("DestinationCidrBlock");
        RouteRecord route = table.Routes.Find(one => one.Destination == destination)
            ?? throw new ServiceError("InvalidRoute.NotFound", $"no route with destination-cidr-block {destination} in route table {table.Id}");
        if (route.Target == "local")
        {
            throw Ec2Errors.InvalidValue($"cannot remove local route {destination} in route table {table.Id}");
        }

        table.Routes.Remove(route);
        return [];
    }

    public static JsonObject CreateInternetGateway(ApiCall call)
    {
        IReadOnlyList<KeyValuePair<string, string>> tags = Ec2Tags.Specified(call, "internet-gateway");
        GatewayRecord gateway = new NetworkFactory(call.World).InternetGateway(null, null);
        Ec2Tags.Set(gateway, tags);
        return new JsonObject { ["InternetGateway"] = NetworkListing.InternetGateway(call.World, gateway) };
    }

    public static JsonObject AttachInternetGateway(ApiCall call)
    {
        GatewayRecord gateway = InternetGateway(call);
        VpcRecord vpc = Ec2Kind.Vpc.Find(call.World.Vpcs, call.Required("VpcId"));
        if (gateway.Vpc is not null || call.World.InternetGateways.Values.Any(one => one.Vpc == vpc))
        {
            throw new ServiceError("Resource.AlreadyAssociated", $"resource {gateway.Id} is already attached to network {vpc.Id}");
        }

        gateway.Vpc = vpc;
        return [];
    }

    public static JsonObject DetachInternetGateway(ApiCall call)
    {
        GatewayRecord gateway = InternetGateway(call);
        if (gateway.Vpc?.Id != call.Required("VpcId"))
        {
            throw new ServiceError("Gateway.NotAttached", $"resource {gateway.Id} is not attached to network {call.Text("VpcId")}");
        }

        gateway.Vpc = null;
        return [];
    }

    public static JsonObject DeleteInternetGateway(ApiCall call)
    {
        GatewayRecord gateway = InternetGateway(call);
        if (gateway.Vpc is not null)
        {
            throw new ServiceError("DependencyViolation", $"The internetGateway '{gateway.Id}' has dependencies and cannot be deleted.");
        }

        call.World.InternetGateways.Remove(gateway.Id);
        return [];
    }

    private static RouteTableRecord Table(ApiCall call) => Ec2Kind.RouteTable.Find(call.World.RouteTables, call.Required("RouteTableId"));

    private static GatewayRecord InternetGateway(ApiCall call)
    {
        return Ec2Kind.InternetGateway.Find(call.World.InternetGateways, call.Required("InternetGatewayId"));
    }
}
