using System.Net;
using SsmTools.Sandbox.Http;
using HttpContentHeaders = System.Net.Http.Headers.HttpHeaders;

namespace SsmTools.Tests.Support;

/// <summary>Carries a client's requests to a sandbox, and its answers back, without sockets.</summary>
internal sealed class MemoryWire(Func<HttpRequest, CancellationToken, Task<HttpResponse>> handle) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        HttpRequest request = await ReadAsync(message, cancellationToken);
        HttpResponse response = await handle(request, cancellationToken);
        HttpResponseMessage answer = new((HttpStatusCode)response.Status)
        {
            Content = new ByteArrayContent(response.Body),
            RequestMessage = message,
        };
        foreach ((string name, string value) in response.Headers)
        {
            HttpContentHeaders headers = name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) ? answer.Content.Headers : answer.Headers;
            headers.TryAddWithoutValidation(name, value);
        }

        return answer;
    }

    private static async Task<HttpRequest> ReadAsync(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        HttpRequest request = new()
        {
            Method = message.Method.Method,
            RawTarget = message.RequestUri!.PathAndQuery,
            Body = message.Content is null ? [] : await message.Content.ReadAsByteArrayAsync(cancellationToken),
        };
        foreach ((string name, IEnumerable<string> values) in
            message.Content is null ? message.Headers : message.Headers.Concat(message.Content.Headers))
        {
            request.Headers.Add(name, string.Join(name == "User-Agent" ? ' ' : ',', values));
        }

        request.Headers["Host"] ??= message.RequestUri.Authority;
        return request;
    }
}
