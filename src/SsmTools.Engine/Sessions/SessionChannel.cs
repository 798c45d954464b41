using SsmTools.Engine.Protocol;

namespace SsmTools.Engine.Sessions;

/// <summary>
/// A data channel and the links that carry it, one after the other: one loop sends, one receives, and when the link is
/// lost a new one is asked for with ResumeSession. What all kinds of session are made of.
/// </summary>
internal sealed partial class SessionChannel : IDisposable
{
    private readonly ISessionApi _api;
    private readonly SessionLinks _links;
    private readonly SessionChannelOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly DataChannel _channel;
    private readonly object _lock = new();
    private readonly AsyncSignal _window = new();
    private readonly LazyTimer _timer;
    private readonly string _sessionId;

    private volatile LinkSender? _sender;

    /// <summary>Messages of the stream that were given to be sent; only under the lock, but for reading.</summary>
    private long _sent;
    private LinkState _told = LinkState.Back;
    private ChannelEvent? _end;

    /// <summary>Prepares the client's end of a session that was started.</summary>
    public SessionChannel(
        ISessionApi api,
        ITransportConnector connector,
        SessionGrant grant,
        DataChannelOptions channelOptions,
        SessionChannelOptions options,
        TimeProvider timeProvider)
    {
        _api = api;
        _sessionId = grant.SessionId;
        _options = options;
        _timeProvider = timeProvider;
        _links = new SessionLinks(api, connector, grant, channelOptions.ClientVersion, options, timeProvider);
        _channel = new DataChannel(channelOptions, timeProvider);
        _timer = new LazyTimer(OnTimer, timeProvider);
    }

    /// <summary>How often the link was lost and resumed.</summary>
    public int Reconnects => _links.Reconnects;

