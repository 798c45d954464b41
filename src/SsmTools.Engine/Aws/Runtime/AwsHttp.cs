using Amazon.Runtime;

namespace SsmTools.Engine.Aws.Runtime;

/// <summary>
/// The connections of one context, shared by its clients. An answer is read to its end before anyone sees it, so that
/// the time limit and cancellation cover the body too: AWSSDK.Core reads bodies synchronously and without a limit.
/// </summary>
internal sealed class AwsHttp : HttpClientFactory, IDisposable
{
    private readonly HttpClient _client;

    /// <summary>Creates the connections.</summary>
    /// <param name="timeout">How long one attempt may take, body included.</param>
    /// <param name="transport">What carries calls; null for sockets.</param>
    public AwsHttp(TimeSpan timeout, HttpMessageHandler? transport)
    {
        TimeSpan connectTimeout = TimeSpan.FromSeconds(10);
        transport ??= new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = connectTimeout < timeout ? connectTimeout : timeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        _client = new HttpClient(new WholeBodies(transport)) { Timeout = timeout };
    }

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => _client;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public void Dispose() => _client.Dispose();

    private sealed class WholeBodies(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        private const int MaximumBytes = 64 * 1024 * 1024;

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            try
            {
                await response.Content.LoadIntoBufferAsync(MaximumBytes).WaitAsync(cancellationToken)
                    .ConfigureAwait(false);
                return response;
            }
            catch
            {
                // Closes the connection, which also ends the reading that was given up.
                response.Dispose();
                throw;
            }
        }
    }
}
