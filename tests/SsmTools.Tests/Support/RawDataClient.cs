using System.Net.WebSockets;
using System.Text;
using SsmTools.Engine.Protocol;
using Xunit;

namespace SsmTools.Tests.Support;

/// <summary>
/// The client's end of a data channel, message by message: it numbers, acknowledges and collects, and does nothing that
/// a test did not ask for.
/// </summary>
internal sealed class RawDataClient : IDisposable
{
    private readonly ClientWebSocket _socket;
    private readonly byte[] _buffer = new byte[1024 * 1024];
    private readonly StringBuilder _shown;
    private long _next;
    private long _expected;

    private RawDataClient(ClientWebSocket socket, string sessionId, RawDataClient? earlier)
    {
        _socket = socket;
        SessionId = sessionId;
        _shown = earlier?._shown ?? new StringBuilder();
        _next = earlier?._next ?? 0;
        _expected = earlier?._expected ?? 0;
    }

    public string SessionId { get; }

    /// <summary>What a screen would show.</summary>
    public string Shown => _shown.ToString();

    /// <summary>The end as the gateway told it.</summary>
    public ChannelClosedPayload? Closed { get; private set; }

    /// <summary>Whether output is acknowledged as it comes.</summary>
    public bool Acknowledges { get; set; } = true;

    /// <summary>Numbers of output that came, in order, duplicates too.</summary>
    public List<long> Numbers { get; } = [];

    public WebSocket Socket => _socket;

    public static async Task<RawDataClient> OpenAsync(string sessionId, string url, string token, RawDataClient? earlier = null)
    {
        return await OpenAsync(await ConnectAsync(url), sessionId, token, earlier);
    }

    /// <summary>Introduces itself on a socket that is open already.</summary>
    public static async Task<RawDataClient> OpenAsync(
        ClientWebSocket socket, string sessionId, string token, RawDataClient? earlier = null)
    {
        RawDataClient client = new(socket, sessionId, earlier);
        await client.SendTextAsync(
            $$"""{"MessageSchemaVersion":"1.0","RequestId":"{{Guid.NewGuid()}}","TokenValue":"{{token}}","ClientId":"{{Guid.NewGuid()}}"}""");
        return client;
    }

    public static async Task<ClientWebSocket> ConnectAsync(string url)
    {
        ClientWebSocket socket = new();
        await socket.ConnectAsync(new Uri(url), TestTimeout.Token);
        return socket;
    }

    public Task SendTextAsync(string text) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, TestTimeout.Token);

    public Task SendBytesAsync(byte[] frame) => _socket.SendAsync(frame, WebSocketMessageType.Binary, true, TestTimeout.Token);

    public Task TypeAsync(string text) => SendAsync(PayloadType.Output, text);

    public Task SendAsync(PayloadType type, string payload) => SendBytesAsync(Input(_next++, type, payload));

    public static byte[] Input(long number, PayloadType type, string payload) => AgentMessageCodec.Encode(new AgentMessage
    {
        MessageType = MessageType.InputStreamData,
        CreatedDate = 1,
        SequenceNumber = number,
        MessageId = Guid.NewGuid(),
        PayloadType = type,
        Payload = Encoding.UTF8.GetBytes(payload),
    });

    /// <summary>Receives until a text was shown.</summary>
    public async Task WaitForAsync(string text)
    {
        while (!Shown.Contains(text, StringComparison.Ordinal))
        {
            Assert.True(await ReceiveAsync(), $"The channel ended after: {Shown}");
        }
    }

    /// <summary>Receives until the gateway says that the session is over, and then hangs up.</summary>
    public async Task<ChannelClosedPayload> WaitForEndAsync()
    {
        while (await ReceiveAsync())
        {
        }

        return Closed ?? throw new InvalidOperationException($"The socket ended without a word, after: {Shown}");
    }

    /// <summary>Takes one message. False at the end of the socket.</summary>
    public async Task<bool> ReceiveAsync()
    {
        int length = 0;
        ValueWebSocketReceiveResult result;
        do
        {
            try
            {
                result = await _socket.ReceiveAsync(_buffer.AsMemory(length), TestTimeout.Token);
            }
            catch (WebSocketException)
            {
                return false;
            }

            length += result.Count;
        }
        while (!result.EndOfMessage);

        if (result.MessageType == WebSocketMessageType.Close)
        {
            return false;
        }

        Assert.Equal(WebSocketMessageType.Binary, result.MessageType);
        Assert.Equal(FrameError.None, AgentMessageCodec.Decode(_buffer.AsMemory(0, length).ToArray(), out AgentMessage message));
        if (message.MessageType == MessageType.OutputStreamData)
        {
            await TakeOutputAsync(message);
        }
        else if (message.MessageType == MessageType.ChannelClosed)
        {
            Assert.True(ProtocolJson.TryRead(
                message.Payload.Span, ProtocolJson.Wire.ChannelClosedPayload, out ChannelClosedPayload? closed));
            Closed = closed;
        }

        return true;
    }

    public void Dispose() => _socket.Dispose();

    private async Task TakeOutputAsync(AgentMessage message)
    {
        Numbers.Add(message.SequenceNumber);
        if (Acknowledges && message.SequenceNumber <= _expected)
        {
            await SendBytesAsync(Acknowledgements.Of(message));
        }

        if (Acknowledges && message.SequenceNumber == _expected)
        {
            _expected++;
            _shown.Append(Encoding.UTF8.GetString(message.Payload.Span));
        }
    }
}
