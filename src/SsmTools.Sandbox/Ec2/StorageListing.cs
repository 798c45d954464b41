using System.Globalization;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ec2;

/// <summary>Looking at what hangs on instances: volumes and network interfaces.</summary>
internal static class StorageListing
{
    public static JsonObject DescribeVolumes(ApiCall call)
    {
        return Ec2Listing.Describe(
            call, "Volumes", Ec2Kind.Volume, "VolumeIds", call.World.Volumes,
            static (volume, name) => name switch
            {
                "volume-id" => [volume.Id],
                "volume-type" => [volume.VolumeType],
                "attachment.instance-id" => [volume.InstanceId],
                "attachment.device" => [volume.InstanceId is null ? null : volume.Device],
                "attachment.status" => [volume.InstanceId is null ? null : "attached"],
                "attachment.delete-on-termination" => [Ec2Filters.Flag(volume.DeleteOnTermination)],
                "availability-zone" => [volume.Zone],
                "encrypted" => [Ec2Filters.Flag(volume.Encrypted)],
                "size" => [volume.SizeGiB.ToString(CultureInfo.InvariantCulture)],
                "snapshot-id" => [volume.SnapshotId],
                "status" => [volume.InstanceId is null ? "available" : "in-use"],
                _ => null,
            },
            Volume);
    }

    public static JsonObject DescribeNetworkInterfaces(ApiCall call)
    {
        SandboxWorld world = call.World;
        world.EndpointStates.Settle();
        return Ec2Listing.Describe(
            call, "NetworkInterfaces", Ec2Kind.NetworkInterface, "NetworkInterfaceIds", world.Interfaces,
            (card, name) => name switch
            {
                "network-interface-id" => [card.Id],
                "vpc-id" => [card.Subnet.Vpc.Id],
                "subnet-id" => [card.Subnet.Id],
                "availability-zone" => [card.Subnet.Zone],
                "group-id" => [.. card.GroupIds],
                "private-ip-address" or "addresses.private-ip-address" => [card.PrivateIp],
                "association.public-ip" => [card.PublicIp],
                "attachment.instance-id" => [card.InstanceId],
                "interface-type" => [card.Kind],
                "description" => [card.Description],
                "mac-address" => [card.MacAddress],
                "status" => ["in-use"],
                "owner-id" => [world.AccountId],
                _ => null,
            },
            card => Interface(world, card));
    }

    private static JsonObject Volume(VolumeRecord volume) => new()
    {
        ["VolumeId"] = volume.Id,
        ["VolumeType"] = volume.VolumeType,
        ["Size"] = volume.SizeGiB,
        ["SnapshotId"] = volume.SnapshotId,
        ["AvailabilityZone"] = volume.Zone,
        ["CreateTime"] = volume.Created,
        ["Encrypted"] = volume.Encrypted,
        ["Iops"] = volume.VolumeType == "gp3" ? 3000 : null,
        ["Throughput"] = volume.VolumeType == "gp3" ? 125 : null,
        ["MultiAttachEnabled"] = false,
        ["State"] = volume.InstanceId is null ? "available" : "in-use",
        ["Attachments"] = volume.InstanceId is string instance
            ? new JsonArray(new JsonObject
            {
                ["VolumeId"] = volume.Id,
                ["InstanceId"] = instance,
                ["Device"] = volume.Device,
                ["State"] = "attached",
                ["AttachTime"] = volume.Created,
                ["DeleteOnTermination"] = volume.DeleteOnTermination,
            })
            : new JsonArray(),
        ["Tags"] = volume.Tags.Count > 0 ? NetworkListing.Tags(volume) : null,
    };

    private static JsonObject Interface(SandboxWorld world, NetworkInterfaceRecord card)
    {
        string name = Addresses.PrivateDnsName(card.PrivateIp, world.Region);
        return new JsonObject
        {
            ["NetworkInterfaceId"] = card.Id,
            ["SubnetId"] = card.Subnet.Id,
            ["VpcId"] = card.Subnet.Vpc.Id,
            ["AvailabilityZone"] = card.Subnet.Zone,
            ["Description"] = card.Description,
            ["Groups"] = InstanceShapes.Groups(world, card.GroupIds),
            ["InterfaceType"] = card.Kind,
            ["MacAddress"] = card.MacAddress,
            ["OwnerId"] = world.AccountId,
            ["PrivateDnsName"] = name,
            ["PrivateIpAddress"] = card.PrivateIp,
            ["PrivateIpAddresses"] = new JsonArray(new JsonObject
            {
                ["Primary"] = true,
                ["PrivateDnsName"] = name,
                ["PrivateIpAddress"] = card.PrivateIp,
            }),
            ["RequesterManaged"] = card.Kind != "interface",
            ["SourceDestCheck"] = card.Kind != "nat_gateway",
            ["Status"] = "in-use",
            ["Association"] = card.PublicIp is string address
                ? new JsonObject { ["PublicIp"] = address, ["PublicDnsName"] = InstanceShapes.PublicName(address, world.Region) }
                : null,
            ["Attachment"] = new JsonObject
            {
                ["AttachmentId"] = card.AttachmentId,
                ["AttachTime"] = card.Attached,
                ["DeleteOnTermination"] = card.Kind == "interface",
                ["DeviceIndex"] = card.Kind == "interface" ? 0 : 1,
                ["InstanceId"] = card.InstanceId,
                ["Status"] = "attached",
            },
            ["TagSet"] = NetworkListing.Tags(card),
        };
    }
}
