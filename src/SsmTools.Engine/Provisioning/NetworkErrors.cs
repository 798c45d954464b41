using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Provisioning;

/// <summary>What can be wrong with networks and endpoints.</summary>
internal static class NetworkErrors
{
    /// <summary>The region has no such service.</summary>
    public static EngineException NotOffered(string service, string region) => new(
        "ServiceNotOffered",
        ErrorKind.ObjectNotFound,
        $"{region} offers no endpoint for {service}.",
        $"Leave {service} out of -Service.",
        service);

    /// <summary>A zone that was asked for lacks a service.</summary>
    public static EngineException ZoneWithoutService(string zone, string service, IReadOnlyList<string> zones) => new(
        "ZoneWithoutService",
        ErrorKind.InvalidArgument,
        $"{service} has no endpoints in {zone}; it has them in {string.Join(", ", zones)}.",
        "Choose another zone or subnet; an endpoint serves the other zones of its VPC as well.",
        zone);

    /// <summary>The service could not make an endpoint, or somebody refused it.</summary>
    public static EngineException EndpointFailed(VpcEndpoint endpoint) => new(
        "EndpointFailed",
        ErrorKind.InvalidOperation,
        $"Endpoint {endpoint.VpcEndpointId} for {endpoint.ServiceName} is {endpoint.State?.ToLowerInvariant()}"
            + $"{(endpoint.LastError?.Message is { Length: > 0 } why ? $": {why.TrimEnd('.')}" : string.Empty)}.",
        "Delete the endpoint and run the same line again.",
        endpoint.VpcEndpointId);

    /// <summary>An endpoint takes longer than it should.</summary>
    public static EngineException EndpointPending(string id, TimeSpan waited) => new(
        "EndpointPending",
        ErrorKind.OperationTimeout,
        $"Endpoint {id} has not settled for {(int)waited.TotalMinutes} minutes.",
        "Run the same line again: it goes on from there.",
        id);

    /// <summary>EC2 keeps an endpoint.</summary>
    public static EngineException EndpointNotDeleted(UnsuccessfulItem item) => new(
        "EndpointNotDeleted",
        ErrorKind.InvalidOperation,
        $"Endpoint {item.ResourceId} could not be deleted ({item.Error?.Code}): {item.Error?.Message?.TrimEnd('.')}.",
        "Delete it by hand, then run the same line again.",
        item.ResourceId);

    /// <summary>No such VPC.</summary>
    public static EngineException NoVpc(string vpcId, string region) => new(
        "VpcNotFound",
        ErrorKind.ObjectNotFound,
        $"There is no VPC {vpcId} in {region}.",
        "Check the id and the region (-Region).",
        vpcId);

    /// <summary>No such subnet.</summary>
    public static EngineException NoSubnet(string subnetId, string region) => new(
        "SubnetNotFound",
        ErrorKind.ObjectNotFound,
        $"There is no subnet {subnetId} in {region}.",
        "Check the id and the region (-Region).",
        subnetId);

    /// <summary>A VPC that endpoints cannot stand in.</summary>
    public static EngineException NoSubnets(string vpcId) => new(
        "VpcWithoutSubnets",
        ErrorKind.InvalidOperation,
        $"{vpcId} has no subnet that the endpoints could stand in.",
        "Make a subnet in it first, or a new network: New-SsmNetwork",
        vpcId);

    /// <summary>Endpoints serve one VPC.</summary>
    public static EngineException SeveralVpcs(Subnet one, Subnet other) => new(
        "SubnetMismatch",
        ErrorKind.InvalidArgument,
        $"Subnet {one.SubnetId} belongs to {one.VpcId}, subnet {other.SubnetId} to {other.VpcId}: an endpoint serves one VPC.",
        "Run the command once for each VPC.",
        other.SubnetId);

    /// <summary>The subnet is not in the VPC that was named with it.</summary>
    public static EngineException OtherVpc(Subnet subnet, string vpcId) => new(
        "SubnetMismatch",
        ErrorKind.InvalidArgument,
        $"Subnet {subnet.SubnetId} belongs to {subnet.VpcId}, not to {vpcId}.",
        "Give the VPC or the subnets, not both.",
        subnet.SubnetId);

    /// <summary>A group of another VPC, or none.</summary>
    public static EngineException NoGroup(string groupId, string vpcId) => new(
        "SecurityGroupNotFound",
        ErrorKind.ObjectNotFound,
        $"There is no security group {groupId} in {vpcId}.",
        "Check the id, or leave the group out: one is made for the endpoints.",
        groupId);

    /// <summary>Somebody else's group has the name.</summary>
    public static EngineException GroupTaken(string name, string? groupId, string vpcId) => new(
        "SecurityGroupConflict",
        ErrorKind.ResourceExists,
        $"{vpcId} already has a security group {name}{(groupId is null ? string.Empty : $", {groupId}")},"
            + $" and SsmTools did not make it: it carries no tag {SsmToolsTag.Key}.",
        "Rename or delete that group, or give the one to use with -SecurityGroupId.",
        groupId ?? name);
}
