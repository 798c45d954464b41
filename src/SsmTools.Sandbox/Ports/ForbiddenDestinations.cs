using System.Net;

namespace SsmTools.Sandbox.Ports;

/// <summary>
/// Addresses that an agent connects nobody to: an instance's metadata and time, name servers, and those that a VPC keeps
/// for itself (amazon-ssm-agent, appconfig/constants.go and session/plugins/port/port.go).
/// </summary>
internal static class ForbiddenDestinations
{
    private static readonly IPAddress[] s_always =
    [
        .. new[]
        {
            "169.254.169.254", "fd00:ec2::254", "169.254.169.253", "fd00:ec2::253", "169.254.169.123", "fd00:ec2::123",
            "169.254.169.250", "169.254.169.251", "fd00:ec2::240",
        }.Select(IPAddress.Parse),
    ];

    /// <summary>Whether an address is one of them.</summary>
    /// <param name="address">The address.</param>
    /// <param name="vpcCidr">The VPC's block, for example <c>10.0.0.0/16</c>; null where there is no VPC.</param>
    public static bool Contains(IPAddress address, string? vpcCidr)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return s_always.Contains(plain)
            || (vpcCidr is not null && IPNetwork.TryParse(vpcCidr, out IPNetwork network) && IsKept(plain, network));
    }

    /// <summary>The first four addresses and the last.</summary>
    private static bool IsKept(IPAddress address, IPNetwork network)
    {
        if (!network.Contains(address))
        {
            return false;
        }

        byte[] bytes = address.GetAddressBytes();
        byte[] first = network.BaseAddress.GetAddressBytes();
        bool isFirst = bytes.AsSpan(0, bytes.Length - 1).SequenceEqual(first.AsSpan(0, first.Length - 1))
            && bytes[^1] - first[^1] is >= 0 and < 4;
        if (isFirst)
        {
            return true;
        }

        for (int bit = network.PrefixLength; bit < bytes.Length * 8; bit++)
        {
            if ((bytes[bit / 8] & (0x80 >> (bit % 8))) == 0)
            {
                return false;
            }
        }

        return true;
    }
}
