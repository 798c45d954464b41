using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SsmTools.Engine.Provisioning;

/// <summary>IPv4 ranges of VPCs and subnets.</summary>
internal static class NetworkCidr
{
    /// <summary>EC2's smallest VPC and smallest subnet.</summary>
    public const int LongestPrefix = 28;

    /// <summary>EC2's largest VPC.</summary>
    public const int ShortestPrefix = 16;

    /// <summary>Reads a range whose bits behind the prefix may be set; the range comes back without them.</summary>
    public static bool TryRead(string text, out IPNetwork range)
    {
        range = default;
        if (text.Split('/') is not [string left, string right]
            || left.Count(character => character == '.') != 3
            || !IPAddress.TryParse(left, out IPAddress? address)
            || address.AddressFamily != AddressFamily.InterNetwork
            || !int.TryParse(right, NumberStyles.None, CultureInfo.InvariantCulture, out int prefix)
            || prefix > 32)
        {
            return false;
        }

        range = new IPNetwork(ToAddress(ToNumber(address) & Mask(prefix)), prefix);
        return true;
    }

    /// <summary>Whether all of a range lies in another one. What is no range lies nowhere.</summary>
    public static bool Covers(string? outer, string inner) =>
        outer is not null && TryRead(outer, out IPNetwork wide) && TryRead(inner, out IPNetwork narrow)
        && wide.PrefixLength <= narrow.PrefixLength && wide.Contains(narrow.BaseAddress);

    /// <summary>Whether two ranges share an address.</summary>
    public static bool Overlap(string one, string other) => Covers(one, other) || Covers(other, one);

    /// <summary>The prefix of subnets so that there is one for each of so many zones.</summary>
    public static int SubnetPrefix(IPNetwork range, int zones)
    {
        int bits = 0;
        while (1 << bits < zones)
        {
            bits++;
        }

        return range.PrefixLength + bits;
    }

    /// <summary>The range cut into pieces of a prefix.</summary>
    public static IEnumerable<string> Split(IPNetwork range, int prefix)
    {
        uint first = ToNumber(range.BaseAddress);
        for (long piece = 0; piece < 1L << (prefix - range.PrefixLength); piece++)
        {
            uint address = first + (uint)(piece << (32 - prefix));
            yield return string.Create(CultureInfo.InvariantCulture, $"{ToAddress(address)}/{prefix}");
        }
    }

    private static uint Mask(int prefix) => prefix == 0 ? 0 : uint.MaxValue << (32 - prefix);

    private static uint ToNumber(IPAddress address) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    private static IPAddress ToAddress(uint number)
    {
        byte[] bytes = new byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new IPAddress(bytes);
    }
}
