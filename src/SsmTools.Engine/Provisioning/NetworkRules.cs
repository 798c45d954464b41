using System.Text.RegularExpressions;

namespace SsmTools.Engine.Provisioning;

/// <summary>What can be seen to be wrong with networks and endpoints before anything is called.</summary>
internal static partial class NetworkRules
{
    /// <summary>No region has more.</summary>
    private const int MaxZones = 8;

    /// <summary>This network, this machine, link-local, multicast and reserved addresses.</summary>
    private static readonly string[] s_reserved =
        ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4"];

    /// <summary>Checks a request.</summary>
    /// <exception cref="EngineException">VpcIdInvalid, SubnetIdInvalid or TagInvalid.</exception>
    public static void Check(EndpointRequest request)
    {
        Require(
            request.VpcId is null ? request.SubnetIds.Count > 0 : IsVpcId(request.VpcId),
            "VpcIdInvalid",
            request.VpcId is null ? "Neither a VPC nor a subnet was named." : $"'{request.VpcId}' is not the id of a VPC.",
            "Give an id such as vpc-0a1b2c3d4e5f67890, or ids of subnets.",
            request.VpcId);
        if (request.SubnetIds.FirstOrDefault(id => !SubnetId().IsMatch(id)) is { } wrong)
        {
            Require(
                false,
                "SubnetIdInvalid",
                $"'{wrong}' is not the id of a subnet.",
                "Give an id such as subnet-0a1b2c3d4e5f67890.",
                wrong);
        }

        TagRules.Check(request.Tags);
    }

    /// <summary>Checks a request.</summary>
    /// <exception cref="EngineException">
    /// NetworkNameInvalid, CidrInvalid, CidrTooSmall, ZoneCountInvalid, TagInvalid.
    /// </exception>
    public static void Check(NetworkRequest request)
    {
        CheckName(request.Name);
        Require(
            request.ZoneCount is null or (>= 1 and <= MaxZones),
            "ZoneCountInvalid",
            $"A network cannot have {request.ZoneCount} zones.",
            $"Ask for 1 to {MaxZones}.",
            request.Name);
        Require(
            request.ZoneCount is null || request.AvailabilityZones.Count == 0
                || request.ZoneCount == request.AvailabilityZones.Count,
            "ZoneCountInvalid",
            $"{request.ZoneCount} zones were asked for, and {request.AvailabilityZones.Count} named.",
            "Give their number or their names, not both.",
            request.Name);
        CheckCidr(request);
        TagRules.Check(request.Tags);
        Require(
            !request.Tags.TryGetValue("Name", out string? tag) || tag == request.Name,
            "TagInvalid",
            $"The name is {request.Name}, but the tags have another one.",
            "Leave the Name tag out of the tags.",
            request.Name);
    }

    /// <summary>Checks a network's name.</summary>
    /// <exception cref="EngineException">NetworkNameInvalid.</exception>
    public static void CheckName(string name) => Require(
        NetworkName().IsMatch(name) && !IdLike().IsMatch(name),
        "NetworkNameInvalid",
        $"'{name}' cannot be the name of a network.",
        "Use 1 to 200 letters, digits, spaces and . _ - : / ( ) # , @ + = &, without wildcards; not what looks like an id.",
        name);

    /// <summary>Checks that a range has room for a subnet in each of so many zones.</summary>
    /// <exception cref="EngineException">CidrTooSmall.</exception>
    public static void CheckRoom(string cidr, int zones)
    {
        if (NetworkCidr.TryRead(cidr, out System.Net.IPNetwork range))
        {
            int longest = NetworkCidr.LongestPrefix - (NetworkCidr.SubnetPrefix(range, zones) - range.PrefixLength);
            Require(
                range.PrefixLength <= longest,
                "CidrTooSmall",
                $"{cidr} is too small for {zones} zones: a subnet cannot be smaller than /{NetworkCidr.LongestPrefix}.",
                $"Use /{longest} or larger, or fewer zones.",
                cidr);
        }
    }

    /// <summary>What the instances' security group is called.</summary>
    public static string InstanceGroupName(string owner) => $"{owner}-instances";

    /// <summary>Whether a text is the id of a VPC rather than a name.</summary>
    public static bool IsVpcId(string text) => VpcId().IsMatch(text);

    /// <summary>What the endpoints' security group is called.</summary>
    public static string EndpointGroupName(string owner) => $"{owner}-endpoints";

    private static void CheckCidr(NetworkRequest request)
    {
        if (request.Cidr is not { } cidr)
        {
            return;
        }

        bool readable = NetworkCidr.TryRead(cidr, out System.Net.IPNetwork range);
        Require(
            readable,
            "CidrInvalid",
            $"'{cidr}' is not an IPv4 range.",
            $"Give one such as {NetworkRequest.DefaultCidr}.",
            cidr);
        Require(
            range.ToString() == cidr,
            "CidrInvalid",
            $"{cidr} is not the beginning of a range of that size.",
            $"Did you mean {range}?",
            cidr);
        Require(
            range.PrefixLength is >= NetworkCidr.ShortestPrefix and <= NetworkCidr.LongestPrefix,
            range.PrefixLength > NetworkCidr.LongestPrefix ? "CidrTooSmall" : "CidrInvalid",
            $"A VPC cannot have the range {cidr}.",
            $"Use a range of /{NetworkCidr.ShortestPrefix} to /{NetworkCidr.LongestPrefix}.",
            cidr);
        Require(
            !s_reserved.Any(reserved => NetworkCidr.Covers(reserved, cidr)),
            "CidrInvalid",
            $"A VPC cannot have the range {cidr}: its addresses stand for something else everywhere.",
            "Use a private range, of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.",
            cidr);
        int zones = request.AvailabilityZones.Count > 0 ? request.AvailabilityZones.Count : request.ZoneCount ?? 1;
        CheckRoom(cidr, zones);
    }

    private static void Require(bool holds, string errorId, string message, string recommendation, string? target)
    {
        if (!holds)
        {
            throw new EngineException(errorId, ErrorKind.InvalidArgument, message, recommendation, target);
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9 ._:/()#,@+=&-]{0,199}\z")]
    private static partial Regex NetworkName();

    [GeneratedRegex(@"\A(vpc|sg)-", RegexOptions.IgnoreCase)]
    private static partial Regex IdLike();

    [GeneratedRegex(@"\Asubnet-([0-9a-f]{8}|[0-9a-f]{17})\z")]
    private static partial Regex SubnetId();

    [GeneratedRegex(@"\Avpc-([0-9a-f]{8}|[0-9a-f]{17})\z")]
    private static partial Regex VpcId();
}
