using SsmTools.Sandbox.World;

namespace SsmTools.Tests.Support;

/// <summary>Instances put into a sandbox's account without a launch: any number, running, at once.</summary>
internal static class WorldFleet
{
    /// <summary>A running instance of Amazon Linux that nothing but its record stands for.</summary>
    public static InstanceRecord Add(SandboxWorld world, SubnetRecord subnet, string name)
    {
        string id = world.Ids.Ec2("i");
        long sequence = world.NextSequence();
        InstanceRecord instance = new()
        {
            Id = id,
            Sequence = sequence,
            ReservationId = world.Ids.Ec2("r"),
            Image = world.Images[0],
            Type = world.InstanceTypes["t3.nano"],
            Subnet = subnet,
            NetworkInterface = new NetworkFactory(world).Interface(
                subnet, "", "interface", id, [world.Seed.InstanceGroup.Id], Addresses.At(subnet.Cidr, 10 + (int)(sequence % 240))),
            RootVolume = new VolumeRecord
            {
                Id = world.Ids.Ec2("vol"),
                Sequence = world.NextSequence(),
                Zone = subnet.Zone,
                SizeGiB = 8,
                VolumeType = "gp3",
                SnapshotId = world.Images[0].SnapshotId,
                Device = world.Images[0].RootDevice,
                Created = world.Now,
                Encrypted = false,
                DeleteOnTermination = true,
                InstanceId = id,
            },
            LaunchTime = world.Now,
            Metadata = new MetadataSettings { TokenRequired = true, HopLimit = 2 },
            State = InstanceState.Running,
        };
        instance.Tags["Name"] = name;
        world.Instances.Add(id, instance);
        return instance;
    }
}