    /// <summary>How many messages were sent again.</summary>
    public long Resends
    {
        get
        {
            lock (_lock)
            {
                return _channel.Resends;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        _pacer?.Dispose();
        _keyStop.Cancel();
        _keyStop.Dispose();
        lock (_lock)
        {
            _channel.Dispose();
        }
    }

    /// <summary>Carries the channel until the session ends.</summary>
    /// <param name="onEvent">
    /// Called for every event in turn; the next message is received when it is done. What it throws ends the session.
    /// </param>
    /// <param name="onLink">
    /// Told when the link has been away for a while and is still sought, or the node leaves everything unanswered, and
    /// then when that is over.
    /// </param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The event that ended it; null when the service did not know the session any more.</returns>
    /// <exception cref="EngineException">There was no link, or none again in time, or the peer broke the protocol.</exception>
    public async Task<ChannelEvent?> RunAsync(
        Func<ChannelEvent, CancellationToken, ValueTask> onEvent,
        Func<LinkState, CancellationToken, ValueTask> onLink,
        CancellationToken cancellationToken)
    {
        Task Tell(LinkState state) => TellAsync(state, onLink, cancellationToken);
        IMessageTransport? transport = await _links.OpenAsync(cancellationToken).ConfigureAwait(false);
        while (transport is not null)
        {
            long linkedAt = _timeProvider.GetTimestamp();
            bool isSilent;
            try
            {
                isSilent = await CarryAsync(transport, onEvent, Tell, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                await transport.DisposeAsync().ConfigureAwait(false);
            }

            if (_end is not null)
            {
                return _end;
            }

            lock (_lock)
            {
                _channel.OnDisconnected();
            }

            _links.OnLost(_timeProvider.GetElapsedTime(linkedAt), isSilent);
            transport = await ReopenAsync(isSilent, Tell, cancellationToken).ConfigureAwait(false);
        }

        return null;
    }

    /// <summary>Sends a piece of the stream as soon as the window has room. One sender of output at a time.</summary>
    public async ValueTask SendAsync(
        PayloadType payloadType, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        while (!TrySend(payloadType, payload.Span))
        {
            await _window.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Sends a piece of the stream, unless the session is not open or, for output, the window is full.</summary>
    public bool TrySend(PayloadType payloadType, ReadOnlySpan<byte> payload)
    {
        lock (_lock)
        {
            if (!_channel.TrySend(payloadType, payload))
            {
                return false;
            }

            _sent++;
        }

        _sender?.Kick();
        return true;
    }

    /// <summary>Runs both loops on one link, until it is lost or the session ends.</summary>
    /// <returns>Whether it was given up because nothing was answered on it.</returns>
    private async Task<bool> CarryAsync(
        IMessageTransport transport,
        Func<ChannelEvent, CancellationToken, ValueTask> onEvent,
        Func<LinkState, Task> tell,
        CancellationToken cancellationToken)
    {
        bool isSettled;
        lock (_lock)
        {
            _channel.OnConnected();
            isSettled = _channel.IsDrained;
        }

        if (isSettled)
        {
            await tell(LinkState.Back).ConfigureAwait(false);
        }

        using CancellationTokenSource link = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        LinkSender sender = new(transport, Dequeue, link.Token);
        Task<bool> send = sender.Ended;
        _sender = sender;
        sender.Kick();
        Task receive = ReceiveAsync(transport, sender, onEvent, tell, link.Token, cancellationToken);
        Task first = await Task.WhenAny(send, receive, _keyFailed.Task).ConfigureAwait(false);
        _sender = null;
        await link.CancelAsync().ConfigureAwait(false);
        await sender.StopAsync().ConfigureAwait(false);
        Task second = first == send ? receive : send;
        await Task.WhenAll(send, receive).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // A failure counts whichever half it comes from; that the other one was cancelled does not.
        cancellationToken.ThrowIfCancellationRequested();
        await first.ConfigureAwait(false);
        if (second.IsFaulted)
        {
            await second.ConfigureAwait(false);
        }

        return send.IsCompletedSuccessfully && await send.ConfigureAwait(false);
    }

    private ReadOnlyMemory<byte>? Dequeue()
    {
        lock (_lock)
        {
            if (_channel.TryDequeueFrame(out ReadOnlyMemory<byte> frame))
            {
                return frame;
            }

            SetTimer();
            return null;
        }
    }

    private void SetTimer()
    {
        TimeSpan? deadline = _channel.TimeUntilDeadline;
        TimeSpan patience = _options.MaxSilence - _channel.Unanswered;
        patience = patience > TimeSpan.Zero ? patience : TimeSpan.Zero;
        _timer.Set(patience < deadline ? patience : deadline);
    }

    private void OnTimer()
    {
        LinkSender? sender = _sender;
        lock (_lock)
        {
            if (sender is not null && _channel.Unanswered >= _options.MaxSilence)
            {
                sender.GiveUp();
                return;
            }

            _channel.OnTimer();
        }

        sender?.Kick();
    }

    /// <summary>Seeks a new link, and says so where that takes long; null when the session has ended.</summary>
    private async Task<IMessageTransport?> ReopenAsync(
        bool isSilent, Func<LinkState, Task> tell, CancellationToken cancellationToken)
    {
        if (isSilent)
        {
            await tell(LinkState.Unanswered).ConfigureAwait(false);
        }

        Task<IMessageTransport?> reopen = _links.ReopenAsync(cancellationToken);
        using CancellationTokenSource found = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task discretion = Task.Delay(_options.Discretion, _timeProvider, found.Token);
        if (await Task.WhenAny(reopen, discretion).ConfigureAwait(false) != reopen)
        {
            await tell(LinkState.Away).ConfigureAwait(false);
        }

        found.Cancel();
        return await reopen.ConfigureAwait(false);
    }

    private async Task TellAsync(
        LinkState state, Func<LinkState, CancellationToken, ValueTask> onLink, CancellationToken cancellationToken)
    {
        if (_told != state)
        {
            _told = state;
            await onLink(state, cancellationToken).ConfigureAwait(false);
        }
    }
}
