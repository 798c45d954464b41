using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Diagnosis;

/// <summary>What the rules of security groups say of HTTPS.</summary>
internal static class PortRules
{
    private const int Https = 443;

    /// <summary>Whether a rule is about TCP port 443.</summary>
    public static bool CoverHttps(IpPermission rule) =>
        rule.IpProtocol == "-1"
        || (rule.IpProtocol is "tcp" or "6" && (rule.FromPort ?? 0) <= Https && Https <= (rule.ToPort ?? 65535));

    /// <summary>What a rule is about, for people: <c>tcp 443 to 0.0.0.0/0, sg-1</c>.</summary>
    public static string Describe(IpPermission rule, string direction)
    {
        string ports = rule.IpProtocol == "-1" ? "all traffic"
            : rule.FromPort == rule.ToPort ? $"{rule.IpProtocol} {rule.FromPort}"
            : $"{rule.IpProtocol} {rule.FromPort}-{rule.ToPort}";
        return $"{ports} {direction} {string.Join(", ", Peers(rule))}";
    }

    private static IEnumerable<string> Peers(IpPermission rule) =>
    [
        .. rule.IpRanges.Select(range => range.CidrIp ?? "?"),
        .. rule.Ipv6Ranges.Select(range => range.CidrIpv6 ?? "?"),
        .. rule.UserIdGroupPairs.Select(pair => pair.GroupId ?? "?"),
        .. rule.PrefixListIds.Select(list => list.PrefixListIdValue ?? "?"),
    ];
}
