using System.Text;
using SsmTools.Engine.Protocol;
using SsmTools.Engine.Sessions;

namespace SsmTools.Tests.Sessions;

/// <summary>
/// Service, gateway and agent in memory: answers the session calls, opens links, and holds the agent's end of the data
/// channel. What the client sends is collected; what the agent says is up to the test.
/// </summary>
internal sealed class MemoryNode : ISessionApi, ITransportConnector, IDisposable
{
    private readonly object _lock = new();
    private readonly DataChannel _agent;
    private readonly AsyncSignal _changed = new();
    private readonly List<byte> _input = [];
    private readonly List<string> _log = [];
    private MemoryTransport? _link;
    private volatile bool _isClosed;

    public MemoryNode(DataChannelOptions? options = null, TimeProvider? time = null) => _agent = new DataChannel(
        options ?? new DataChannelOptions { Role = ChannelRole.Agent }, time ?? TimeProvider.System);

    /// <summary>Calls, first frames, sizes and input, in the order of their coming.</summary>
    public IReadOnlyList<string> Log
    {
        get
        {
            lock (_lock)
            {
                return [.. _log];
            }
        }
    }

    public Func<SessionGrant?> OnResume { get; set; } = () => new SessionGrant("s-1", "", "token-again");

    /// <summary>Plays KMS: the key that it makes for every need.</summary>
    public Func<DataKeyNeed, CancellationToken, Task<SessionDataKey>> OnDataKey { get; set; } =
        (_, _) => throw new InvalidOperationException("No session was to be encrypted.");

    public Func<CancellationToken, Task> OnTerminate { get; set; } = _ => Task.CompletedTask;

    /// <summary>What the service knows of the node's agent.</summary>
    public bool? IsConnected { get; set; } = true;

    /// <summary>Takes the input, where it is not to be collected.</summary>
    public Action<ReadOnlyMemory<byte>>? OnInput { get; set; }

    /// <summary>Whether the agent takes frames in and says nothing to them.</summary>
    public bool IsStuck { get; set; }

    public void Dispose() => _agent.Dispose();

    public Task<SessionGrant> StartAsync(CancellationToken cancellationToken)
    {
        Note("start");
        return Task.FromResult(new SessionGrant("s-1", "ws://gateway/stream", "token"));
    }

    public Task<SessionGrant?> ResumeAsync(string sessionId, CancellationToken cancellationToken)
    {
        Note($"resume {sessionId}");
        return Task.FromResult(_isClosed ? null : OnResume());
    }

    public Task<SessionDataKey> GenerateDataKeyAsync(
        string sessionId, DataKeyNeed need, CancellationToken cancellationToken)
    {
        Note($"key {sessionId} {need.KeyId}");
        return OnDataKey(need, cancellationToken);
    }

    public Task<bool?> IsNodeConnectedAsync(CancellationToken cancellationToken)
    {
        Note("connected?");
        return Task.FromResult(IsConnected);
    }

    public Task TerminateAsync(string sessionId, CancellationToken cancellationToken)
    {
        Note($"terminate {sessionId}");
        return OnTerminate(cancellationToken);
    }

    public Task<IMessageTransport> ConnectAsync(string streamUrl, CancellationToken cancellationToken)
    {
        Note($"connect {streamUrl}");
        (MemoryTransport near, MemoryTransport far) = MemoryTransport.CreatePair();
        _ = ServeAsync(far);
        return Task.FromResult<IMessageTransport>(near);
    }

    public void Say(string text) => Say(PayloadType.Output, Encoding.UTF8.GetBytes(text));

    /// <summary>False while the window is full.</summary>
    public bool Say(PayloadType payloadType, ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            bool isSent = _agent.TrySend(payloadType, bytes);
            Flush();
            return isSent;
        }
    }

    /// <summary>Ends the session as the gateway does; where its word is lost with a link, the service knows of it.</summary>
    public void Close(string output)
    {
        lock (_lock)
        {
            _isClosed = true;
            _agent.SendControl(
                MessageType.ChannelClosed,
                ProtocolJson.Write(new ChannelClosedPayload { Output = output }, ProtocolJson.Wire.ChannelClosedPayload));
            Flush();
        }
    }

    public void BreakLink()
    {
        lock (_lock)
        {
            _agent.OnDisconnected();
            _link?.Break();
            _link = null;
        }
    }

    /// <summary>Waits until the log, all lines joined, contains <paramref name="text"/>.</summary>
    public async Task WaitForAsync(string text, CancellationToken cancellationToken)
    {
        while (!string.Join('|', Log).Contains(text, StringComparison.Ordinal))
        {
            await _changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Waits until at least so many bytes were typed.</summary>
    public async Task<byte[]> WaitForInputAsync(int length, CancellationToken cancellationToken)
    {
        while (true)
        {
            lock (_lock)
            {
                if (_input.Count >= length)
                {
                    return [.. _input];
                }
            }

            await _changed.WaitAsync(cancellationToken);
        }
    }

    private async Task ServeAsync(MemoryTransport link)
    {
        ReadOnlyMemory<byte>? first = await link.ReceiveAsync(CancellationToken.None);
        if (first is null)
        {
            return;
        }

        ProtocolJson.TryRead(
            first.Value.Span, ProtocolJson.Wire.OpenDataChannelInput, out OpenDataChannelInput? open);
        lock (_lock)
        {
            _link = link;
            _agent.OnConnected();
            Note($"open {open?.TokenValue} {open?.ClientVersion}");
            Flush();
        }

        while (await link.ReceiveAsync(CancellationToken.None) is { } frame)
        {
            lock (_lock)
            {
                if (_link == link && !IsStuck)
                {
                    _agent.Receive(frame);
                    Collect();
                    Flush();
                }
            }
        }
    }

    private void Collect()
    {
        while (_agent.TryReadEvent(out ChannelEvent channelEvent))
        {
            if (channelEvent.KeyNeed is { } need)
            {
                _agent.ProvideKey(need.CipherText, null); // what "KMS" made is its own ciphertext here
            }
            else if (channelEvent.Opening is { HasHandshake: true })
            {
                Note("shook hands");
            }
            else if (channelEvent is { Kind: ChannelEventKind.Payload, PayloadType: PayloadType.Output } && OnInput is { } take)
            {
                take(channelEvent.Data);
            }
            else if (channelEvent.Kind == ChannelEventKind.Payload)
            {
                string text = Encoding.UTF8.GetString(channelEvent.Data.Span);
                Note($"{channelEvent.PayloadType}:{text}");
                if (channelEvent.PayloadType == PayloadType.Output)
                {
                    _input.AddRange(channelEvent.Data.Span);
                }
            }
        }
    }

    private void Flush()
    {
        while (_link is not null && _agent.TryDequeueFrame(out ReadOnlyMemory<byte> frame))
        {
            ValueTask sent = _link.SendAsync(frame, CancellationToken.None);
            if (sent.IsFaulted)
            {
                _link = null;
            }
        }
    }

    private void Note(string line)
    {
        lock (_lock)
        {
            _log.Add(line);
        }

        _changed.Set();
    }
}
