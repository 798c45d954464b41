using System.Net;

namespace SsmTools.Sandbox.Http;

/// <summary>
/// Tells whether a Host field names this machine. A page in a browser can make any name of its own point at
/// 127.0.0.1 (DNS rebinding); it cannot make the browser say <c>localhost</c> for it.
/// </summary>
internal static class LoopbackHost
{
    /// <summary>Whether the value, with or without a port, is <c>localhost</c> or a loopback address.</summary>
    public static bool IsLoopback(string host)
    {
        string name = host;
        int colon = host.LastIndexOf(':');
        if (colon >= 0 && !host.EndsWith(']'))
        {
            if (!ushort.TryParse(host.AsSpan(colon + 1), out _))
            {
                return false;
            }

            name = host[..colon];
        }

        if (name.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        if (name.StartsWith('[') && name.EndsWith(']'))
        {
            return IPAddress.TryParse(name.AsSpan(1, name.Length - 2), out IPAddress? six) && IPAddress.IsLoopback(six);
        }

        // Only the dotted form: "127.1" and "0x7f000001" are loopback to some resolvers, but nobody sane sends them.
        return name.Count(c => c == '.') == 3 &&
            IPAddress.TryParse(name, out IPAddress? address) && IPAddress.IsLoopback(address);
    }
}
