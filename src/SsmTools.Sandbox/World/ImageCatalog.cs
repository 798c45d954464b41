using System.Globalization;

namespace SsmTools.Sandbox.World;

/// <summary>The public images, with the parameters under which their publishers name the latest.</summary>
internal static class ImageCatalog
{
    private const string AmazonLinux = "/aws/service/ami-amazon-linux-latest";
    private static readonly DateTimeOffset s_built = new(2026, 10, 28, 18, 4, 33, TimeSpan.Zero);

    public static IReadOnlyList<ImageRecord> Create(IdSource ids)
    {
        List<ImageRecord> images = [];
        foreach (string architecture in new[] { "x86_64", "arm64" })
        {
            string debianName = architecture == "arm64" ? "arm64" : "amd64";
            images.Add(Linux(
                "Amazon Linux", "2023", architecture, "137112412989", "amazon", $"al2023-ami-2023.9.20261027.0-kernel-6.1-{architecture}", true,
                $"{AmazonLinux}/al2023-ami-kernel-default-{architecture}", $"{AmazonLinux}/al2023-ami-kernel-6.1-{architecture}"));
            images.Add(Linux(
                "Amazon Linux", "2023", architecture, "137112412989", "amazon", $"al2023-ami-minimal-2023.9.20261027.0-kernel-6.1-{architecture}", false,
                $"{AmazonLinux}/al2023-ami-minimal-kernel-default-{architecture}"));
            images.Add(Linux(
                "Amazon Linux", "2", architecture, "137112412989", "amazon", $"amzn2-ami-kernel-5.10-hvm-2.0.20261021.0-{architecture}-gp2", true,
                $"{AmazonLinux}/amzn2-ami-hvm-{architecture}-gp2", $"{AmazonLinux}/amzn2-ami-kernel-5.10-hvm-{architecture}-gp2"));
            foreach ((string version, string codeName, string disk) in new[] { ("24.04", "noble", "gp3"), ("22.04", "jammy", "gp2") })
            {
                string path = "/aws/service/canonical/ubuntu/server";
                images.Add(Linux(
                    "Ubuntu", version, architecture, "099720109477", null,
                    $"ubuntu/images/hvm-ssd{(disk == "gp3" ? "-gp3" : "")}/ubuntu-{codeName}-{version}-{debianName}-server-20261022", true,
                    $"{path}/{version}/stable/current/{debianName}/hvm/ebs-{disk}/ami-id",
                    $"{path}/{codeName}/stable/current/{debianName}/hvm/ebs-{disk}/ami-id"));
            }

            images.Add(Linux(
                "Debian GNU/Linux", "12", architecture, "136693071363", null, $"debian-12-{debianName}-20261019-2270", false,
                $"/aws/service/debian/release/12/latest/{debianName}",
                $"/aws/service/debian/release/bookworm/latest/{debianName}"));
        }

        foreach (string year in new[] { "2019", "2022", "2025" })
        {
            foreach (string edition in new[] { "Full", "Core" })
            {
                images.Add(Windows(year, edition));
            }
        }

        // Later than the others, so that ids drawn from a seed stay as they were.
        foreach (string architecture in new[] { "x86_64", "arm64" })
        {
            string debianName = architecture == "arm64" ? "arm64" : "amd64";
            images.Add(Linux(
                "Ubuntu", "20.04", architecture, "099720109477", null,
                $"ubuntu/images/hvm-ssd/ubuntu-focal-20.04-{debianName}-server-20250530", true,
                $"/aws/service/canonical/ubuntu/server/20.04/stable/current/{debianName}/hvm/ebs-gp2/ami-id",
                $"/aws/service/canonical/ubuntu/server/focal/stable/current/{debianName}/hvm/ebs-gp2/ami-id"));
            images.Add(Linux(
                "Debian GNU/Linux", "13", architecture, "136693071363", null, $"debian-13-{debianName}-20261019-2270", false,
                $"/aws/service/debian/release/13/latest/{debianName}",
                $"/aws/service/debian/release/trixie/latest/{debianName}"));
            images.Add(Linux(
                "SLES", "15.7", architecture, "013907871322", "amazon", $"suse-sles-15-sp7-v20261015-hvm-ssd-{architecture}", true,
                $"/aws/service/suse/sles/15-sp7/{architecture}/latest"));
        }

        return images;

        ImageRecord Linux(
            string platform, string version, string architecture, string owner, string? alias, string name, bool agent, params string[] parameters)
        {
            return new ImageRecord
            {
                ImageId = ids.Ec2("ami"),
                Name = name,
                Description = $"{platform} {version} {architecture}",
                Architecture = architecture,
                OwnerId = owner,
                OwnerAlias = alias,
                Parameters = parameters,
                HasAgent = agent,
                AgentVersion = version == "2" ? AgentRelease.Earlier : AgentRelease.Latest,
                RootDevice = platform == "Ubuntu" ? "/dev/sda1" : "/dev/xvda",
                RootGiB = 8,
                Created = s_built,
                PlatformName = platform,
                PlatformVersion = version,
                SnapshotId = ids.Ec2("snap"),
            };
        }

        ImageRecord Windows(string year, string edition)
        {
            string build = year switch { "2019" => "17763", "2022" => "20348", _ => "26100" };
            return new ImageRecord
            {
                ImageId = ids.Ec2("ami"),
                Name = $"Windows_Server-{year}-English-{edition}-Base-2026.10.14",
                Description = $"Microsoft Windows Server {year} {edition} Locale English AMI provided by Amazon",
                Architecture = "x86_64",
                OwnerId = "801119661308",
                OwnerAlias = "amazon",
                Parameters = [$"/aws/service/ami-windows-latest/Windows_Server-{year}-English-{edition}-Base"],
                HasAgent = true,
                RootDevice = "/dev/sda1",
                RootGiB = 30,
                Created = s_built,
                PlatformName = string.Create(CultureInfo.InvariantCulture, $"Microsoft Windows Server {year} Datacenter"),
                PlatformVersion = $"10.0.{build}",
                Windows = true,
                SnapshotId = ids.Ec2("snap"),
            };
        }
    }
}
