using System.Net.WebSockets;
using SsmTools.Engine.Sessions;

namespace SsmTools.Tests.Support;

/// <summary>
/// Opens links as the product does, but by TLS, and trusting one authority only: of a stream URL, the path and query count.
/// </summary>
/// <param name="endpoint">Where the gateway listens with TLS, <c>https://host:port</c>.</param>
/// <param name="caFile">The authority.</param>
internal sealed class TlsConnector(string endpoint, string caFile) : ITransportConnector
{
    public async Task<IMessageTransport> ConnectAsync(string streamUrl, CancellationToken cancellationToken)
    {
        UriBuilder url = new(new Uri(new Uri(endpoint), new Uri(streamUrl).PathAndQuery)) { Scheme = "wss" };
        CoalescingStream? stream = null;
        using HttpMessageInvoker invoker = new(new UpgradeHandler(
            TrustingClient.CreateHandler(caFile), upgraded => stream = new CoalescingStream(upgraded)));
        ClientWebSocket socket = new();
        await socket.ConnectAsync(url.Uri, invoker, cancellationToken);
        return new WebSocketTransport(socket, stream!);
    }
}
