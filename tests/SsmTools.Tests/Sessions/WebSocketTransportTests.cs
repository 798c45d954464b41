using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using SsmTools.Engine;
using SsmTools.Engine.Sessions;
using Xunit;

namespace SsmTools.Tests.Sessions;

/// <summary>Over loopback sockets.</summary>
public sealed class WebSocketTransportTests : IDisposable
{
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(20));
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly WebSocketConnector _connector = new(TimeProvider.System);

    public WebSocketTransportTests() => _listener.Start();

    private string Url => $"ws://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/v1/data-channel/s-1?role=publish_subscribe";

    public void Dispose()
    {
        _listener.Dispose();
        _timeout.Dispose();
    }

    [Fact]
    public async Task Messages_go_whole_both_ways_whatever_their_frames()
    {
        Task<WebSocket> accept = AcceptAsync();
        await using IMessageTransport client = await _connector.ConnectAsync(Url, _timeout.Token);
        using WebSocket server = await accept;

        await client.SendTextAsync("hello"u8.ToArray(), _timeout.Token);
        await client.SendAsync(new byte[] { 1, 2, 3 }, _timeout.Token);
        byte[] buffer = new byte[64];
        ValueWebSocketReceiveResult text = await server.ReceiveAsync(buffer.AsMemory(), _timeout.Token);
        Assert.Equal((WebSocketMessageType.Text, 5), (text.MessageType, text.Count));
        ValueWebSocketReceiveResult binary = await server.ReceiveAsync(buffer.AsMemory(), _timeout.Token);
        Assert.Equal((WebSocketMessageType.Binary, 3), (binary.MessageType, binary.Count));

        byte[] large = new byte[200_000];
        new Random(1).NextBytes(large);
        Task<ReadOnlyMemory<byte>?> receive = client.ReceiveAsync(_timeout.Token).AsTask();
        await server.SendAsync(large.AsMemory(0, 70_000), WebSocketMessageType.Binary, false, _timeout.Token);
        await server.SendAsync(large.AsMemory(70_000), WebSocketMessageType.Binary, true, _timeout.Token);
        Assert.Equal(large, (await receive)!.Value.ToArray());
    }

    [Fact]
    public async Task A_farewell_and_a_broken_connection_both_mean_that_the_link_is_gone()
    {
        Task<WebSocket> accept = AcceptAsync();
        await using IMessageTransport polite = await _connector.ConnectAsync(Url, _timeout.Token);
        using WebSocket first = await accept;
        await first.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "Bye", _timeout.Token);
        Assert.Null(await polite.ReceiveAsync(_timeout.Token));

        accept = AcceptAsync();
        await using IMessageTransport rude = await _connector.ConnectAsync(Url, _timeout.Token);
        (await accept).Abort();
        Assert.Null(await rude.ReceiveAsync(_timeout.Token));
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            while (true)
            {
                await rude.SendAsync(new byte[1000], _timeout.Token);
            }
        });
    }

    [Fact]
    public async Task A_message_above_the_bound_is_an_error_of_the_peer()
    {
        Task<WebSocket> accept = AcceptAsync();
        await using IMessageTransport client = await _connector.ConnectAsync(Url, _timeout.Token);
        using WebSocket server = await accept;
        Task send = server.SendAsync(
            new byte[WebSocketTransport.MaxMessageLength + 1], WebSocketMessageType.Binary, true, _timeout.Token);

        EngineException e = await Assert.ThrowsAsync<EngineException>(async () => await client.ReceiveAsync(_timeout.Token));
        Assert.Equal(ErrorKind.ProtocolError, e.Kind);
        await client.DisposeAsync();
        await Task.WhenAny(send);
    }

    [Fact]
    public async Task Cancelling_a_receive_is_a_cancellation_and_not_a_lost_link()
    {
        Task<WebSocket> accept = AcceptAsync();
        await using IMessageTransport client = await _connector.ConnectAsync(Url, _timeout.Token);
        using WebSocket server = await accept;
        using CancellationTokenSource cancel = new();
        Task<ReadOnlyMemory<byte>?> receive = client.ReceiveAsync(cancel.Token).AsTask();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receive);
    }

    [Theory]
    [InlineData("")]
    [InlineData("https://example.com/")]
    [InlineData("stream")]
    public async Task A_stream_URL_that_is_none_is_an_error_of_the_service(string url)
    {
        EngineException e = await Assert.ThrowsAsync<EngineException>(() => _connector.ConnectAsync(url, _timeout.Token));
        Assert.Equal(("SessionProtocolError", ErrorKind.ProtocolError), (e.ErrorId, e.Kind));
    }

    [Fact]
    public async Task A_refusal_names_the_status_and_a_closed_port_the_host()
    {
        string url = Url;
        Task<string> answer = AnswerAsync("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => _connector.ConnectAsync(url, _timeout.Token));
        Assert.Equal(("SessionConnectionFailed", ErrorKind.ConnectionError), (refused.ErrorId, refused.Kind));
        Assert.Contains("403", refused.Message, StringComparison.Ordinal);
        Assert.StartsWith("GET /v1/data-channel/s-1?role=publish_subscribe HTTP/1.1", await answer, StringComparison.Ordinal);

        _listener.Stop();
        EngineException closed = await Assert.ThrowsAsync<EngineException>(() => _connector.ConnectAsync(url, _timeout.Token));
        Assert.Equal(ErrorKind.ConnectionError, closed.Kind);
        Assert.Contains("127.0.0.1", closed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_is_no_WebSockets_after_all_leaves_no_connection()
    {
        Task<IMessageTransport> connect = _connector.ConnectAsync(Url, _timeout.Token);
        using TcpClient peer = await _listener.AcceptTcpClientAsync(_timeout.Token);
        await ReadHeadAsync(peer.GetStream());
        await peer.GetStream().WriteAsync(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: no\r\n\r\n"u8.ToArray(),
            _timeout.Token);

        EngineException e = await Assert.ThrowsAsync<EngineException>(() => connect);
        Assert.Equal("SessionConnectionFailed", e.ErrorId);
        Assert.Equal(0, await peer.GetStream().ReadAsync(new byte[1], _timeout.Token));
    }

    [Fact]
    public async Task Connecting_can_be_cancelled()
    {
        using CancellationTokenSource cancel = new();
        Task<IMessageTransport> connect = _connector.ConnectAsync(Url, cancel.Token);
        using TcpClient silent = await _listener.AcceptTcpClientAsync(_timeout.Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connect);
    }

    [PongSupervisionFact]
    public async Task A_peer_that_answers_no_ping_is_a_lost_link()
    {
        WebSocketConnector impatient = new(TimeProvider.System, TimeSpan.FromMilliseconds(50));
        Task<WebSocket> accept = AcceptAsync(); // and nothing is ever read from it: pings are not seen
        await using IMessageTransport client = await impatient.ConnectAsync(Url, _timeout.Token);
        using WebSocket server = await accept;

        Assert.Null(await client.ReceiveAsync(_timeout.Token));
    }

    [Fact]
    public async Task TCP_asks_whether_the_other_side_is_still_there()
    {
        using Socket socket = await KeepAliveSockets.ConnectAsync(_listener.LocalEndpoint, _timeout.Token);

        object? Option(SocketOptionLevel level, SocketOptionName name) => socket.GetSocketOption(level, name);
        Assert.NotEqual(0, Option(SocketOptionLevel.Socket, SocketOptionName.KeepAlive));
        Assert.Equal(15, Option(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime));
        Assert.Equal(3, Option(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval));
        Assert.Equal(5, Option(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount));
    }

    private async Task<WebSocket> AcceptAsync()
    {
        TcpClient peer = await _listener.AcceptTcpClientAsync(_timeout.Token);
        string request = await ReadHeadAsync(peer.GetStream());
        string key = request.Split("\r\n").Single(line => line.StartsWith("Sec-WebSocket-Key: ", StringComparison.OrdinalIgnoreCase))[19..];
#pragma warning disable CA5350 // RFC 6455 has it so
        string accept = Convert.ToBase64String(
            SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
        Assert.DoesNotContain("Sec-WebSocket-Extensions", request, StringComparison.OrdinalIgnoreCase);
        await peer.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes(
                $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"),
            _timeout.Token);
        return WebSocket.CreateFromStream(peer.GetStream(), new WebSocketCreationOptions { IsServer = true });
    }

    private async Task<string> AnswerAsync(string answer)
    {
        using TcpClient peer = await _listener.AcceptTcpClientAsync(_timeout.Token);
        string request = await ReadHeadAsync(peer.GetStream());
        await peer.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer), _timeout.Token);
        return request;
    }

    private async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        StringBuilder head = new();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one, _timeout.Token);
            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    /// <summary>The runtime checks pongs since .NET 9; before, there is nothing to test.</summary>
    private sealed class PongSupervisionFactAttribute : FactAttribute
    {
        public PongSupervisionFactAttribute() =>
            Skip = Environment.Version.Major >= 9 ? null : "This runtime does not check pongs.";
    }
}
