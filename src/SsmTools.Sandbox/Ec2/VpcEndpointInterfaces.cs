using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ec2;

/// <summary>The subnets, groups and network interfaces of interface endpoints.</summary>
internal static class VpcEndpointInterfaces
{
    /// <summary>The subnets that a call names, all of them in the VPC and in zones that have the service.</summary>
    public static SubnetRecord[] Subnets(ApiCall call, string member, VpcRecord vpc, string service)
    {
        SubnetRecord[] subnets = [.. call.Input.Texts(member).Select(id => Ec2Kind.Subnet.Find(call.World.Subnets, id))];
        if (Array.Exists(subnets, subnet => subnet.Vpc != vpc))
        {
            throw Foreign(vpc);
        }

        return Array.Find(subnets, subnet => !VpcEndpointOperations.Zones(call.World, service).Contains(subnet.Zone)) is { } far
            ? throw new ServiceError(
                "InvalidParameter",
                $"The VPC endpoint service {service} does not support the availability zone of the subnet: {far.Id}.")
            : subnets;
    }

    /// <summary>The groups that a call names, all of them in the VPC.</summary>
    public static SecurityGroupRecord[] Groups(ApiCall call, string member, VpcRecord vpc)
    {
        SecurityGroupRecord[] groups =
            [.. call.Input.Texts(member).Select(id => Ec2Kind.SecurityGroup.Find(call.World.SecurityGroups, id))];
        return Array.Exists(groups, group => group.Vpc != vpc) ? throw Foreign(vpc) : groups;
    }

    /// <summary>Adds and takes away subnets and groups, and the interfaces with them.</summary>
    public static void Change(ApiCall call, VpcEndpointRecord endpoint)
    {
        SandboxWorld world = call.World;
        SubnetRecord[] added =
            [.. Subnets(call, "AddSubnetIds", endpoint.Vpc, endpoint.ServiceName).Where(one => !endpoint.SubnetIds.Contains(one.Id))];
        SecurityGroupRecord[] groups = Groups(call, "AddSecurityGroupIds", endpoint.Vpc);
        IReadOnlyList<string> removed = call.Input.Texts("RemoveSubnetIds");
        IEnumerable<string> zones = endpoint.SubnetIds.Except(removed).Select(id => world.Subnets[id].Zone);
        if (added.Select(subnet => subnet.Zone).Concat(zones).GroupBy(zone => zone).Any(same => same.Count() > 1))
        {
            throw new ServiceError("DuplicateSubnetsInSameZone", "Found another VPC endpoint subnet in the availability zone.");
        }

        endpoint.GroupIds.AddRange(groups.Select(group => group.Id).Except(endpoint.GroupIds).ToArray());
        endpoint.GroupIds.RemoveAll(call.Input.Texts("RemoveSecurityGroupIds").Contains);
        endpoint.SubnetIds.RemoveAll(removed.Contains);
        foreach (string id in endpoint.InterfaceIds.Where(id => removed.Contains(world.Interfaces[id].Subnet.Id)).ToArray())
        {
            endpoint.InterfaceIds.Remove(id);
            world.Interfaces.Remove(id);
        }

        foreach (SubnetRecord subnet in added)
        {
            endpoint.SubnetIds.Add(subnet.Id);
            endpoint.InterfaceIds.Add(new NetworkFactory(world).Interface(
                subnet, $"VPC Endpoint Interface {endpoint.Id}", "vpc_endpoint", null, []).Id);
        }

        foreach (string id in endpoint.InterfaceIds)
        {
            List<string> of = world.Interfaces[id].GroupIds;
            of.Clear();
            of.AddRange(endpoint.GroupIds);
        }
    }

    private static ServiceError Foreign(VpcRecord vpc) =>
        new("InvalidParameter", $"Subnets and security groups must belong to {vpc.Id}.");
}
