using System.Net;
using System.Net.Sockets;

namespace SsmTools.Engine.Tunnels;

/// <summary>The local end of a tunnel: binds the address, and says in words what is in the way.</summary>
internal static class TunnelListener
{
    private const int Backlog = 512;
    private const int FirstUnprivilegedPort = 1024;

    /// <summary>The address that somebody named.</summary>
    /// <exception cref="EngineException">InvalidLocalAddress.</exception>
    public static IPAddress ReadAddress(string address) => address switch
    {
        "*" => IPAddress.Any,
        _ when string.Equals(address, "localhost", StringComparison.OrdinalIgnoreCase) => IPAddress.Loopback,
        _ when IPAddress.TryParse(address.Trim('[', ']'), out IPAddress? parsed) => parsed,
        _ => throw new EngineException(
            "InvalidLocalAddress",
            ErrorKind.InvalidArgument,
            $"'{address}' is no address of this computer to listen on.",
            "Give an IP address such as 127.0.0.1 or ::1, localhost, or * for all addresses.",
            address),
    };

    /// <summary>Listens for a tunnel, where its options make sense.</summary>
    /// <exception cref="EngineException">InvalidLocalAddress, InvalidForward, RemoteSocketNotServed, SocksNotLocal, and those of listening.</exception>
    public static Socket Listen(TunnelOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Sessions, 1);
        IPAddress address = ReadAddress(options.LocalAddress);
        ForwardText.Check(options.Forward);
        if (options.IsDynamic && !IPAddress.IsLoopback(address))
        {
            throw new EngineException(
                "SocksNotLocal",
                ErrorKind.InvalidArgument,
                $"A SOCKS port asks nobody who he is, so it is not opened at {address}: whoever reaches it would reach all that {options.Target} does.",
                "Leave -LocalAddress out, or give 127.0.0.1 or ::1.",
                options.LocalAddress);
        }

        return Listen(address, options.Forward.LocalPort);
    }

    /// <summary>Listens.</summary>
    /// <exception cref="EngineException">
    /// LocalPortInUse, LocalPortForbidden, LocalAddressNotAvailable, LocalPortNotUsable.
    /// </exception>
    public static Socket Listen(IPAddress address, int port)
    {
        Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (OperatingSystem.IsWindows())
            {
                socket.ExclusiveAddressUse = true; // else another program could take connections away
            }

            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(Backlog);
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw Explain(e, address, port);
        }
    }

    private static EngineException Explain(SocketException e, IPAddress address, int port)
    {
        string endPoint = new IPEndPoint(address, port).ToString();
        return e.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => new EngineException(
                "LocalPortInUse",
                ErrorKind.ResourceBusy,
                $"Local port {port} is in use{(PortHolder.Find(port) is { } holder ? $" by {holder}" : "")}.",
                "Name another local port, or none for one that is free; a tunnel of this shell is ended by Remove-SsmTunnel.",
                endPoint,
                e),
            SocketError.AccessDenied => new EngineException(
                "LocalPortForbidden",
                ErrorKind.PermissionDenied,
                port < FirstUnprivilegedPort
                    ? $"Local port {port} may be opened by administrators only, as all below {FirstUnprivilegedPort}."
                    : $"Local port {port} may not be opened: the system keeps it for something else.",
                port < FirstUnprivilegedPort ? $"Name a higher one, {port + 8000} for example." : "Name another local port, or none for one that is free.",
                endPoint,
                e),
            SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported => new EngineException(
                "LocalAddressNotAvailable",
                ErrorKind.InvalidArgument,
                $"{address} is no address of this computer.",
                "Give one that it has, or leave -LocalAddress out for 127.0.0.1.",
                endPoint,
                e),
            _ => new EngineException(
                "LocalPortNotUsable",
                ErrorKind.ConnectionError,
                $"Nothing can be opened at {endPoint}: {e.Message}.",
                "Name another local port or address.",
                endPoint,
                e),
        };
    }
}
