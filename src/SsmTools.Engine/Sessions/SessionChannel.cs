using SsmTools.Engine.Protocol;

namespace SsmTools.Engine.Sessions;

/// <summary>
/// A data channel and the links that carry it, one after the other: one loop sends, one receives, and when the link is
/// lost a new one is asked for with ResumeSession. What all kinds of session are made of.
/// </summary>
internal sealed class SessionChannel : IDisposable
{
    private readonly ISessionApi _api;
    private readonly ITransportConnector _connector;
    private readonly SessionChannelOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly DataChannel _channel;
    private readonly object _lock = new();
    private readonly AsyncSignal _work = new();
    private readonly AsyncSignal _room = new();
    private readonly ITimer _timer;
    private readonly string _clientId = Guid.NewGuid().ToString();
    private readonly string _clientVersion;

    private SessionGrant _grant;
    private TimeSpan _delay;
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
        _connector = connector;
        _grant = grant;
        _options = options;
        _timeProvider = timeProvider;
        _delay = options.FirstDelay;
        _clientVersion = channelOptions.ClientVersion;
        _channel = new DataChannel(channelOptions, timeProvider);
        _timer = timeProvider.CreateTimer(
            static work => ((AsyncSignal)work!).Set(), _work, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How often the link was lost and resumed.</summary>
    public int Reconnects { get; private set; }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    /// <summary>Carries the channel until the session ends.</summary>
    /// <param name="onEvent">
    /// Called for every event in turn; the next message is received when it is done. What it throws ends the session.
    /// </param>
    /// <param name="onLink">
    /// Told false when the link has been away for a while and is still sought, and then true when it is back.
    /// </param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The event that ended it; null when the service did not know the session any more.</returns>
    /// <exception cref="EngineException">There was no link, or none again in time, or the peer broke the protocol.</exception>
    public async Task<ChannelEvent?> RunAsync(
        Func<ChannelEvent, CancellationToken, ValueTask> onEvent,
        Func<bool, CancellationToken, ValueTask> onLink,
        CancellationToken cancellationToken)
    {
        IMessageTransport? transport = await OpenAsync(cancellationToken).ConfigureAwait(false);
        while (transport is not null)
        {
            try
            {
                await CarryAsync(transport, onEvent, cancellationToken).ConfigureAwait(false);
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

            transport = await ReopenAsync(onLink, cancellationToken).ConfigureAwait(false);
        }

        return null;
    }

    /// <summary>Sends a piece of the stream as soon as the window has room. One sender of output at a time.</summary>
    public async ValueTask SendAsync(
        PayloadType payloadType, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        while (!TrySend(payloadType, payload.Span))
        {
            await _room.WaitAsync(cancellationToken).ConfigureAwait(false);
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
        }

        _work.Set();
        return true;
    }

    /// <summary>Runs both loops on one link, until it is lost or the session ends.</summary>
    private async Task CarryAsync(
        IMessageTransport transport,
        Func<ChannelEvent, CancellationToken, ValueTask> onEvent,
        CancellationToken cancellationToken)
    {
        using CancellationTokenSource link = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task send = SendLoopAsync(transport, link.Token);
        Task receive = ReceiveLoopAsync(transport, onEvent, link.Token, cancellationToken);
        Task first = await Task.WhenAny(send, receive).ConfigureAwait(false);
        await link.CancelAsync().ConfigureAwait(false);
        Task second = first == send ? receive : send;
        await second.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // A failure counts whichever loop it comes from; that the other loop was cancelled does not.
        cancellationToken.ThrowIfCancellationRequested();
        await first.ConfigureAwait(false);
        if (second.IsFaulted)
        {
            await second.ConfigureAwait(false);
        }
    }

    private async Task SendLoopAsync(IMessageTransport transport, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                while (TryDequeue(out ReadOnlyMemory<byte> frame))
                {
                    await transport.SendAsync(frame, cancellationToken).ConfigureAwait(false);
                }

                await _work.WaitAsync(cancellationToken).ConfigureAwait(false);
                lock (_lock)
                {
                    _channel.OnTimer();
                }
            }
        }
        catch (IOException)
        {
            // The link is gone: what was not acknowledged goes out on the next one.
        }
    }

