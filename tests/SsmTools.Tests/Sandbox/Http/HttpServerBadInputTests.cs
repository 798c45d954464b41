using System.Net;
using SsmTools.Sandbox.Http;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.Http;

/// <summary>What comes from web pages, broken programs and people who try things.</summary>
public sealed class HttpServerBadInputTests : IAsyncLifetime
{
    private readonly HttpLimits _limits = new()
    {
        HeadBytes = 2048,
        HeaderCount = 20,
        BodyBytes = 1000,
        Idle = TimeSpan.FromMilliseconds(300),
        Read = TimeSpan.FromMilliseconds(300),
    };

    private HttpServer _server = null!;
    private int _handled;

    public Task InitializeAsync()
    {
        _server = new HttpServer(new IPEndPoint(IPAddress.Loopback, 0), CountAsync, _limits);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\n\r\n", 403)]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\norigin: null\r\n\r\n", 403)]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: cross-site\r\n\r\n", 403)]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nsec-fetch-site: same-origin\r\n\r\n", 403)]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: none\r\nSec-Fetch-Site: cross-site\r\n\r\n", 403)]
    [InlineData("GET / HTTP/1.1\r\nHost: sandbox.example\r\n\r\n", 403)]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost.example:80\r\n\r\n", 403)]
    [InlineData("GET / HTTP/1.1\r\nHost: 127.0.0.1.nip.io\r\n\r\n", 403)]
    [InlineData("GET / HTTP/1.1\r\nHost: 169.254.169.254\r\n\r\n", 403)]
    [InlineData("GET / HTTP/1.1\r\nHost: \r\n\r\n", 403)]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nHost: example\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost@example\r\n\r\n", 403)]
    [InlineData("GET / HTTP/1.1\r\nHost: [::1].example\r\n\r\n", 403)]
    [InlineData("GET / HTTP/2.0\r\nHost: localhost\r\n\r\n", 505)]
    [InlineData("GET / FTP/1.1\r\nHost: localhost\r\n\r\n", 400)]
    [InlineData("GET /\r\nHost: localhost\r\n\r\n", 400)]
    [InlineData("\r\n\r\n", 400)]
    [InlineData(" / HTTP/1.1\r\nHost: localhost\r\n\r\n", 400)]
    [InlineData("G(T / HTTP/1.1\r\nHost: localhost\r\n\r\n", 400)]
    [InlineData("GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 400)]
    [InlineData("GET /a b HTTP/1.1\r\nHost: localhost\r\n\r\n", 400)]
    [InlineData("GET /\xE9 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost : localhost\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\n folded\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nX: a\nb\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nnocolon\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1, 2\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: +3\r\n\r\nabc", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 501)]
    [InlineData("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1001\r\n\r\n", 413)]
    [InlineData("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501)]
    [InlineData("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n", 413)]
    [InlineData("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n", 400)]
    public async Task It_is_refused_before_the_handler_sees_it(string request, int status)
    {
        using RawHttpClient raw = new(_server.EndPoint);
        await raw.SendAsync(request);

        string answer = await raw.ReadToEndAsync();

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close\r\n", answer, StringComparison.Ordinal);
        Assert.Equal(0, _handled);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:8080")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.2:1")]
    [InlineData("[::1]")]
    [InlineData("[::1]:8080")]
    public async Task Loopback_names_are_let_in(string host)
    {
        using RawHttpClient raw = new(_server.EndPoint);
        await raw.SendAsync($"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200 ", await raw.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_web_socket_from_a_web_page_is_refused()
    {
        using RawHttpClient raw = new(_server.EndPoint);
        await raw.SendAsync(
            "GET /ws HTTP/1.1\r\nHost: localhost\r\nOrigin: https://example.com\r\nConnection: Upgrade\r\n" +
            "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 403 ", await raw.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal(0, _handled);
    }

    [Fact]
    public async Task Heads_that_are_too_long_are_refused()
    {
        using RawHttpClient longField = new(_server.EndPoint);
        await longField.SendAsync("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + new string('x', 3000) + "\r\n\r\n");
        using RawHttpClient manyFields = new(_server.EndPoint);
        await manyFields.SendAsync(
            "GET / HTTP/1.1\r\nHost: localhost\r\n" + string.Concat(Enumerable.Repeat("X: y\r\n", 20)) + "\r\n");

        Assert.StartsWith("HTTP/1.1 431 ", await longField.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 431 ", await manyFields.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal(0, _handled);
    }

    [Theory]
    [InlineData("")]
    [InlineData("GET / HT")]
    [InlineData("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc")]
    [InlineData("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab")]
    public async Task A_client_that_stalls_is_hung_up_on(string start)
    {
        using RawHttpClient raw = new(_server.EndPoint);
        await raw.SendAsync(start);

        Assert.Equal(string.Empty, await raw.ReadToEndAsync());
        Assert.Equal(0, _handled);
    }

    [Fact]
    public async Task Noise_never_stops_the_server()
    {
        Random random = new(4711);
        for (int i = 0; i < 200; i++)
        {
            using RawHttpClient raw = new(_server.EndPoint);
            byte[] noise = new byte[random.Next(1, 400)];
            random.NextBytes(noise);
            noise[random.Next(noise.Length)] = (byte)'\r';
            await raw.Stream.WriteAsync(noise, TestTimeout.Token);
            await raw.SendAsync("\r\n\r\n");
        }

        using HttpClient client = new();
        using HttpResponseMessage response = await client.GetAsync(new Uri(_server.BaseAddress), TestTimeout.Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private Task<HttpResponse> CountAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _handled);
        return Task.FromResult(HttpResponse.Text(200, "in"));
    }
}
