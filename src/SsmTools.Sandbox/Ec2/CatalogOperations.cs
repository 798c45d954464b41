using System.Globalization;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ec2;

/// <summary>What there is to choose from: images, instance types, zones, regions.</summary>
internal static class CatalogOperations
{
    private static readonly string[] s_regions =
    [
        "ap-northeast-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1",
        "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2",
    ];

    public static JsonObject DescribeImages(ApiCall call)
    {
        IEnumerable<ImageRecord> images = call.World.Images;
        if (call.Input.Texts("ImageIds") is { Count: > 0 } ids)
        {
            Dictionary<string, ImageRecord> byId = call.World.Images.ToDictionary(image => image.ImageId);
            images = [.. ids.Distinct().Select(id => Ec2Kind.Image.Find(byId, id))];
        }

        if (call.Input.Texts("Owners") is { Count: > 0 } owners)
        {
            images = images.Where(image => owners.Contains(image.OwnerId) || (image.OwnerAlias is string alias && owners.Contains(alias)));
        }

        images = Ec2Filters.Apply(images, call.Input, "Filters", ImageField, _ => null);
        (IReadOnlyList<ImageRecord> page, string? next) = Ec2Listing.Page(call, "DescribeImages", images, image => image.ImageId);
        return new JsonObject { ["Images"] = page.ToJson(Image), ["NextToken"] = next };
    }

    public static JsonObject DescribeInstanceTypes(ApiCall call)
    {
        IReadOnlyDictionary<string, InstanceTypeRecord> all = call.World.InstanceTypes;
        IEnumerable<InstanceTypeRecord> types = all.Values;
        if (call.Input.Texts("InstanceTypes") is { Count: > 0 } names)
        {
            if (names.FirstOrDefault(name => !all.ContainsKey(name) && !name.Contains('*', StringComparison.Ordinal)) is string unknown)
            {
                throw new ServiceError("InvalidInstanceType", $"The following supplied instance types do not exist: [{unknown}]");
            }

            types = types.Where(type => names.Any(
                name => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(name, type.Name, ignoreCase: false)));
        }

        types = Ec2Filters.Apply(types, call.Input, "Filters", TypeField, _ => null);
        (IReadOnlyList<InstanceTypeRecord> page, string? next) = Ec2Listing.Page(call, "DescribeInstanceTypes", types, type => type.Name);
        return new JsonObject { ["InstanceTypes"] = page.ToJson(InstanceType), ["NextToken"] = next };
    }

    public static JsonObject DescribeInstanceTypeOfferings(ApiCall call)
    {
        string kind = call.Text("LocationType") ?? "region";
        IReadOnlyList<string> places = kind == "availability-zone" ? call.World.Zones : [call.World.Region];
        IEnumerable<(string Type, string Place)> offerings =
            call.World.InstanceTypes.Keys.SelectMany(_ => places, (type, place) => (type, place))
                .Where(offer => !call.World.Limits.NotOffered.Contains(offer));
        offerings = Ec2Filters.Apply(
            offerings, call.Input, "Filters",
            static (offer, name) => name switch { "instance-type" => [offer.Type], "location" => [offer.Place], _ => null },
            _ => null);
        (IReadOnlyList<(string Type, string Place)> page, string? next) = Ec2Listing.Page(
            call, "DescribeInstanceTypeOfferings", offerings, offer => $"{offer.Type}\n{offer.Place}");
        return new JsonObject
        {
            ["InstanceTypeOfferings"] = page.ToJson(offer => new JsonObject
            {
                ["InstanceType"] = offer.Type,
                ["LocationType"] = kind,
                ["Location"] = offer.Place,
            }),
            ["NextToken"] = next,
        };
    }

    public static JsonObject DescribeAvailabilityZones(ApiCall call)
    {
        IReadOnlyList<string> names = call.Input.Texts("ZoneNames");
        string region = call.World.Region;
        if (names.Except(call.World.Zones).FirstOrDefault() is string unknown)
        {
            throw Ec2Errors.InvalidValue($"Invalid availability zone: [{unknown}]");
        }

        IEnumerable<string> zones = Ec2Filters.Apply(
            call.World.Zones.Where(zone => names.Count == 0 || names.Contains(zone)), call.Input, "Filters",
            (zone, name) => name switch
            {
                "zone-name" => [zone],
                "region-name" => [region],
                "state" => ["available"],
                "zone-type" => ["availability-zone"],
                "opt-in-status" => ["opt-in-not-required"],
                _ => null,
            },
            _ => null);
        return new JsonObject
        {
            ["AvailabilityZones"] = zones.ToJson(zone => new JsonObject
            {
                ["ZoneName"] = zone,
                ["ZoneId"] = $"{region.Replace("-", "", StringComparison.Ordinal)}-az{zone[^1] - 'a' + 1}",
                ["RegionName"] = region,
                ["GroupName"] = region,
                ["NetworkBorderGroup"] = region,
                ["ZoneType"] = "availability-zone",
                ["OptInStatus"] = "opt-in-not-required",
                ["State"] = "available",
                ["Messages"] = new JsonArray(),
            }),
        };
    }

