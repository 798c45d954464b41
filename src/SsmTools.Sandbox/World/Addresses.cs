using System.Net;

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
    /// The first address of a subnet that nobody has. The first four and the last are AWS's own.
    /// </summary>
    public static string? FirstFree(SandboxWorld world, SubnetRecord subnet)
    {
        HashSet<string> taken = world.Interfaces.Values.Where(one => one.Subnet == subnet).Select(one => one.PrivateIp).ToHashSet();
        return Enumerable.Range(4, Size(subnet.Cidr) - 5).Select(i => At(subnet.Cidr, i)).FirstOrDefault(a => !taken.Contains(a));
    }

    private static uint ToNumber(IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        Array.Reverse(bytes);
        return BitConverter.ToUInt32(bytes);
    }
}
