using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Provisioning;

/// <summary>What the rules of security groups let through.</summary>
internal static class SecurityRuleSet
{
    /// <summary>The only port that a node needs: outwards, and into the endpoints.</summary>
    public const int Https = 443;

    /// <summary>Whether one of the permissions covers HTTPS for all of a range.</summary>
    public static bool CoversHttps(IEnumerable<IpPermission> permissions, string cidr) => permissions.Any(permission =>
        CoversHttps(permission) && permission.IpRanges.Exists(range => NetworkCidr.Covers(range.CidrIp, cidr)));

    /// <summary>HTTPS for a range, inwards or outwards.</summary>
    public static IpPermission HttpsFor(string cidr) => new()
    {
        IpProtocol = "tcp",
        FromPort = Https,
        ToPort = Https,
        IpRanges = [new IpRange { CidrIp = cidr, Description = "SsmTools: HTTPS to the endpoints" }],
    };

    private static bool CoversHttps(IpPermission permission) =>
        permission.IpProtocol == "-1"
        || (permission.IpProtocol is "tcp" or "6" && permission.FromPort <= Https && Https <= permission.ToPort);
}