    public static JsonObject DescribeRegions(ApiCall call)
    {
        IReadOnlyList<string> names = call.Input.Texts("RegionNames");
        if (names.Except(s_regions).FirstOrDefault() is string unknown)
        {
            throw Ec2Errors.InvalidValue($"Invalid region names: [{unknown}]");
        }

        IEnumerable<string> regions = Ec2Filters.Apply(
            s_regions.Where(region => names.Count == 0 || names.Contains(region)), call.Input, "Filters",
            static (region, name) => name switch
            {
                "region-name" => [region],
                "endpoint" => [$"ec2.{region}.amazonaws.com"],
                "opt-in-status" => ["opt-in-not-required"],
                _ => null,
            },
            _ => null);
        return new JsonObject
        {
            ["Regions"] = regions.ToJson(region => new JsonObject
            {
                ["RegionName"] = region,
                ["Endpoint"] = $"ec2.{region}.amazonaws.com",
                ["OptInStatus"] = "opt-in-not-required",
            }),
        };
    }

    private static string?[]? ImageField(ImageRecord image, string name) => name switch
    {
        "image-id" => [image.ImageId],
        "name" => [image.Name],
        "description" => [image.Description],
        "architecture" => [image.Architecture],
        "owner-id" => [image.OwnerId],
        "owner-alias" => [image.OwnerAlias],
        "platform" => [image.Windows ? "windows" : null],
        "state" => ["available"],
        "is-public" => ["true"],
        "root-device-type" => ["ebs"],
        "root-device-name" => [image.RootDevice],
        "virtualization-type" => ["hvm"],
        "hypervisor" => ["xen"],
        "image-type" => ["machine"],
        "ena-support" => ["true"],
        "creation-date" => [Timestamps.ToIso(image.Created, milliseconds: true)],
        _ => null,
    };

    private static JsonObject Image(ImageRecord image) => new()
    {
        ["ImageId"] = image.ImageId,
        ["Name"] = image.Name,
        ["Description"] = image.Description,
        ["Architecture"] = image.Architecture,
        ["OwnerId"] = image.OwnerId,
        ["ImageOwnerAlias"] = image.OwnerAlias,
        ["ImageLocation"] = $"{image.OwnerAlias ?? image.OwnerId}/{image.Name}",
        ["CreationDate"] = Timestamps.ToIso(image.Created, milliseconds: true),
        ["ImageType"] = "machine",
        ["Public"] = true,
        ["State"] = "available",
        ["Platform"] = image.Windows ? "windows" : null,
        ["PlatformDetails"] = image.Windows ? "Windows" : "Linux/UNIX",
        ["UsageOperation"] = image.Windows ? "RunInstances:0002" : "RunInstances",
        ["EnaSupport"] = true,
        ["Hypervisor"] = "xen",
        ["VirtualizationType"] = "hvm",
        ["RootDeviceName"] = image.RootDevice,
        ["RootDeviceType"] = "ebs",
        ["BlockDeviceMappings"] = new JsonArray(new JsonObject
        {
            ["DeviceName"] = image.RootDevice,
            ["Ebs"] = new JsonObject
            {
                ["SnapshotId"] = image.SnapshotId,
                ["VolumeSize"] = image.RootGiB,
                ["VolumeType"] = "gp3",
                ["DeleteOnTermination"] = true,
                ["Encrypted"] = false,
            },
        }),
    };

    private static string?[]? TypeField(InstanceTypeRecord type, string name) => name switch
    {
        "instance-type" => [type.Name],
        "processor-info.supported-architecture" => [type.Architecture],
        "burstable-performance-supported" => [Ec2Filters.Flag(type.Burstable)],
        "current-generation" => [Ec2Filters.Flag(type.Family != "t2")],
        "bare-metal" => ["false"],
        "supported-usage-class" => ["on-demand", "spot"],
        "vcpu-info.default-vcpus" => [type.Cpus.ToString(CultureInfo.InvariantCulture)],
        "memory-info.size-in-mib" => [type.MemoryMiB.ToString(CultureInfo.InvariantCulture)],
        _ => null,
    };

    private static JsonObject InstanceType(InstanceTypeRecord type) => new()
    {
        ["InstanceType"] = type.Name,
        ["CurrentGeneration"] = type.Family != "t2",
        ["FreeTierEligible"] = type.Name is "t2.micro" or "t3.micro",
        ["SupportedUsageClasses"] = new JsonArray("on-demand", "spot"),
        ["SupportedRootDeviceTypes"] = new JsonArray("ebs"),
        ["SupportedVirtualizationTypes"] = new JsonArray("hvm"),
        ["BareMetal"] = false,
        ["Hypervisor"] = type.Family == "t2" ? "xen" : "nitro",
        ["ProcessorInfo"] = new JsonObject { ["SupportedArchitectures"] = new JsonArray(type.Architecture) },
        ["VCpuInfo"] = new JsonObject
        {
            ["DefaultVCpus"] = type.Cpus,
            ["DefaultCores"] = Math.Max(1, type.Cpus / 2),
            ["DefaultThreadsPerCore"] = 2,
        },
        ["MemoryInfo"] = new JsonObject { ["SizeInMiB"] = type.MemoryMiB },
        ["InstanceStorageSupported"] = false,
        ["NetworkInfo"] = new JsonObject { ["MaximumNetworkInterfaces"] = type.Interfaces, ["EnaSupport"] = "required" },
        ["HibernationSupported"] = false,
        ["BurstablePerformanceSupported"] = type.Burstable,
        ["DedicatedHostsSupported"] = false,
        ["AutoRecoverySupported"] = true,
    };
}
