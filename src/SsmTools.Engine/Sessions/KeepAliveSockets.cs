using System.Net;
using System.Net.Sockets;

namespace SsmTools.Engine.Sessions;

/// <summary>
/// Connections on which TCP itself asks whether the other side is still there: after 15 s of silence, and half a minute
/// at most. Only the nearest hop answers to that, a proxy perhaps, so that pings find more where there are some.
/// </summary>
internal static class KeepAliveSockets
{
    private const int SilenceSeconds = 15;
    private const int ProbeSeconds = 3;
    private const int Probes = 5;

    /// <summary>
    /// For one <see cref="System.Net.WebSockets.ClientWebSocket"/>, which takes its connection out of it for itself. The
    /// system's proxy counts, as it does without.
    /// </summary>
    /// <param name="onUpgraded">Told the connection when it is the WebSocket's.</param>
    /// <param name="useProxy">Whether a proxy may be used.</param>
    public static HttpMessageInvoker CreateInvoker(Action<CoalescingStream> onUpgraded, bool useProxy = true)
    {
        Socket? socket = null;
        SocketsHttpHandler connecting = new()
        {
            UseProxy = useProxy,
            PooledConnectionLifetime = TimeSpan.Zero,
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectCallback = async (context, cancellationToken) =>
            {
                socket = await ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        return new HttpMessageInvoker(new UpgradeHandler(connecting, connection =>
        {
            CoalescingStream stream = new(connection, socket);
            onUpgraded(stream);
            return stream;
        }));
    }

    /// <summary>Opens a connection.</summary>
    public static async Task<Socket> ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            SetKeepAlive(socket);
            await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void SetKeepAlive(Socket socket)
    {
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, SilenceSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, ProbeSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
        }
        catch (SocketException)
        {
            // A system that cannot be told: its own keep-alive and the pings must do.
        }
    }
}
