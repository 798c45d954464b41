using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SsmTools.Sandbox.World;

/// <summary>IPv4 arithmetic and the names that EC2 derives from addresses.</summary>
internal static class Addresses
{
    public static string PrivateDnsName(string address, string region)
    {
        string suffix = region == "us-east-1" ? "ec2.internal" : $"{region}.compute.internal";
        return $"ip-{address.Replace('.', '-')}.{suffix}";
    }

    /// <summary>The address at an offset in a network.</summary>
    public static string At(string cidr, int offset)
    {
        uint network = ToNumber(IPNetwork.Parse(cidr).BaseAddress);
        byte[] bytes = BitConverter.GetBytes(network + (uint)offset);
        Array.Reverse(bytes);
        return new IPAddress(bytes).ToString();
    }

    public static int Size(string cidr) => 1 << (32 - IPNetwork.Parse(cidr).PrefixLength);

    /// <summary>Whether the address lies in the network.</summary>
    public static bool Contains(string cidr, string address)
    {
        return IPNetwork.Parse(cidr).Contains(IPAddress.Parse(address));
    }

    /// <summary>
    /// The addresses of a subnet that nobody has now, in order. The first four and the last are AWS's own.
    /// </summary>
    public static IEnumerable<string> Free(SandboxWorld world, SubnetRecord subnet)
    {
        HashSet<string> taken = world.Interfaces.Values.Where(one => one.Subnet == subnet).Select(one => one.PrivateIp).ToHashSet();
        return Enumerable.Range(4, Size(subnet.Cidr) - 5).Select(i => At(subnet.Cidr, i)).Where(address => !taken.Contains(address));
    }

    /// <summary>
    /// Reads a network and clears the bits behind its prefix, as AWS does; runtimes differ in whether they take such text.
    /// </summary>
    public static bool TryNetwork(string? text, AddressFamily family, out IPNetwork network)
    {
        network = default;
        if (text?.Split('/') is not [string left, string right] || !IPAddress.TryParse(left, out IPAddress? address)
            || address.AddressFamily != family || !int.TryParse(right, NumberStyles.None, CultureInfo.InvariantCulture, out int prefix))
        {
            return false;
        }

        byte[] bytes = address.GetAddressBytes();
        if (prefix > bytes.Length * 8)
        {
            return false;
        }

        for (int bit = prefix; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        network = new IPNetwork(new IPAddress(bytes), prefix);
        return true;
    }

    private static uint ToNumber(IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        Array.Reverse(bytes);
        return BitConverter.ToUInt32(bytes);
    }
}
