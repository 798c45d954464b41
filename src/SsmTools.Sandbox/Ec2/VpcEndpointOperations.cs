using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ec2;

/// <summary>VPC endpoints.</summary>
internal static class VpcEndpointOperations
{
    private static readonly string[] s_interfaces =
        ["ssm", "ssmmessages", "ec2messages", "ec2", "logs", "kms", "sts", "monitoring", "secretsmanager"];

    private static readonly string[] s_gateways = ["s3", "dynamodb"];

    public static JsonObject Describe(ApiCall call)
    {
        call.World.EndpointStates.Settle();
        return Ec2Listing.Describe(
            call, "VpcEndpoints", Ec2Kind.VpcEndpoint, "VpcEndpointIds", call.World.Endpoints,
            static (endpoint, name) => name switch
            {
                "vpc-endpoint-id" => [endpoint.Id],
                "vpc-id" => [endpoint.Vpc.Id],
                "service-name" => [endpoint.ServiceName],
                "vpc-endpoint-type" => [endpoint.Kind],
                "vpc-endpoint-state" => [endpoint.State],
                _ => null,
            },
            endpoint => Shape(call.World, endpoint));
    }

    public static JsonObject DescribeServices(ApiCall call)
    {
        string prefix = $"com.amazonaws.{call.World.Region}.";
        IReadOnlyList<string> names = call.Input.Texts("ServiceNames");
        IEnumerable<string> all = [.. s_gateways.Select(name => prefix + name), .. s_interfaces.Select(name => prefix + name)];
        if (names.Except(all).FirstOrDefault() is string unknown)
        {
            throw new ServiceError("InvalidServiceName", $"The Vpc Endpoint Service '{unknown}' does not exist");
        }

        IEnumerable<string> found = Ec2Filters.Apply(
            all.Where(name => names.Count == 0 || names.Contains(name)), call.Input, "Filters",
            static (service, name) => name switch
            {
                "service-name" => [service],
                "service-type" => [Kind(service)],
                "owner" => ["amazon"],
                _ => null,
            },
            _ => null);
        List<string> services = [.. found];
        return new JsonObject
        {
            ["ServiceNames"] = services.ToJson(),
            ["ServiceDetails"] = services.ToJson(service => new JsonObject
            {
                ["ServiceName"] = service,
                ["ServiceType"] = new JsonArray(new JsonObject { ["ServiceType"] = Kind(service) }),
                ["AvailabilityZones"] = Zones(call.World, service).ToJson(zone => zone),
                ["Owner"] = "amazon",
                ["VpcEndpointPolicySupported"] = true,
                ["AcceptanceRequired"] = false,
                ["ManagesVpcEndpoints"] = false,
            }),
        };
    }

    public static JsonObject Create(ApiCall call)
    {
        call.World.EndpointStates.Settle();
        VpcEndpointRecord endpoint = ClientTokens.Once(call, "CreateVpcEndpoint", () => VpcEndpointCreation.Make(call));
        return new JsonObject { ["VpcEndpoint"] = Shape(call.World, endpoint), ["ClientToken"] = call.Text("ClientToken") };
    }

    public static JsonObject Modify(ApiCall call)
    {
        call.World.EndpointStates.Settle();
        VpcEndpointRecord endpoint = Ec2Kind.VpcEndpoint.Find(call.World.Endpoints, call.Required("VpcEndpointId"));
        if (call.Input.Flag("PrivateDnsEnabled") == true && !endpoint.PrivateDns)
        {
            VpcEndpointCreation.CheckPrivateDns(call.World, endpoint.Vpc, endpoint.ServiceName);
        }

        VpcEndpointInterfaces.Change(call, endpoint);
        Change(endpoint.RouteTableIds, "AddRouteTableIds", "RemoveRouteTableIds");
        endpoint.PrivateDns = call.Input.Flag("PrivateDnsEnabled") ?? endpoint.PrivateDns;
        endpoint.Policy = call.Input.Flag("ResetPolicy") == true ? null : call.Text("PolicyDocument") ?? endpoint.Policy;
        return new JsonObject { ["Return"] = true };

        void Change(List<string> list, string add, string remove)
        {
            list.AddRange(call.Input.Texts(add).Except(list).ToArray());
            list.RemoveAll(call.Input.Texts(remove).Contains);
        }
    }

    public static JsonObject Delete(ApiCall call)
    {
        JsonArray unsuccessful = [];
        call.World.EndpointStates.Settle();
        foreach (string id in call.Input.Texts("VpcEndpointIds"))
        {
            if (call.World.Endpoints.TryGetValue(id, out VpcEndpointRecord? endpoint))
            {
                call.World.EndpointStates.Enter(endpoint, "deleting");
                continue;
            }

            ServiceError missing = Ec2Kind.VpcEndpoint.NotFound(id);
            unsuccessful.Add(new JsonObject
            {
                ["ResourceId"] = id,
                ["Error"] = new JsonObject { ["Code"] = missing.Code, ["Message"] = missing.Message },
            });
        }

        return new JsonObject { ["Unsuccessful"] = unsuccessful };
    }

    /// <summary>Whether a service has endpoints of a kind, Interface or Gateway.</summary>
    public static bool IsOffered(string name, string kind) => (kind == "Interface" ? s_interfaces : s_gateways).Contains(name);

    /// <summary>The zones that a service has interface endpoints in.</summary>
    public static IEnumerable<string> Zones(SandboxWorld world, string service)
    {
        string name = service[(service.LastIndexOf('.') + 1)..];
        return world.Zones.Where(zone => !world.Options.ServiceGaps.Contains((name, zone)));
    }

    private static string Kind(string service) => s_gateways.Contains(service.Split('.')[^1]) ? "Gateway" : "Interface";

    private static JsonObject Shape(SandboxWorld world, VpcEndpointRecord endpoint)
    {
        string[] parts = endpoint.ServiceName.Split('.');
        string zone = $"{parts[^1]}.{world.Region}.";
        return new JsonObject
        {
            ["VpcEndpointId"] = endpoint.Id,
            ["VpcEndpointType"] = endpoint.Kind,
            ["VpcId"] = endpoint.Vpc.Id,
            ["ServiceName"] = endpoint.ServiceName,
            ["State"] = endpoint.State,
            ["PolicyDocument"] = endpoint.Policy
                ?? """{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}]}""",
            ["RouteTableIds"] = endpoint.RouteTableIds.ToJson(),
            ["SubnetIds"] = endpoint.SubnetIds.ToJson(),
            ["Groups"] = InstanceShapes.Groups(world, endpoint.GroupIds),
            ["IpAddressType"] = "ipv4",
            ["PrivateDnsEnabled"] = endpoint.PrivateDns,
            ["RequesterManaged"] = false,
            ["NetworkInterfaceIds"] = endpoint.InterfaceIds.ToJson(),
            ["DnsEntries"] = endpoint.Kind == "Interface"
                ? new JsonArray(new JsonObject { ["DnsName"] = $"{endpoint.Id}.{zone}vpce.amazonaws.com" })
                : new JsonArray(),
            ["CreationTimestamp"] = endpoint.Created,
            ["OwnerId"] = world.AccountId,
            ["Tags"] = NetworkListing.Tags(endpoint),
        };
    }
}
