using System.Net.WebSockets;
using System.Reflection;

namespace SsmTools.Engine.Sessions;

/// <summary>
/// Opens WebSockets to stream URLs: dialled as they are, without sub-protocol or compression, not signed, because the
/// token of the first frame is what counts (session-manager-plugin, websocketutil/websocketutil.go).
/// </summary>
/// <param name="timeProvider">The clock of the connecting; the keep-alive is the runtime's and has its own.</param>
/// <param name="keepAlive">The time between two pings, and how long a pong may take.</param>
internal sealed class WebSocketConnector(TimeProvider timeProvider, TimeSpan? keepAlive = null) : ITransportConnector
{
    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(20);

    /// <summary>
    /// .NET 9 and later ask for pongs and give a dead peer up; .NET 8, for which this is compiled, only sends frames
    /// that keep the way open, and there <see cref="KeepAliveSockets"/> must do.
    /// </summary>
    private static readonly PropertyInfo? s_keepAliveTimeout =
        typeof(ClientWebSocketOptions).GetProperty("KeepAliveTimeout", typeof(TimeSpan));

    /// <summary>With the time for the pong: a dead peer is noticed within half a minute.</summary>
    private readonly TimeSpan _keepAlive = keepAlive ?? TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public async Task<IMessageTransport> ConnectAsync(string streamUrl, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(streamUrl, UriKind.Absolute, out Uri? url) || url.Scheme is not ("ws" or "wss"))
        {
            throw new EngineException(
                "SessionProtocolError",
                ErrorKind.ProtocolError,
                "The service named no usable stream URL for the session.",
                "Check that the endpoint is that of AWS Systems Manager.");
        }

        using CancellationTokenSource timeout = new(s_connectTimeout, timeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(
            timeout.Token, cancellationToken);
        CoalescingStream? stream = null;
        using HttpMessageInvoker invoker = KeepAliveSockets.CreateInvoker(upgraded => stream = upgraded);
        ClientWebSocket socket = new();
        try
        {
            socket.Options.KeepAliveInterval = _keepAlive;
            s_keepAliveTimeout?.SetValue(socket.Options, _keepAlive);
            socket.Options.CollectHttpResponseDetails = true;
            await socket.ConnectAsync(url, invoker, either.Token).ConfigureAwait(false);
            return new WebSocketTransport(socket, stream!);
        }
        catch (Exception e)
        {
            string status = socket.HttpStatusCode == 0 ? "" : $" (HTTP status {(int)socket.HttpStatusCode})";
            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            if (e is not (WebSocketException or OperationCanceledException))
            {
                throw;
            }

            throw new EngineException(
                "SessionConnectionFailed",
                timeout.IsCancellationRequested ? ErrorKind.OperationTimeout : ErrorKind.ConnectionError,
                timeout.IsCancellationRequested
                    ? $"{url.Host} did not open the session's stream within {s_connectTimeout.TotalSeconds:0} s."
                    : $"{url.Host} did not open the session's stream{status}.",
                $"Check that this computer reaches {url.Host} on port {url.Port}, through the proxy if there is one.",
                url.Host,
                e);
        }
    }
}
