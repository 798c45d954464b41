using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ec2;

/// <summary>CreateVpcEndpoint: what EC2 refuses, and what it makes.</summary>
internal static class VpcEndpointCreation
{
    public static VpcEndpointRecord Make(ApiCall call)
    {
        SandboxWorld world = call.World;
        VpcRecord vpc = Ec2Kind.Vpc.Find(world.Vpcs, call.Required("VpcId"));
        string service = call.Text("ServiceName") ?? throw Ec2Errors.Missing("ServiceName");
        string prefix = $"com.amazonaws.{world.Region}.";
        string name = service.StartsWith(prefix, StringComparison.Ordinal) ? service[prefix.Length..] : "";
        string kind = call.Text("VpcEndpointType") ?? "Gateway";
        if (!VpcEndpointOperations.IsOffered(name, kind))
        {
            throw new ServiceError("InvalidServiceName", $"The Vpc Endpoint Service '{service}' does not exist");
        }

        if (world.Endpoints.Values.Count(one => one.Vpc == vpc) >= world.Options.EndpointLimit)
        {
            throw new ServiceError("VpcEndpointLimitExceeded", "The maximum number of VPC endpoints has been reached.");
        }

        IReadOnlyList<KeyValuePair<string, string>> tags = Ec2Tags.Specified(call, "vpc-endpoint");
        VpcEndpointRecord endpoint = kind == "Interface" ? MakeInterface(call, vpc, service) : MakeGateway(call, vpc, service);
        endpoint.Policy = call.Text("PolicyDocument");
        Ec2Tags.Set(endpoint, tags);
        return endpoint;
    }

    /// <summary>Private DNS needs names in the VPC, and there is one endpoint of a service that has it.</summary>
    public static void CheckPrivateDns(SandboxWorld world, VpcRecord vpc, string service)
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

    private static VpcEndpointRecord MakeInterface(ApiCall call, VpcRecord vpc, string service)
    {
        SandboxWorld world = call.World;
        SubnetRecord[] subnets = VpcEndpointInterfaces.Subnets(call, "SubnetIds", vpc, service);
        SecurityGroupRecord[] groups = VpcEndpointInterfaces.Groups(call, "SecurityGroupIds", vpc);
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
        VpcEndpointRecord endpoint = new NetworkFactory(world).InterfaceEndpoint(vpc, service, subnets, groups, privateDns);
        world.EndpointStates.Enter(endpoint, "pending");
        return endpoint;
    }

    private static VpcEndpointRecord MakeGateway(ApiCall call, VpcRecord vpc, string service)
    {
        string[] tables = [.. call.Input.Texts("RouteTableIds").Select(id => Ec2Kind.RouteTable.Find(call.World.RouteTables, id).Id)];
        if (Array.Find(tables, id => call.World.Endpoints.Values.Any(
            one => one.ServiceName == service && one.RouteTableIds.Contains(id))) is string taken)
        {
            throw new ServiceError("RouteAlreadyExists", $"route table {taken} already has a route with destination-prefix-list-id of {service}");
        }

        VpcEndpointRecord endpoint = new()
        {
            Id = call.World.Ids.Ec2("vpce"),
            Sequence = call.World.NextSequence(),
            Vpc = vpc,
            ServiceName = service,
            Kind = "Gateway",
            Created = call.World.Now,
        };
        endpoint.RouteTableIds.AddRange(tables);
        call.World.Endpoints.Add(endpoint.Id, endpoint);
        return endpoint;
    }
}
