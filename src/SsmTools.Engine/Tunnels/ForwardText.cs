using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SsmTools.Engine.Tunnels;

/// <summary>Reads what somebody writes for a <see cref="Forward"/>.</summary>
internal static class ForwardText
{
    private const string Forms = "Write 5432, 6379:16379 (local port first), rds.internal:3306, 13306:rds.internal:3306, 8443:[fd00::1]:443 or 2375:/var/run/docker.sock.";

    /// <summary>Reads one.</summary>
    /// <exception cref="EngineException">InvalidForward.</exception>
    public static Forward Parse(string text)
    {
        string trimmed = text.Trim();
        int slash = trimmed.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0)
        {
            string before = trimmed[..slash];
            return before switch
            {
                "" => new Forward { RemoteSocket = trimmed },
                _ when before.EndsWith(':') => new Forward
                {
                    LocalPort = ReadPort(text, before[..^1], isLocal: true),
                    RemoteSocket = trimmed[slash..],
                },
                _ => throw Invalid(text, $"'{trimmed}' is neither a port nor the whole path of a socket"),
            };
        }

        string[] parts = Split(text, trimmed);
        return parts switch
        {
            [var port] => new Forward { RemotePort = ReadPort(text, port) },
            [var local, var port] when IsNumber(local) => new Forward
            {
                LocalPort = ReadPort(text, local, isLocal: true),
                RemotePort = ReadPort(text, port),
            },
            [var host, var port] => new Forward { RemoteHost = ReadHost(text, host), RemotePort = ReadPort(text, port) },
            [var local, var host, var port] => new Forward
            {
                LocalPort = ReadPort(text, local, isLocal: true),
                RemoteHost = ReadHost(text, host),
                RemotePort = ReadPort(text, port),
            },
            _ => throw Invalid(text, "it has too many parts; an IPv6 address stands in brackets"),
        };
    }

    /// <summary>Splits at colons, but not within brackets.</summary>
    private static string[] Split(string text, string trimmed)
    {
        int open = trimmed.IndexOf('[', StringComparison.Ordinal);
        if (open < 0)
        {
            return trimmed.Split(':');
        }

        int close = trimmed.IndexOf("]:", open, StringComparison.Ordinal);
        if (close < 0 || (open > 0 && trimmed[open - 1] != ':'))
        {
            throw Invalid(text, "its brackets do not hold an address with a port behind it");
        }

        string host = trimmed[(open + 1)..close];
        if (!IPAddress.TryParse(host, out IPAddress? address) || address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            throw Invalid(text, $"'{host}' is no IPv6 address");
        }

        string[] behind = [host, trimmed[(close + 2)..]];
        return open == 0 ? behind : [trimmed[..(open - 1)], .. behind];
    }

    private static bool IsNumber(string part) => part.Length > 0 && part.All(char.IsAsciiDigit);

    private static int ReadPort(string text, string part, bool isLocal = false)
    {
        if (!IsNumber(part))
        {
            throw Invalid(text, part.Length == 0 ? "a port is missing" : $"'{part}' is no port");
        }

        return int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            && port <= IPEndPoint.MaxPort && (port > 0 || isLocal)
                ? port
                : throw Invalid(text, $"{part} is no port: they go from 1 to {IPEndPoint.MaxPort}");
    }

    /// <summary>Checks one that was not written as text.</summary>
    /// <exception cref="EngineException">InvalidForward.</exception>
    public static void Check(Forward forward)
    {
        if (forward.RemoteSocket is { } socket)
        {
            throw new EngineException(
                "RemoteSocketNotServed",
                ErrorKind.InvalidOperation,
                $"The agent connects to ports only, not to a socket such as {socket}.",
                $"Lend it a port of the node, for example: socat TCP-LISTEN:2375,bind=127.0.0.1,fork UNIX-CONNECT:{socket}; then forward that.",
                socket);
        }

        if (forward.RemoteHost is { } host)
        {
            ReadHost(forward.ToString(), host);
        }
    }

    private static string ReadHost(string text, string part) =>
        IPAddress.TryParse(part, out _) || Uri.CheckHostName(part) == UriHostNameType.Dns
            ? part
            : throw Invalid(text, part.Length == 0 ? "the host is missing" : $"'{part}' is no host name");

    private static EngineException Invalid(string text, string reason) => new(
        "InvalidForward", ErrorKind.InvalidArgument, $"'{text}' says not what to forward: {reason}.", Forms, text);
}