    private bool TryDequeue(out ReadOnlyMemory<byte> frame)
    {
        lock (_lock)
        {
            if (_channel.TryDequeueFrame(out frame))
            {
                return true;
            }

            _timer.Change(_channel.TimeUntilDeadline ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return false;
        }
    }

    private async Task ReceiveLoopAsync(
        IMessageTransport transport,
        Func<ChannelEvent, CancellationToken, ValueTask> onEvent,
        CancellationToken link,
        CancellationToken cancellationToken)
    {
        while (_end is null)
        {
            ReadOnlyMemory<byte>? frame = await transport.ReceiveAsync(link).ConfigureAwait(false);
            if (frame is null)
            {
                return;
            }

            _delay = _options.FirstDelay;
            bool canSend;
            lock (_lock)
            {
                _channel.Receive(frame.Value);
                canSend = _channel.CanSend;
            }

            _work.Set();
            if (canSend)
            {
                _room.Set();
            }

            // What was acknowledged must reach the owner even if the link is lost meanwhile.
            while (TryReadEvent(out ChannelEvent channelEvent))
            {
                await onEvent(channelEvent, cancellationToken).ConfigureAwait(false);
                if (channelEvent.Kind is ChannelEventKind.Closed or ChannelEventKind.Failed)
                {
                    _end = channelEvent;
                }
            }
        }
    }

    private bool TryReadEvent(out ChannelEvent channelEvent)
    {
        lock (_lock)
        {
            return _channel.TryReadEvent(out channelEvent);
        }
    }

    private async Task<IMessageTransport> OpenAsync(CancellationToken cancellationToken)
    {
        IMessageTransport transport = await _connector.ConnectAsync(_grant.StreamUrl, cancellationToken)
            .ConfigureAwait(false);
        try
        {
            OpenDataChannelInput first = new()
            {
                RequestId = Guid.NewGuid().ToString(),
                TokenValue = _grant.Token,
                ClientId = _clientId,
                ClientVersion = _clientVersion,
            };
            await transport.SendTextAsync(
                ProtocolJson.Write(first, ProtocolJson.Wire.OpenDataChannelInput), cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            await transport.DisposeAsync().ConfigureAwait(false);
            throw new EngineException(
                "SessionConnectionFailed",
                ErrorKind.ConnectionError,
                $"The message gateway closed the stream of session {_grant.SessionId} at once.",
                "Try again.",
                _grant.SessionId,
                e);
        }
        catch
        {
            await transport.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        lock (_lock)
        {
            _channel.OnConnected();
        }

        return transport;
    }

    /// <summary>Seeks a new link, and says so where that takes long; null when the session has ended.</summary>
    private async Task<IMessageTransport?> ReopenAsync(
        Func<bool, CancellationToken, ValueTask> onLink, CancellationToken cancellationToken)
    {
        Task<IMessageTransport?> reopen = ReopenAsync(cancellationToken);
        using CancellationTokenSource found = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task discretion = Task.Delay(_options.Discretion, _timeProvider, found.Token);
        if (await Task.WhenAny(reopen, discretion).ConfigureAwait(false) == reopen)
        {
            await found.CancelAsync().ConfigureAwait(false);
            return await reopen.ConfigureAwait(false);
        }

        await onLink(false, cancellationToken).ConfigureAwait(false);
        IMessageTransport? transport = await reopen.ConfigureAwait(false);
        if (transport is not null)
        {
            await onLink(true, cancellationToken).ConfigureAwait(false);
        }

        return transport;
    }

    /// <summary>Asks for a new link until there is one; null when the session has ended.</summary>
    private async Task<IMessageTransport?> ReopenAsync(CancellationToken cancellationToken)
    {
        long lostAt = _timeProvider.GetTimestamp();
        while (true)
        {
            await Task.Delay(_delay, _timeProvider, cancellationToken).ConfigureAwait(false);
            _delay = _delay * 2 < _options.MaxDelay ? _delay * 2 : _options.MaxDelay;
            using CancellationTokenSource timeout = new(_options.AttemptTimeout, _timeProvider);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(
                timeout.Token, cancellationToken);
            Exception failure;
            try
            {
                SessionGrant? grant = await _api.ResumeAsync(_grant.SessionId, either.Token).ConfigureAwait(false);
                if (grant is null)
                {
                    return null;
                }

                _grant = grant with { StreamUrl = grant.StreamUrl.Length == 0 ? _grant.StreamUrl : grant.StreamUrl };
                IMessageTransport transport = await OpenAsync(either.Token).ConfigureAwait(false);
                Reconnects++;
                return transport;
            }
            catch (EngineException e) when (MayPass(e.Kind))
            {
                failure = e;
            }
            catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
            {
                failure = e;
            }

            if (_timeProvider.GetElapsedTime(lostAt) >= _options.ReconnectTimeout)
            {
                throw new EngineException(
                    "SessionConnectionLost",
                    ErrorKind.ConnectionError,
                    $"The connection of session {_grant.SessionId} was lost and could not be resumed within {_options.ReconnectTimeout:c}.",
                    "Check the network, and start a new session.",
                    _grant.SessionId,
                    failure);
            }
        }
    }

    /// <summary>Whether a failure of this kind may be gone at the next attempt.</summary>
    private static bool MayPass(ErrorKind kind) => kind
        is ErrorKind.ConnectionError
        or ErrorKind.OperationTimeout
        or ErrorKind.LimitsExceeded
        or ErrorKind.ResourceUnavailable;
}
