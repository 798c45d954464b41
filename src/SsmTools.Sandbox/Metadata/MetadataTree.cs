using System.Text.Json;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Metadata;

/// <summary>What an instance's metadata says, by path. Directories are listed by the names below them.</summary>
internal sealed class MetadataTree(SandboxWorld world, InstanceRecord instance, MetadataCredentials credentials)
{
    private const string IdentityPath = "meta-data/identity-credentials/ec2/security-credentials/ec2-instance";

    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    /// <summary>The text at a path below <c>/latest/</c>; null where there is nothing.</summary>
    public string? Read(string path)
    {
        string key = path.TrimEnd('/');
        if (key.StartsWith("meta-data/iam/security-credentials/", StringComparison.Ordinal))
        {
            return credentials.Describe(key[(key.LastIndexOf('/') + 1)..])?.ToJsonString(s_indented);
        }

        if (key == IdentityPath)
        {
            return credentials.DescribeIdentity().ToJsonString(s_indented);
        }

        SortedDictionary<string, string> leaves = Leaves();
        if (leaves.TryGetValue(key, out string? value))
        {
            return value;
        }

        string prefix = key.Length == 0 ? "" : key + "/";
        List<string> names = leaves.Keys
            .Where(leaf => leaf.StartsWith(prefix, StringComparison.Ordinal))
            .Select(leaf => leaf[prefix.Length..].Split('/', 2) is [string directory, _] ? directory + "/" : leaf[prefix.Length..])
            .Distinct(StringComparer.Ordinal)
            .ToList();
        return names.Count == 0 ? null : string.Join('\n', names);
    }

    private SortedDictionary<string, string> Leaves()
    {
        lock (world.Gate)
        {
            SortedDictionary<string, string> leaves = new(StringComparer.Ordinal);
            AddInstance(leaves);
            AddNetwork(leaves);
            AddProfile(leaves);
            AddPushedKeys(leaves);
            leaves[IdentityPath] = "";
            leaves["dynamic/instance-identity/document"] = IdentityDocument();
            if (instance.Metadata.TagsEnabled)
            {
                foreach ((string name, string value) in instance.Tags)
                {
                    leaves[$"meta-data/tags/instance/{name}"] = value;
                }
            }

            if (DecodeUserData() is string userData)
            {
                leaves["user-data"] = userData;
            }

            return leaves;
        }
    }

    private void AddInstance(SortedDictionary<string, string> leaves)
    {
        leaves["meta-data/ami-id"] = instance.Image.ImageId;
        leaves["meta-data/ami-launch-index"] = $"{instance.LaunchIndex}";
        leaves["meta-data/hostname"] = HostName;
        leaves["meta-data/instance-action"] = "none";
        leaves["meta-data/instance-id"] = instance.Id;
        leaves["meta-data/instance-life-cycle"] = "on-demand";
        leaves["meta-data/instance-type"] = instance.Type.Name;
        leaves["meta-data/placement/availability-zone"] = instance.Subnet.Zone;
        leaves["meta-data/placement/region"] = world.Region;
        leaves["meta-data/profile"] = "default-hvm";
        leaves["meta-data/reservation-id"] = instance.ReservationId;
        leaves["meta-data/services/domain"] = "amazonaws.com";
        leaves["meta-data/services/partition"] = "aws";
    }

    private void AddNetwork(SortedDictionary<string, string> leaves)
    {
        string mac = instance.NetworkInterface.MacAddress;
        string[] groups = [.. instance.NetworkInterface.GroupIds];
        string groupNames = string.Join('\n', groups.Select(id => world.SecurityGroups.TryGetValue(id, out SecurityGroupRecord? group) ? group.Name : id));
        leaves["meta-data/local-hostname"] = HostName;
        leaves["meta-data/local-ipv4"] = instance.PrivateIp;
        leaves["meta-data/mac"] = mac;
        leaves["meta-data/security-groups"] = groupNames;
        if (instance.PublicIp is string publicIp)
        {
            leaves["meta-data/public-ipv4"] = publicIp;
        }

        string prefix = $"meta-data/network/interfaces/macs/{mac}";
        leaves[$"{prefix}/device-number"] = "0";
        leaves[$"{prefix}/interface-id"] = instance.NetworkInterface.Id;
        leaves[$"{prefix}/local-ipv4s"] = instance.PrivateIp;
        leaves[$"{prefix}/mac"] = mac;
        leaves[$"{prefix}/owner-id"] = world.AccountId;
        leaves[$"{prefix}/security-group-ids"] = string.Join('\n', groups);
        leaves[$"{prefix}/subnet-id"] = instance.Subnet.Id;
        leaves[$"{prefix}/subnet-ipv4-cidr-block"] = instance.Subnet.Cidr;
        leaves[$"{prefix}/vpc-id"] = instance.Subnet.Vpc.Id;
        leaves[$"{prefix}/vpc-ipv4-cidr-block"] = instance.Subnet.Vpc.Cidr;
    }

    private void AddProfile(SortedDictionary<string, string> leaves)
    {
        if (instance.Profile is not { } profile)
        {
            return;
        }

        leaves["meta-data/iam/info"] = new JsonObject
        {
            ["Code"] = "Success",
            ["LastUpdated"] = MetadataCredentials.Timestamp(profile.Since),
            ["InstanceProfileArn"] = profile.Arn,
            ["InstanceProfileId"] = profile.ProfileId,
        }.ToJsonString(s_indented);
        if (credentials.RoleName is string role)
        {
            // The directory's listing only: what lies at the name itself is made when it is asked for.
            leaves[$"meta-data/iam/security-credentials/{role}"] = "";
        }
    }

    private void AddPushedKeys(SortedDictionary<string, string> leaves)
    {
        foreach (IGrouping<string, PushedKey> user in instance.PushedKeys.Where(key => key.Until > world.Now).GroupBy(key => key.User))
        {
            leaves[$"meta-data/managed-ssh-keys/active-keys/{user.Key}"] = string.Join('\n', user.Select(key => key.PublicKey));
        }
    }

    private string HostName => Addresses.PrivateDnsName(instance.PrivateIp, world.Region);

    private string IdentityDocument() => new JsonObject
    {
        ["accountId"] = world.AccountId,
        ["architecture"] = instance.Image.Architecture,
        ["availabilityZone"] = instance.Subnet.Zone,
        ["billingProducts"] = null,
        ["devpayProductCodes"] = null,
        ["marketplaceProductCodes"] = null,
        ["imageId"] = instance.Image.ImageId,
        ["instanceId"] = instance.Id,
        ["instanceType"] = instance.Type.Name,
        ["kernelId"] = null,
        ["pendingTime"] = MetadataCredentials.Timestamp(instance.LaunchTime),
        ["privateIp"] = instance.PrivateIp,
        ["ramdiskId"] = null,
        ["region"] = world.Region,
        ["version"] = "2017-09-30",
    }.ToJsonString(s_indented);

    private string? DecodeUserData()
    {
        byte[] bytes = new byte[instance.UserData?.Length ?? 0];
        return instance.UserData is { Length: > 0 } data && Convert.TryFromBase64String(data, bytes, out int length)
            ? System.Text.Encoding.UTF8.GetString(bytes, 0, length)
            : null;
    }
}
