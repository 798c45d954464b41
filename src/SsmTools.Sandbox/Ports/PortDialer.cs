using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SsmTools.Sandbox.Ports;

/// <summary>Connects to a port session's destination, whose name was resolved once, at the session's start.</summary>
internal sealed class PortDialer
{
    private static readonly IPAddress[] s_self = [IPAddress.Loopback, IPAddress.IPv6Loopback];
    private readonly IPAddress[] _addresses;
    private readonly int _port;

    private PortDialer(IPAddress[] addresses, int port)
    {
        _addresses = addresses;
        _port = port;
    }

    /// <summary>Finds out where a session leads.</summary>
    /// <param name="plan">What the document says.</param>
    /// <param name="vpcCidr">The VPC of the node; null for none.</param>
    /// <param name="resolve">From a name to its addresses.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="PortException">Nowhere, or where it must not.</exception>
    public static async Task<PortDialer> ResolveAsync(
        PortPlan plan, string? vpcCidr, Func<string, CancellationToken, Task<IPAddress[]>> resolve, CancellationToken cancellationToken)
    {
        if (plan.Port.Length == 0)
        {
            throw new PortException($"Port number is empty in session properties. {plan.Properties}");
        }

        if (!int.TryParse(plan.Port, NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port is < 1 or > IPEndPoint.MaxPort)
        {
            throw new PortException($"Unable to connect to specified port: dial tcp: address {plan.Port}: invalid port");
        }

        if (plan.Host.Length == 0)
        {
            return new PortDialer(s_self, port);
        }

        IPAddress[] addresses;
        try
        {
            addresses = await resolve(plan.Host, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            throw new PortException($"lookup {plan.Host}: no such host", e);
        }

        return Array.Exists(addresses, address => ForbiddenDestinations.Contains(address, vpcCidr))
            ? throw new PortException($"Forwarding to IP address {plan.Host} is forbidden.")
            : new PortDialer(addresses, port);
    }

    /// <summary>Connects: every address in turn. The failure of the first counts.</summary>
    /// <exception cref="PortException">None answered.</exception>
    public async Task<Socket> DialAsync(CancellationToken cancellationToken)
    {
        PortException? first = null;
        foreach (IPAddress address in _addresses)
        {
            Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address, _port, cancellationToken).ConfigureAwait(false);
                return socket;
            }
            catch (SocketException e)
            {
                socket.Dispose();
                first ??= new PortException($"dial tcp {new IPEndPoint(address, _port)}: connect: {Words(e)}", e);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw first ?? new PortException("missing address");
    }

    /// <summary>The operating system's words, as the real agent has them.</summary>
    private static string Words(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.TimedOut => "connection timed out",
        SocketError.HostUnreachable => "no route to host",
        SocketError.NetworkUnreachable => "network is unreachable",
        _ => e.Message,
    };
}
