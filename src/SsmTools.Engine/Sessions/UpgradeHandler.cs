using System.Net;

namespace SsmTools.Engine.Sessions;

/// <summary>
/// Puts a stream of its own between a WebSocket and the connection that a server has switched to it: above TLS, unlike what a
/// connect callback gives.
/// </summary>
/// <param name="inner">Connects, and asks.</param>
/// <param name="wrap">Makes the stream.</param>
internal sealed class UpgradeHandler(HttpMessageHandler inner, Func<Stream, Stream> wrap) : DelegatingHandler(inner)
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.SwitchingProtocols)
        {
            Stream connection = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            response.Content = new ConnectionContent(wrap(connection));
        }

        return response;
    }

    /// <summary>A connection in the place where the runtime's WebSocket looks for it.</summary>
    private sealed class ConnectionContent(Stream connection) : HttpContent
    {
        protected override Stream CreateContentReadStream(CancellationToken cancellationToken) => connection;

        protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult(connection);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            throw new NotSupportedException();

        /// <summary>Only done where the answer is no WebSocket's after all.</summary>
        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                connection.Dispose();
            }

            base.Dispose(disposing);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
