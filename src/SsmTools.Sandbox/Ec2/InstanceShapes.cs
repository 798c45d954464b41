using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ec2;

/// <summary>An instance as EC2 tells it.</summary>
internal static class InstanceShapes
{
    public static JsonObject State(InstanceState state) => new() { ["Code"] = (int)state, ["Name"] = state.Name() };

    public static JsonObject Change(InstanceRecord instance, InstanceState before) => new()
    {
        ["InstanceId"] = instance.Id,
        ["CurrentState"] = State(instance.State),
        ["PreviousState"] = State(before),
    };

    public static JsonObject Reservation(SandboxWorld world, string reservationId, IEnumerable<InstanceRecord> instances) => new()
    {
        ["ReservationId"] = reservationId,
        ["OwnerId"] = world.AccountId,
        ["Groups"] = new JsonArray(),
        ["Instances"] = instances.ToJson(instance => Of(world, instance)),
    };

    public static JsonArray Groups(SandboxWorld world, IEnumerable<string> groupIds)
    {
        return groupIds.ToJson(id => new JsonObject { ["GroupId"] = id, ["GroupName"] = world.SecurityGroups.GetValueOrDefault(id)?.Name });
    }

    public static JsonObject Metadata(MetadataSettings metadata, string state) => new()
    {
        ["State"] = state,
        ["HttpTokens"] = metadata.TokenRequired ? "required" : "optional",
        ["HttpPutResponseHopLimit"] = metadata.HopLimit,
        ["HttpEndpoint"] = metadata.Enabled ? "enabled" : "disabled",
        ["HttpProtocolIpv6"] = "disabled",
        ["InstanceMetadataTags"] = metadata.TagsEnabled ? "enabled" : "disabled",
    };

    public static string PublicName(string? address, string region)
    {
        return address is null ? "" : $"ec2-{address.Replace('.', '-')}.{region}.compute.amazonaws.com";
    }

    public static JsonObject Of(SandboxWorld world, InstanceRecord instance)
    {
        JsonObject shape = new()
        {
            ["InstanceId"] = instance.Id,
            ["ImageId"] = instance.Image.ImageId,
            ["State"] = State(instance.State),
            ["InstanceType"] = instance.Type.Name,
            ["Architecture"] = instance.Image.Architecture,
            ["AmiLaunchIndex"] = instance.LaunchIndex,
            ["LaunchTime"] = instance.LaunchTime,
            ["ClientToken"] = instance.ClientToken ?? "",
            ["KeyName"] = instance.KeyPair?.Name,
            ["StateTransitionReason"] = instance.StateReason,
            ["StateReason"] = instance.StateReason.Length > 0
                ? new JsonObject
                {
                    ["Code"] = "Client.UserInitiatedShutdown",
                    ["Message"] = "Client.UserInitiatedShutdown: User initiated shutdown",
                }
                : null,
            ["Placement"] = new JsonObject { ["AvailabilityZone"] = instance.Subnet.Zone, ["GroupName"] = "", ["Tenancy"] = "default" },
            ["Platform"] = instance.Image.Windows ? "windows" : null,
            ["PlatformDetails"] = instance.Image.Windows ? "Windows" : "Linux/UNIX",
            ["UsageOperation"] = instance.Image.Windows ? "RunInstances:0002" : "RunInstances",
            ["Monitoring"] = new JsonObject { ["State"] = "disabled" },
            ["EbsOptimized"] = false,
            ["EnaSupport"] = true,
            ["Hypervisor"] = "xen",
            ["VirtualizationType"] = "hvm",
            ["RootDeviceName"] = instance.Image.RootDevice,
            ["RootDeviceType"] = "ebs",
            ["ProductCodes"] = new JsonArray(),
            ["CpuOptions"] = new JsonObject { ["CoreCount"] = Math.Max(1, instance.Type.Cpus / 2), ["ThreadsPerCore"] = 2 },
            ["HibernationOptions"] = new JsonObject { ["Configured"] = false },
            ["EnclaveOptions"] = new JsonObject { ["Enabled"] = false },
            ["MetadataOptions"] = Metadata(instance.Metadata, instance.State == InstanceState.Pending ? "pending" : "applied"),
            ["IamInstanceProfile"] = instance.Profile is { } profile
                ? new JsonObject { ["Arn"] = profile.Arn, ["Id"] = profile.ProfileId }
                : null,
            ["Tags"] = instance.Tags.Count > 0 ? instance.Tags.ToJson() : null,
        };
        if (instance.State != InstanceState.Terminated)
        {
            Connect(world, instance, shape);
        }

        return shape;
    }

    /// <summary>What a terminated instance no longer has.</summary>
    private static void Connect(SandboxWorld world, InstanceRecord instance, JsonObject shape)
    {
        NetworkInterfaceRecord card = instance.NetworkInterface;
        string privateName = Addresses.PrivateDnsName(card.PrivateIp, world.Region);
        shape["SubnetId"] = instance.Subnet.Id;
        shape["VpcId"] = instance.Subnet.Vpc.Id;
        shape["PrivateIpAddress"] = card.PrivateIp;
        shape["PrivateDnsName"] = privateName;
        shape["PublicIpAddress"] = card.PublicIp;
        shape["PublicDnsName"] = PublicName(card.PublicIp, world.Region);
        shape["SourceDestCheck"] = true;
        shape["SecurityGroups"] = Groups(world, card.GroupIds);
        shape["BlockDeviceMappings"] = new JsonArray(new JsonObject
        {
            ["DeviceName"] = instance.RootVolume.Device,
            ["Ebs"] = new JsonObject
            {
                ["VolumeId"] = instance.RootVolume.Id,
                ["AttachTime"] = instance.RootVolume.Created,
                ["DeleteOnTermination"] = instance.RootVolume.DeleteOnTermination,
                ["Status"] = "attached",
            },
        });
        shape["NetworkInterfaces"] = new JsonArray(new JsonObject
        {
            ["NetworkInterfaceId"] = card.Id,
            ["Attachment"] = new JsonObject
            {
                ["AttachmentId"] = card.AttachmentId,
                ["AttachTime"] = card.Attached,
                ["DeleteOnTermination"] = true,
                ["DeviceIndex"] = 0,
                ["NetworkCardIndex"] = 0,
                ["Status"] = "attached",
            },
            ["Description"] = card.Description,
            ["Groups"] = Groups(world, card.GroupIds),
            ["MacAddress"] = card.MacAddress,
            ["OwnerId"] = world.AccountId,
            ["PrivateDnsName"] = privateName,
            ["PrivateIpAddress"] = card.PrivateIp,
            ["PrivateIpAddresses"] = new JsonArray(new JsonObject
            {
                ["Primary"] = true,
                ["PrivateDnsName"] = privateName,
                ["PrivateIpAddress"] = card.PrivateIp,
            }),
            ["SourceDestCheck"] = true,
            ["Status"] = "in-use",
            ["SubnetId"] = instance.Subnet.Id,
            ["VpcId"] = instance.Subnet.Vpc.Id,
            ["InterfaceType"] = "interface",
        });
    }
}
