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
                ["AvailabilityZones"] = call.World.Zones.ToJson(),
                ["Owner"] = "amazon",
                ["VpcEndpointPolicySupported"] = true,
                ["AcceptanceRequired"] = false,
                ["ManagesVpcEndpoints"] = false,
            }),
        };
    }

    public static JsonObject Create(ApiCall call)
    {
        SandboxWorld world = call.World;
        VpcRecord vpc = Ec2Kind.Vpc.Find(world.Vpcs, call.Required("VpcId"));
        string service = call.Text("ServiceName") ?? throw Ec2Errors.Missing("ServiceName");
        string prefix = $"com.amazonaws.{world.Region}.";
        string name = service.StartsWith(prefix, StringComparison.Ordinal) ? service[prefix.Length..] : "";
        string kind = call.Text("VpcEndpointType") ?? "Gateway";
        if (!(kind == "Interface" ? s_interfaces : s_gateways).Contains(name))
        {
            throw new ServiceError("InvalidServiceName", $"The Vpc Endpoint Service '{service}' does not exist");
        }

        IReadOnlyList<KeyValuePair<string, string>> tags = Ec2Tags.Specified(call, "vpc-endpoint");
        VpcEndpointRecord endpoint = kind == "Interface" ? CreateInterface(call, vpc, service) : CreateGateway(call, vpc, service);
        endpoint.Policy = call.Text("PolicyDocument");
        Ec2Tags.Set(endpoint, tags);
        return new JsonObject { ["VpcEndpoint"] = Shape(world, endpoint), ["ClientToken"] = call.Text("ClientToken") };
    }

    public static JsonObject Modify(ApiCall call)
    {
        VpcEndpointRecord endpoint = Ec2Kind.VpcEndpoint.Find(call.World.Endpoints, call.Required("VpcEndpointId"));
        if (call.Input.Flag("PrivateDnsEnabled") == true && !endpoint.PrivateDns)
        {
            CheckPrivateDns(call.World, endpoint.Vpc, endpoint.ServiceName);
        }

        Change(endpoint.GroupIds, "AddSecurityGroupIds", "RemoveSecurityGroupIds");
        Change(endpoint.RouteTableIds, "AddRouteTableIds", "RemoveRouteTableIds");
        Change(endpoint.SubnetIds, "AddSubnetIds", "RemoveSubnetIds");
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
        foreach (string id in call.Input.Texts("VpcEndpointIds"))
        {
            if (call.World.Endpoints.Remove(id, out VpcEndpointRecord? endpoint))
            {
                endpoint.InterfaceIds.ForEach(card => call.World.Interfaces.Remove(card));
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

    private static VpcEndpointRecord CreateInterface(ApiCall call, VpcRecord vpc, string service)
    {
        SandboxWorld world = call.World;
        SubnetRecord[] subnets = [.. call.Input.Texts("SubnetIds").Select(id => Ec2Kind.Subnet.Find(world.Subnets, id))];
        SecurityGroupRecord[] groups = [.. call.Input.Texts("SecurityGroupIds").Select(id => Ec2Kind.SecurityGroup.Find(world.SecurityGroups, id))];
        if (Array.Exists(subnets, subnet => subnet.Vpc != vpc) || Array.Exists(groups, group => group.Vpc != vpc))
        {
            throw new ServiceError("InvalidParameter", $"Subnets and security groups must belong to {vpc.Id}.");
        }

        if (subnets.DistinctBy(subnet => subnet.Zone).Count() < subnets.Length)
        {
            throw new ServiceError("DuplicateSubnetsInSameZone", "Found another VPC endpoint subnet in the availability zone.");
        }

        bool privateDns = call.Input.Flag("PrivateDnsEnabled") ?? true;
        if (privateDns)
        {
            CheckPrivateDns(world, vpc, service);
        }

        groups = groups.Length > 0 ? groups : [world.SecurityGroups.Values.First(one => one.Vpc == vpc && one.Name == "default")];
        return new NetworkFactory(world).InterfaceEndpoint(vpc, service, subnets, groups, privateDns);
    }

    /// <summary>Whether the service's name may lead to an endpoint, within the VPC.</summary>
    private static void CheckPrivateDns(SandboxWorld world, VpcRecord vpc, string service)
    {
        if (!(vpc.DnsSupport && vpc.DnsHostnames))
        {
            throw new ServiceError(
                "InvalidParameter",
                "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for " + vpc.Id);
        }

        if (world.Endpoints.Values.Any(one => one.Vpc == vpc && one.ServiceName == service && one.PrivateDns))
        {
            throw new ServiceError(
                "InvalidParameter",
                $"private-dns-enabled cannot be set because there is already a conflicting DNS domain for {service} in the VPC {vpc.Id}");
        }
    }

    private static VpcEndpointRecord CreateGateway(ApiCall call, VpcRecord vpc, string service)
    {
        VpcEndpointRecord endpoint = new()
        {
            Id = call.World.Ids.Ec2("vpce"),
            Sequence = call.World.NextSequence(),
            Vpc = vpc,
            ServiceName = service,
            Kind = "Gateway",
            Created = call.World.Now,
        };
        endpoint.RouteTableIds.AddRange(
            call.Input.Texts("RouteTableIds").Select(id => Ec2Kind.RouteTable.Find(call.World.RouteTables, id).Id));
        call.World.Endpoints.Add(endpoint.Id, endpoint);
        return endpoint;
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
