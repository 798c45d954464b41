using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using System.Text;
using SsmTools.Engine;
using SsmTools.Sandbox.Http;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.Http;

public sealed class TlsEndpointTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTimeProvider _time = new(DateTimeOffset.UtcNow);
    private TlsEndpoint _endpoint = null!;

    private string CaFile => Path.Combine(_directory.Path, "ca.pem");

    private string ByName => $"https://localhost:{_endpoint.EndPoint.Port}";

    public Task InitializeAsync()
    {
        _endpoint = new TlsEndpoint(0, CaFile, AnswerAsync, _time);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _endpoint.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Who_trusts_the_authority_is_served_by_name_and_by_address()
    {
        using HttpClient client = TrustingClient.Create(CaFile);

        Assert.Equal("secure", await client.GetStringAsync(_endpoint.BaseAddress + "/x", TestTimeout.Token));
        Assert.Equal("secure", await client.GetStringAsync(ByName + "/x", TestTimeout.Token));
    }

    [Fact]
    public async Task Who_does_not_trust_it_or_calls_it_by_another_name_is_not()
    {
        using HttpClient stranger = new(new SocketsHttpHandler { UseProxy = false });
        await Assert.ThrowsAsync<HttpRequestException>(() => stranger.GetStringAsync(ByName, TestTimeout.Token));

        using SocketsHttpHandler handler = TrustingClient.CreateHandler(CaFile);
        using RawHttpClient raw = new(_endpoint.EndPoint);
        await using SslStream misled = new(raw.Stream, leaveInnerStreamOpen: true);
        handler.SslOptions.TargetHost = "ssm.eu-west-1.amazonaws.com";
        await Assert.ThrowsAsync<AuthenticationException>(
            () => misled.AuthenticateAsClientAsync(handler.SslOptions, TestTimeout.Token));
    }

    [Fact]
    public async Task WebSockets_work_on_it_both_ways_at_once()
    {
        using HttpClient client = TrustingClient.Create(CaFile);
        using ClientWebSocket socket = new();
        await socket.ConnectAsync(new Uri(ByName.Replace("https", "wss", StringComparison.Ordinal)), client, TestTimeout.Token);
        byte[] sent = new byte[300_000];
        new Random(1).NextBytes(sent);
        byte[] received = new byte[sent.Length];
        int length = 0;

        Task sending = socket.SendAsync(sent, WebSocketMessageType.Binary, true, TestTimeout.Token);
        while (length < received.Length)
        {
            length += (await socket.ReceiveAsync(received.AsMemory(length), TestTimeout.Token)).Count;
        }

        await sending;
        Assert.Equal(sent, received);
    }

    [Fact]
    public async Task Web_pages_are_refused_on_it_too()
    {
        using HttpClient client = TrustingClient.Create(CaFile);
        client.DefaultRequestHeaders.Add("Origin", ByName);

        using HttpResponseMessage response = await client.GetAsync(new Uri(ByName), TestTimeout.Token);

        Assert.Equal(403, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("\x16\x03\x01\xff\xff")]
    [InlineData("\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00")]
    [InlineData("\x80\x2e\x01\x00\x02\x00\x15\x00\x00\x00\x10")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")]
    public async Task What_is_no_handshake_gets_no_answer_and_hurts_nobody_else(string nonsense)
    {
        using (RawHttpClient raw = new(_endpoint.EndPoint))
        {
            NetworkStream stream = raw.Stream;
            await raw.SendAsync(nonsense);
            stream.Socket.Shutdown(SocketShutdown.Send);
            using MemoryStream answer = new();
            try
            {
                await stream.CopyToAsync(answer, TestTimeout.Token);
            }
            catch (IOException)
            {
                // It hung up without waiting for the rest: well done.
            }

            Assert.DoesNotContain("HTTP/", Encoding.Latin1.GetString(answer.ToArray()), StringComparison.Ordinal);
        }

        using HttpClient client = TrustingClient.Create(CaFile);
        Assert.Equal("secure", await client.GetStringAsync(ByName, TestTimeout.Token));
    }

    [Fact]
    public async Task A_handshake_that_does_not_go_on_is_ended_by_time()
    {
        using RawHttpClient raw = new(_endpoint.EndPoint);
        await raw.SendAsync("\x16\x03\x01");
        await _time.WhenTimerAsync(due => due == new HttpLimits().Read, TestTimeout.Token);

        _time.Advance(new HttpLimits().Read);

        byte[] one = new byte[1];
        int count;
        try
        {
            count = await raw.Stream.ReadAsync(one, TestTimeout.Token);
        }
        catch (IOException)
        {
            count = 0;
        }

        Assert.Equal(0, count);
    }

    [Fact]
    public async Task Old_versions_of_the_protocol_are_refused()
    {
        using RawHttpClient raw = new(_endpoint.EndPoint);
        await using SslStream secured = new(raw.Stream, leaveInnerStreamOpen: true);
#pragma warning disable SYSLIB0039, CA5397 // That is what is tried.
        SslClientAuthenticationOptions options = new() { TargetHost = "localhost", EnabledSslProtocols = SslProtocols.Tls11 };
#pragma warning restore SYSLIB0039, CA5397

        Exception? refusal = await Record.ExceptionAsync(() => secured.AuthenticateAsClientAsync(options, TestTimeout.Token));

        Assert.True(refusal is AuthenticationException or IOException, $"{refusal}");
    }

    [Fact]
    public async Task The_file_holds_one_certificate_and_no_key_and_goes_with_the_endpoint()
    {
        string pem = await File.ReadAllTextAsync(CaFile, TestTimeout.Token);
        Assert.StartsWith("-----BEGIN CERTIFICATE-----", pem, StringComparison.Ordinal);
        Assert.DoesNotContain("KEY", pem, StringComparison.Ordinal);

        await _endpoint.DisposeAsync();

        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory.Path));
    }

    [Fact]
    public async Task A_file_that_an_earlier_one_left_is_replaced_and_left_to_the_later_one()
    {
        await using TlsEndpoint later = new(0, CaFile, AnswerAsync, _time);
        await _endpoint.DisposeAsync();

        using HttpClient client = TrustingClient.Create(CaFile);
        Assert.Equal("secure", await client.GetStringAsync(later.BaseAddress, TestTimeout.Token));
    }

    [Fact]
    public async Task A_file_of_somebody_else_is_not_touched()
    {
        string notes = Path.Combine(_directory.Path, "notes.txt");
        await File.WriteAllTextAsync(notes, "precious", TestTimeout.Token);

        EngineException error = Assert.Throws<EngineException>(() => new TlsEndpoint(0, notes, AnswerAsync, _time));

        Assert.Equal("CaFileNotWritten", error.ErrorId);
        Assert.Equal(notes, error.Target);
        Assert.Equal("precious", await File.ReadAllTextAsync(notes, TestTimeout.Token));
        Assert.Equal(
            "CaFileNotWritten",
            Assert.Throws<EngineException>(
                () => new TlsEndpoint(0, Path.Combine(_directory.Path, "none", "ca.pem"), AnswerAsync, _time)).ErrorId);
    }

    [Fact]
    public void A_port_that_is_taken_leaves_no_file()
    {
        string other = Path.Combine(_directory.Path, "other.pem");

        Assert.Throws<SocketException>(() => new TlsEndpoint(_endpoint.EndPoint.Port, other, AnswerAsync, _time));

        Assert.False(File.Exists(other));
    }

    private static Task<HttpResponse> AnswerAsync(HttpRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(request.IsUpgrade
            ? HttpResponse.WebSocket(EchoAsync)
            : HttpResponse.Text(200, request.IsSecure ? "secure" : "plain"));

    private static async Task EchoAsync(WebSocket socket, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[4096];
        while (true)
        {
            ValueWebSocketReceiveResult result = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            await socket.SendAsync(
                buffer.AsMemory(0, result.Count), WebSocketMessageType.Binary, result.EndOfMessage, cancellationToken);
        }
    }
}
