using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using SsmTools.Sandbox.Http;

namespace SsmTools.Tests.Support;

/// <summary>Clients that trust one authority and nobody else, as one told by SSL_CERT_FILE does.</summary>
internal static class TrustingClient
{
    /// <summary>An HTTP client that believes the certificates of the authority in a file.</summary>
    public static HttpClient Create(string caFile) => new(CreateHandler(caFile));

    /// <summary>The same, for clients that bring their own.</summary>
    public static SocketsHttpHandler CreateHandler(string caFile) => new()
    {
        UseProxy = false,
        SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { X509Certificate2.CreateFromPem(File.ReadAllText(caFile)) },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        },
    };

    /// <summary>Sends a request that was made and signed for another way.</summary>
    public static async Task<HttpResponseMessage> SendAsync(this HttpClient client, string endpoint, HttpRequest request)
    {
        using HttpRequestMessage message = new(new HttpMethod(request.Method), endpoint + request.RawTarget);
        message.Content = new ByteArrayContent(request.Body);
        foreach ((string name, string value) in request.Headers)
        {
            if (name == "Content-Type")
            {
                message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(value);
            }
            else
            {
                message.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return await client.SendAsync(message, TestTimeout.Token);
    }
}
