using System.Net;
using System.Net.Sockets;

namespace SsmTools.Engine.Diagnosis;

/// <summary>Ranges of IPv4 addresses.</summary>
internal static class Cidr
{
    /// <summary>All of them.</summary>
    public const string Everywhere = "0.0.0.0/0";

    /// <summary>Whether a range holds an address, or the whole of another range.</summary>
    public static bool Contains(string? range, string? other) =>
        IPNetwork.TryParse(range, out IPNetwork outer) && outer.BaseAddress.AddressFamily == AddressFamily.InterNetwork
        && (IPNetwork.TryParse(other, out IPNetwork inner)
            ? inner.PrefixLength >= outer.PrefixLength && outer.Contains(inner.BaseAddress)
            : IPAddress.TryParse(other, out IPAddress? address) && outer.Contains(address));
}
