using SsmTools.Engine.Protocol;

namespace SsmTools.Engine.Sessions;

/// <summary>What comes over a link, until it is lost or the session ends.</summary>
internal sealed partial class SessionChannel
{
    /// <summary>Bytes that may be received before their acknowledgements go out, though more can be received at once.</summary>
    private const int MaxUnansweredBytes = 32 * 1024;

    private TricklePacer? _pacer;

    /// <summary>Completes when the owner has room again; null while it has.</summary>
    private Task? _room;

    private async Task ReceiveAsync(
        IMessageTransport transport,
        LinkSender sender,
        Func<ChannelEvent, CancellationToken, ValueTask> onEvent,
        Func<LinkState, Task> tell,
        CancellationToken link,
        CancellationToken cancellationToken)
    {
        try
        {
            await ReceiveLoopAsync(transport, sender, onEvent, tell, link, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _options.PieceEnded?.Invoke();
        }
    }

    private async Task ReceiveLoopAsync(
        IMessageTransport transport,
        LinkSender sender,
        Func<ChannelEvent, CancellationToken, ValueTask> onEvent,
        Func<LinkState, Task> tell,
        CancellationToken link,
        CancellationToken cancellationToken)
    {
        int unanswered = 0;
        bool isAsleep = false;
        TrickleGauge gauge = new(_timeProvider);
        while (_end is null)
        {
            if (_room is { } room && IsFull())
            {
                EndPiece(sender);
                await room.WaitAsync(link).ConfigureAwait(false);
                await TakeUpAsync(sender, onEvent, cancellationToken).ConfigureAwait(false);
                continue;
            }

            ValueTask<ReadOnlyMemory<byte>?> receiving = transport.ReceiveAsync(link);
            if (isAsleep && !receiving.IsCompleted)
            {
                isAsleep = false;
                transport.Sleep(false);
            }

            if (!receiving.IsCompleted || unanswered >= MaxUnansweredBytes)
            {
                // All that came in one piece is acknowledged in one piece.
                unanswered = 0;
                EndPiece(sender);
            }

            ReadOnlyMemory<byte>? frame = _room is null
                ? await receiving.ConfigureAwait(false)
                : await ReceiveWithoutRoomAsync(receiving.AsTask(), sender, onEvent, cancellationToken).ConfigureAwait(false);
            if (frame is null)
            {
                return;
            }

            unanswered += frame.Value.Length;
            gauge.Count(frame.Value.Length);
            bool canSend;
            bool isAnswered;
            lock (_lock)
            {
                _channel.Receive(frame.Value);
                canSend = _channel.CanSend;
                isAnswered = _channel.IsAnswered;
            }

            if (canSend)
            {
                _window.Set();
            }

            if (isAnswered)
            {
                OnHeard();
            }

            // What was acknowledged must reach the owner even if the link is lost meanwhile.
            bool isGood = await HandleEventsAsync(sender, onEvent, cancellationToken).ConfigureAwait(false);
            if (isGood && isAnswered)
            {
                _links.OnCarried();
                await tell(LinkState.Back).ConfigureAwait(false);
            }

            if (_options.TrickleInterval is { } interval && transport.IsQuiet && gauge.Look(Interlocked.Read(ref _sent)) is { } lasting)
            {
                unanswered = 0;
                EndPiece(sender);
                if (!isAsleep)
                {
                    isAsleep = true;
                    transport.Sleep(true);
                }

                await PauseAsync(interval(lasting), link).ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// Receives while the owner has no room for payloads: acknowledgements and the session's end must come through, and
    /// what comes for the owner is kept, within bounds, until it has.
    /// </summary>
    private async Task<ReadOnlyMemory<byte>?> ReceiveWithoutRoomAsync(
        Task<ReadOnlyMemory<byte>?> receiving,
        LinkSender sender,
        Func<ChannelEvent, CancellationToken, ValueTask> onEvent,
        CancellationToken cancellationToken)
    {
        while (_room is { } room && await Task.WhenAny(receiving, room).ConfigureAwait(false) == room)
        {
            await TakeUpAsync(sender, onEvent, cancellationToken).ConfigureAwait(false);
            EndPiece(sender);
        }

        return await receiving.ConfigureAwait(false);
    }

    /// <summary>The owner has room again: gives it what was kept.</summary>
    private async Task TakeUpAsync(
        LinkSender sender, Func<ChannelEvent, CancellationToken, ValueTask> onEvent, CancellationToken cancellationToken)
    {
        Task room = _room!;
        _room = null;
        await room.ConfigureAwait(false);
        lock (_lock)
        {
            _channel.AcceptsPayloads = true;
        }

        await HandleEventsAsync(sender, onEvent, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gives the owner all that there is for it.</summary>
    /// <returns>False where something came that is no message.</returns>
    private async ValueTask<bool> HandleEventsAsync(
        LinkSender sender, Func<ChannelEvent, CancellationToken, ValueTask> onEvent, CancellationToken cancellationToken)
    {
        bool isGood = true;
        while (TryReadEvent(out ChannelEvent channelEvent))
        {
            if (channelEvent.KeyNeed is { } need)
            {
                _ = FetchKeyAsync(need, _keyStop.Token);
            }

            if (channelEvent.Kind is ChannelEventKind.Closed or ChannelEventKind.Failed or ChannelEventKind.Broken)
            {
                _end = channelEvent;
            }

            isGood &= channelEvent.Kind != ChannelEventKind.Rejected;
            ValueTask handling = onEvent(channelEvent, cancellationToken);
            if (!handling.IsCompleted)
            {
                EndPiece(sender); // however long that takes
            }

            await handling.ConfigureAwait(false);
        }

        if (_room is null && _options.Room?.Invoke(cancellationToken) is { IsCompleted: false } room)
        {
            _room = room;
            lock (_lock)
            {
                _channel.AcceptsPayloads = false;
            }
        }

        return isGood;
    }

    /// <summary>Acknowledges what has come, and lets the owner go on with it.</summary>
    private void EndPiece(LinkSender sender)
    {
        sender.Kick();
        _options.PieceEnded?.Invoke();
    }

    private bool IsFull()
    {
        lock (_lock)
        {
            return _channel.IsFull;
        }
    }

    private bool TryReadEvent(out ChannelEvent channelEvent)
    {
        lock (_lock)
        {
            return _channel.TryReadEvent(out channelEvent);
        }
    }

    private ValueTask PauseAsync(TimeSpan length, CancellationToken cancellationToken) => _timeProvider == TimeProvider.System
        ? (_pacer ??= new TricklePacer()).PauseAsync(length)
        : new ValueTask(Task.Delay(length, _timeProvider, cancellationToken));
}
