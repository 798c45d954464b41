using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ec2;

/// <summary>The root volume that a launch asks for.</summary>
internal sealed record LaunchVolume(int SizeGiB, string VolumeType, bool Encrypted, bool DeleteOnTermination)
{
    private static readonly string[] s_types = ["gp2", "gp3", "io1", "io2", "standard", "sc1", "st1"];

    public static LaunchVolume Read(ApiCall call, ImageRecord image)
    {
        JsonObject disk = [];
        foreach (JsonObject mapping in call.Input.Parts("BlockDeviceMappings"))
        {
            if (mapping.Text("DeviceName") != image.RootDevice)
            {
                throw Ec2Errors.Unsupported($"volumes other than the root volume ({image.RootDevice})");
            }

            disk = mapping.Part("Ebs");
        }

        int size = disk.Int("VolumeSize") ?? image.RootGiB;
        if (size < image.RootGiB)
        {
            throw new ServiceError(
                "InvalidBlockDeviceMapping",
                $"Volume of size {size}GB is smaller than snapshot '{image.SnapshotId}', expect size >= {image.RootGiB}GB");
        }

        string type = disk.Text("VolumeType") ?? "gp3";
        return s_types.Contains(type)
            ? new LaunchVolume(size, type, disk.Flag("Encrypted") == true, disk.Flag("DeleteOnTermination") != false)
            : throw Ec2Errors.InvalidValue(type, "volumeType", "Unknown volume type.");
    }
}
