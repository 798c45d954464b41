using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ec2;

/// <summary>Reads a RunInstances call and refuses what EC2 would refuse, before anything is made.</summary>
internal static class LaunchCheck
{
    private const int MostUserData = 16384;
    private const string ResolveParameter = "resolve:ssm:";

    public static LaunchRequest Read(ApiCall call)
    {
        int count = Count(call);
        if (call.Input["LaunchTemplate"] is not null)
        {
            throw Ec2Errors.Unsupported("launch templates");
        }

        ImageRecord image = Image(call);
        InstanceTypeRecord type = Type(call, image);
        return new LaunchRequest
        {
            Count = count,
            Image = image,
            Type = type,
            Network = LaunchNetwork.Read(call, count),
            Metadata = MetadataOptions.Read(call.Input.Part("MetadataOptions"), Preset(image)),
            Volume = LaunchVolume.Read(call, image),
            InstanceTags = Ec2Tags.Specified(call, "instance", "volume", "network-interface"),
            VolumeTags = Ec2Tags.Specified(call, "volume", "instance", "network-interface"),
            InterfaceTags = Ec2Tags.Specified(call, "network-interface", "instance", "volume"),
            Profile = ProfileLookup.Read(call),
            KeyPair = call.Text("KeyName") is { } key
                ? KeyPairOperations.Find(call.World, key) ?? throw KeyPairOperations.NotFound(key)
                : null,
            UserData = UserData(call),
            ClientToken = call.Text("ClientToken"),
            TerminationProtected = call.Input.Flag("DisableApiTermination") == true,
        };
    }

    private static int Count(ApiCall call)
    {
        int least = call.Input.Int("MinCount") ?? 0;
        int most = call.Input.Int("MaxCount") ?? 0;
        if (least < 1)
        {
            throw Ec2Errors.InvalidValue($"{least}", "minCount", "Expecting a positive integer.");
        }

        return most < least ? throw Ec2Errors.InvalidValue($"{most}", "maxCount", "Must be at least minCount.") : most;
    }

    private static ImageRecord Image(ApiCall call)
    {
        string id = call.Text("ImageId") ?? throw Ec2Errors.Missing("ImageId");
        if (id.StartsWith(ResolveParameter, StringComparison.Ordinal))
        {
            string parameter = id[ResolveParameter.Length..];
            return call.World.Images.FirstOrDefault(image => image.Parameters.Contains(parameter))
                ?? throw Ec2Errors.InvalidValue($"The SSM parameter '{parameter}' does not exist.");
        }

        Ec2Kind.Image.Check(id);
        return call.World.Images.FirstOrDefault(image => image.ImageId == id) ?? throw Ec2Kind.Image.NotFound(id);
    }

    private static InstanceTypeRecord Type(ApiCall call, ImageRecord image)
    {
        string name = call.Text("InstanceType") ?? "t2.micro";
        InstanceTypeRecord type = call.World.InstanceTypes.GetValueOrDefault(name)
            ?? throw Ec2Errors.InvalidValue($"Invalid value '{name}' for InstanceType.");
        return type.Architecture == image.Architecture
            ? type
            : throw Ec2Errors.InvalidValue(
                $"The architecture '{type.Architecture}' of the specified instance type does not match the architecture '{image.Architecture}' of "
                    + "the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again. You can use "
                    + "'describe-instance-types' or 'describe-images' to discover the architecture of the instance type or AMI.");
    }

    /// <summary>What an image asks of metadata when the launch says nothing: newer ones want tokens.</summary>
    private static MetadataSettings Preset(ImageRecord image)
    {
        bool tokens = image is { PlatformName: "Amazon Linux", PlatformVersion: "2023" } or { PlatformName: "Ubuntu" };
        return new MetadataSettings { TokenRequired = tokens, HopLimit = tokens ? 2 : 1 };
    }

    private static string? UserData(ApiCall call)
    {
        if (call.Text("UserData") is not string data)
        {
            return null;
        }

        byte[] decoded = new byte[data.Length];
        if (!Convert.TryFromBase64String(data, decoded, out int length))
        {
            throw Ec2Errors.InvalidValue("Invalid BASE64 encoding of user data.");
        }

        return length > MostUserData ? throw Ec2Errors.InvalidValue("User data is limited to 16384 bytes") : data;
    }
}
