using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Provisioning;

/// <summary>
/// The client token of one instance of a named request. It is a digest of all that is sent, the instance's place among
/// its like, and the number of predecessors that were terminated. So a run that was killed, and whose instance EC2 does
/// not list yet, is answered with that same instance when it is repeated; and a request changed in any point gets a
/// token of its own, which EC2 would otherwise refuse as IdempotentParameterMismatch.
/// </summary>
internal static class LaunchToken
{
    /// <summary>Derives the token: 64 characters at most, as EC2 demands.</summary>
    public static string Derive(RunInstancesRequest request, string region, int place, int predecessors)
    {
        StringBuilder text = new();
        Add(text, region);
        Add(text, request.SubnetId);
        Add(text, request.ImageId);
        Add(text, request.InstanceType);
        Add(text, request.IamInstanceProfile?.Name);
        Add(text, request.IamInstanceProfile?.Arn);
        Add(text, request.UserData);
        Add(text, request.MetadataOptions?.HttpPutResponseHopLimit?.ToString(CultureInfo.InvariantCulture));
        Add(text, string.Join(',', request.SecurityGroupIds));
        if (request.KeyName is not null)
        {
            Add(text, request.KeyName); // only then, so that tokens of before are those of now
        }

        foreach (Tag tag in request.TagSpecifications
            .SelectMany(specification => specification.Tags)
            .OrderBy(tag => tag.Key, StringComparer.Ordinal))
        {
            Add(text, tag.Key);
            Add(text, tag.Value);
        }

        Add(text, place.ToString(CultureInfo.InvariantCulture));
        Add(text, predecessors.ToString(CultureInfo.InvariantCulture));
        byte[] digest = SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
        return "ssmtools-" + Convert.ToHexString(digest, 0, 24);
    }

    /// <summary>A caller's own token, for one of several subnets.</summary>
    public static string OfSubnet(string token, string subnetId)
    {
        StringBuilder text = new();
        Add(text, token);
        Add(text, subnetId);
        return "ssmtools-" + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())), 0, 24);
    }

    // With its length in front, no two lists of values read the same.
    private static void Add(StringBuilder text, string? value) =>
        text.Append(CultureInfo.InvariantCulture, $"{value?.Length ?? -1}:{value};");
}
