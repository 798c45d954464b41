using System.Net;
using System.Net.WebSockets;
using System.Text;
using SsmTools.Sandbox.Http;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.Http;

public sealed class HttpServerTests : IAsyncLifetime
{
    private readonly HttpServer _server = new(
        new IPEndPoint(IPAddress.Loopback, 0), EchoAsync, new HttpLimits { BodyBytes = 64 * 1024 });

    private readonly HttpClient _client = new(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) });

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_request_arrives_with_method_path_query_fields_and_body()
    {
        using HttpRequestMessage request = new(HttpMethod.Post, _server.BaseAddress + "/a%20b/c?x=1%2B1&y=a+b&z");
        request.Content = new StringContent("hello");
        request.Headers.Add("X-Test", "value");

        using HttpResponseMessage response = await _client.SendAsync(request, TestTimeout.Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(
            "POST|/a b/c|/a%20b/c?x=1%2B1&y=a+b&z|x=1+1;y=a b;z=|value|hello",
            await response.Content.ReadAsStringAsync(TestTimeout.Token));
        Assert.NotNull(response.Headers.Date);
    }

    [Fact]
    public async Task A_connection_serves_request_after_request_even_when_they_come_at_once()
    {
        using RawHttpClient raw = new(_server.EndPoint);
        await raw.SendAsync(
            "GET /1 HTTP/1.1\r\nHost: localhost\r\n\r\n" +
            "POST /2 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc" +
            "GET /3 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        string answer = await raw.ReadToEndAsync();

        Assert.Equal(3, answer.Split("HTTP/1.1 200 OK").Length - 1);
        Assert.Contains("GET|/1|", answer, StringComparison.Ordinal);
        Assert.Contains("|abc", answer, StringComparison.Ordinal);
        Assert.Contains("GET|/3|", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chunks_are_put_together_and_trailers_skipped()
    {
        using RawHttpClient raw = new(_server.EndPoint);
        await raw.SendAsync("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
        await raw.SendAsync("5;name=value\r\nhello\r\n");
        await raw.SendAsync("6\r\n world\r\n0\r\nTrailer: x\r\n\r\n");

        Assert.EndsWith("|hello world", await raw.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_waits_for_100_continue_gets_it()
    {
        using HttpRequestMessage request = new(HttpMethod.Put, _server.BaseAddress + "/");
        request.Headers.ExpectContinue = true;
        request.Content = new StringContent("waited");

        using HttpResponseMessage response = await _client.SendAsync(request, TestTimeout.Token);

        Assert.EndsWith("|waited", await response.Content.ReadAsStringAsync(TestTimeout.Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_http_1_0_client_gets_its_answer_and_the_end_of_the_connection()
    {
        using RawHttpClient raw = new(_server.EndPoint);
        await raw.SendAsync("GET /old HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n");

        Assert.Contains("GET|/old|", await raw.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_head_request_gets_the_length_but_not_the_body()
    {
        using RawHttpClient raw = new(_server.EndPoint);
        await raw.SendAsync("HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        string answer = await raw.ReadToEndAsync();
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Content-Length: 0", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handler_that_fails_is_a_500_and_the_server_goes_on()
    {
        using HttpResponseMessage failed = await _client.GetAsync(new Uri(_server.BaseAddress + "/fail"), TestTimeout.Token);
        using HttpResponseMessage next = await _client.GetAsync(new Uri(_server.BaseAddress + "/"), TestTimeout.Token);

        Assert.Equal(HttpStatusCode.InternalServerError, failed.StatusCode);
        Assert.DoesNotContain("secret", await failed.Content.ReadAsStringAsync(TestTimeout.Token), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Fact]
    public async Task A_web_socket_carries_text_and_binary_both_ways()
    {
        using ClientWebSocket socket = new();
        await socket.ConnectAsync(new Uri($"ws://{_server.EndPoint}/ws"), TestTimeout.Token);
        byte[] buffer = new byte[70_000];

        foreach (int length in new[] { 1, 125, 126, 65_536 })
        {
            byte[] sent = new byte[length];
            new Random(length).NextBytes(sent);
            await socket.SendAsync(sent, WebSocketMessageType.Binary, endOfMessage: true, TestTimeout.Token);
            int received = 0;
            while (received < length)
            {
                received += (await socket.ReceiveAsync(buffer.AsMemory(received), TestTimeout.Token)).Count;
            }

            Assert.Equal(sent, buffer[..length]);
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, TestTimeout.Token);
    }

    [Fact]
    public async Task Frames_sent_together_with_the_upgrade_request_are_not_lost()
    {
        using RawHttpClient raw = new(_server.EndPoint);

        // A masked text frame "hi" with a mask of zeros.
        await raw.SendAsync(Upgrade() + "\x81\x82\0\0\0\0hi");

        Assert.EndsWith("\r\n\r\n\x81\x02hi", await raw.ReadUntilAsync("\x02hi"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_accept_field_is_the_one_of_the_specification()
    {
        using RawHttpClient raw = new(_server.EndPoint);
        await raw.SendAsync(Upgrade());

        string head = await raw.ReadUntilAsync("\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 101 ", head, StringComparison.Ordinal);
        Assert.Contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n", head, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "websocket", "8", "dGhlIHNhbXBsZSBub25jZQ==", 426)]
    [InlineData("GET", "h2c", "13", "dGhlIHNhbXBsZSBub25jZQ==", 426)]
    [InlineData("POST", "websocket", "13", "dGhlIHNhbXBsZSBub25jZQ==", 426)]
    [InlineData("GET", "websocket", "13", "c2hvcnQ=", 400)]
    [InlineData("GET", "websocket", "13", "!!!!!!!!!!!!!!!!!!!!!!!!", 400)]
    public async Task An_improper_upgrade_is_refused(string method, string protocol, string version, string key, int status)
    {
        using RawHttpClient raw = new(_server.EndPoint);
        await raw.SendAsync(
            $"{method} /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: {protocol}\r\n" +
            $"Sec-WebSocket-Version: {version}\r\nSec-WebSocket-Key: {key}\r\n\r\n");

        Assert.StartsWith($"HTTP/1.1 {status} ", await raw.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Malformed_web_socket_frames_end_their_connection_and_nothing_else()
    {
        Random random = new(20261122);
        for (int i = 0; i < 50; i++)
        {
            using RawHttpClient raw = new(_server.EndPoint);
            await raw.SendAsync(Upgrade());
            await raw.ReadUntilAsync("\r\n\r\n");
            byte[] noise = new byte[random.Next(1, 300)];
            random.NextBytes(noise);
            await raw.Stream.WriteAsync(noise, TestTimeout.Token);
        }

        using HttpResponseMessage next = await _client.GetAsync(new Uri(_server.BaseAddress + "/"), TestTimeout.Token);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Fact]
    public async Task Disposing_ends_open_connections_and_frees_the_port()
    {
        HttpServer server = new(new IPEndPoint(IPAddress.Loopback, 0), EchoAsync);
        using RawHttpClient idle = new(server.EndPoint);
        using ClientWebSocket socket = new();
        await socket.ConnectAsync(new Uri($"ws://{server.EndPoint}/ws"), TestTimeout.Token);

        await server.DisposeAsync().AsTask().WaitAsync(TestTimeout.Token);

        Assert.Equal(string.Empty, await idle.ReadToEndAsync());
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ReceiveAsync(new byte[1], TestTimeout.Token));
        await using HttpServer again = new(server.EndPoint, EchoAsync);
    }

    [Fact]
    public void An_address_that_others_could_reach_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new HttpServer(new IPEndPoint(IPAddress.Any, 0), EchoAsync));
    }

    private static string Upgrade() =>
        "GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n" +
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    private static Task<HttpResponse> EchoAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.Path == "/fail")
        {
            throw new InvalidOperationException("secret");
        }

        if (request.Path == "/ws")
        {
            return Task.FromResult(HttpResponse.WebSocket(EchoSocketAsync));
        }

        string query = string.Join(';', request.Query.Select(pair => $"{pair.Key}={pair.Value}"));
        return Task.FromResult(HttpResponse.Text(
            200,
            string.Join(
                '|',
                request.Method,
                request.Path,
                request.RawTarget,
                query,
                request.Headers["x-test"],
                Encoding.UTF8.GetString(request.Body))));
    }

    private static async Task EchoSocketAsync(WebSocket socket, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[4096];
        while (socket.State == WebSocketState.Open)
        {
            ValueWebSocketReceiveResult result = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            if (result.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
                return;
            }

            await socket.SendAsync(buffer.AsMemory(0, result.Count), result.MessageType, result.EndOfMessage, cancellationToken);
        }
    }
}
