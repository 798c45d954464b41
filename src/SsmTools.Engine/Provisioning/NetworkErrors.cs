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

    /// <summary>Another subnet has the range, or a part of it.</summary>
    public static EngineException RangeTaken(string cidr, Subnet? taken, string vpcId) => new(
        "NetworkConflict",
        ErrorKind.ResourceExists,
        $"{vpcId} already has a subnet {taken?.SubnetId ?? "(not listed yet)"}, {taken?.CidrBlock}, where {cidr} was to be.",
        "Run the same line again; or delete that subnet, or choose another network.",
        taken?.SubnetId ?? vpcId);

    /// <summary>A VPC has the name, and SsmTools did not make it.</summary>
    public static EngineException NameTaken(string name, Vpc vpc) => new(
        "NetworkConflict",
        ErrorKind.ResourceExists,
        $"A VPC {name}, {vpc.VpcId}, is there already, and SsmTools did not make it: it carries no tag {SsmToolsTag.Key}.",
        $"Choose another name, or add the endpoints to that one: New-SsmVpcEndpoint {vpc.VpcId}",
        name);

    /// <summary>The network has another range.</summary>
    public static EngineException OtherCidr(string name, Vpc vpc, string wanted) => new(
        "NetworkConflict",
        ErrorKind.ResourceExists,
        $"Network {name}, {vpc.VpcId}, has the range {vpc.CidrBlock}, not {wanted}.",
        $"Leave the range out, choose another name, or remove it: Remove-SsmNetwork {name}",
        name);

    /// <summary>No place is left for another zone's subnet.</summary>
    public static EngineException NoRoom(string name, string vpcId, string cidr, string zone) => new(
        "NetworkConflict",
        ErrorKind.ResourceExists,
        $"Network {name}, {vpcId}, has no room left in {cidr} for a subnet in {zone}.",
        $"Ask for fewer zones, or make a larger network of another name.",
        name);

    /// <summary>Two networks have one name.</summary>
    public static EngineException Ambiguous(string name, IEnumerable<Vpc> vpcs) => new(
        "NetworkAmbiguous",
        ErrorKind.InvalidOperation,
        $"There are several networks {name}: {string.Join(", ", vpcs.Select(vpc => $"{vpc.VpcId} ({vpc.CidrBlock})"))}.",
        "Name one of them by the id of its VPC, or remove those that are not needed: Remove-SsmNetwork vpc-…",
        name);

    /// <summary>No such zone.</summary>
    public static EngineException NoZone(string zone, string region, IReadOnlyList<string> zones) => new(
        "ZoneNotFound",
        ErrorKind.ObjectNotFound,
        $"There is no zone {zone} in {region}.",
        $"Use {string.Join(", ", zones)}.",
        zone);

    /// <summary>Too few zones have what is needed.</summary>
    public static EngineException TooFewZones(int wanted, IReadOnlyList<string> able, IReadOnlyList<string> lacking, string region) =>
        new(
            "ZoneWithoutService",
            ErrorKind.InvalidArgument,
            $"{wanted} zones were asked for, and {region} has {able.Count} with all the services"
                + $"{(lacking.Count > 0 ? $": {string.Join("; ", lacking)}" : string.Empty)}.",
            able.Count > 0 ? $"Ask for {able.Count} at most." : "Leave the service out that is missing.",
            region);

    /// <summary>Something lives in the network.</summary>
    public static EngineException InUse(string name, string vpcId, string users, string advice) => new(
        "NetworkInUse",
        ErrorKind.ResourceBusy,
        $"Network {name} ({vpcId}) is in use by {users}.",
        advice,
        name);

    /// <summary>Somebody else made the network.</summary>
    public static EngineException NotManaged(string name, string vpcId) => new(
        "NetworkNotManaged",
        ErrorKind.InvalidOperation,
        $"Network {name} ({vpcId}) was not made by SsmTools, and nothing in it was: it carries no tag {SsmToolsTag.Key}.",
        "Use -Force to delete it all the same, with all that is in it.",
        name);

    /// <summary>Somebody else made parts of the network.</summary>
    public static EngineException ForeignParts(string name, string vpcId, IReadOnlyList<string> parts) => new(
        "NetworkNotManaged",
        ErrorKind.InvalidOperation,
        $"Network {name} ({vpcId}) has parts that SsmTools did not make: {RoleErrors.Some(parts)}.",
        "Delete them first, or use -Force to delete them with it.",
        name);

    /// <summary>The account's default VPC is nobody's to delete here.</summary>
    public static EngineException IsDefault(string vpcId) => new(
        "NetworkIsDefault",
        ErrorKind.InvalidOperation,
        $"{vpcId} is the default VPC of its region.",
        "Delete it in the console or with Remove-EC2Vpc, if that is what you want.",
        vpcId);
}
