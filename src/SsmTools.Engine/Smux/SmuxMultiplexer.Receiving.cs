namespace SsmTools.Engine.Smux;

/// <summary>What comes from the peer, and how it is held back.</summary>
internal sealed partial class SmuxMultiplexer
{
    /// <summary>Streams that came into something since the last <see cref="Notify"/>; the taker's alone.</summary>
    private readonly List<SmuxStream> _touched = [];
    private long? _watchedSince;
    private long _stillSince;

    /// <summary>
    /// Takes a payload in, and waits for room for the next one. Its bytes were taken when this returns, before any wait.
    /// One caller at a time.
    /// </summary>
    public ValueTask OnPayloadAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        OnPayload(payload);
        Notify();
        return HasRoom ? ValueTask.CompletedTask : new ValueTask(WaitForRoomAsync(cancellationToken));
    }

    /// <summary>
    /// Takes a payload in, for an owner that looks at <see cref="HasRoom"/>, and then waits for room, before it takes the
    /// next from the peer; and that calls <see cref="Notify"/> when it has taken in all that came in one piece.
    /// </summary>
    public void OnPayload(ReadOnlyMemory<byte> payload)
    {
        lock (_lock)
        {
            _session.Receive(payload);
            HandleEvents();
            if (_unread <= _options.MaxUnread / 2)
            {
                _watchedSince = null;
            }
        }

    }

    /// <summary>
    /// Lets the streams' readers know of what came, who go on at once and here: to wake a thread for each of them costs more
    /// than all else that is to be done. The taker's to call, with no lock held.
    /// </summary>
    public void Notify()
    {
        foreach (SmuxStream stream in _touched)
        {
            stream.IsTouched = false;
            stream.Readable.Set();
        }

        _touched.Clear();
    }

    /// <summary>
    /// Waits until more may be taken in. Where one stream that nobody reads holds up others for too long, it is given up
    /// meanwhile. One waits at a time.
    /// </summary>
    public async Task WaitForRoomAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            TimeSpan patience;
            lock (_lock)
            {
                if (HasRoomNow)
                {
                    _session.IsPaused = false;
                    return;
                }

                _session.IsPaused = true;
                patience = Watch();
            }

            using CancellationTokenSource over = new(patience, _timeProvider);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
            try
            {
                await _room.WaitAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Time to look whether something is stuck.
            }
        }
    }

    private void HandleEvents()
    {
        while (_session.TryReadEvent(out SmuxEvent smuxEvent))
        {
            if (smuxEvent.Kind == SmuxEventKind.Opened)
            {
                SmuxStream opened = new(this, smuxEvent.StreamId);
                _streams.Add(opened.Id, opened);
                _backlog.Writer.TryWrite(opened);
                continue;
            }

            if (smuxEvent.Kind == SmuxEventKind.Broken)
            {
                Fail(smuxEvent.Text!);
                continue;
            }

            if (!_streams.TryGetValue(smuxEvent.StreamId, out SmuxStream? stream))
            {
                continue;
            }

            if (smuxEvent.Kind == SmuxEventKind.Data)
            {
                stream.Received.Add(smuxEvent.Data.Span);
                _unread += smuxEvent.Data.Length;
            }
            else
            {
                stream.IsFinished = true;
            }

            if (!stream.IsTouched)
            {
                stream.IsTouched = true;
                _touched.Add(stream);
            }
        }

        if (_session.HasOutput)
        {
            _work.Set();
        }
    }

    /// <summary>Gives up what is stuck.</summary>
    /// <returns>When to look again.</returns>
    private TimeSpan Watch()
    {
        if (_watchedSince is { } since)
        {
            TimeSpan left = _options.StallTimeout - _timeProvider.GetElapsedTime(since);
            if (left > TimeSpan.Zero)
            {
                return left;
            }

            // A stream alone holds nobody up: its owner may take much more time.
            if (_streams.Values.Any(stream => stream.BytesRead > stream.WatchedFrom))
            {
                _stillSince = _timeProvider.GetTimestamp();
            }

            bool isAtStandstill = _timeProvider.GetElapsedTime(_stillSince) >= _options.StandstillTimeout;
            if ((isAtStandstill || _streams.Count > 1) && FindStuck() is { } stuck)
            {
                GiveUp(stuck);
            }
        }
        else
        {
            _stillSince = _timeProvider.GetTimestamp();
        }

        foreach (SmuxStream stream in _streams.Values)
        {
            stream.WatchedFrom = stream.BytesRead;
        }

        _watchedSince = _timeProvider.GetTimestamp();
        return _options.StallTimeout;
    }

    private SmuxStream? FindStuck() => _streams.Values
        .Where(stream => stream.Received.Count > 0 && stream.BytesRead - stream.WatchedFrom < _options.LeastProgress)
        .MaxBy(stream => stream.Received.Count);

    private void GiveUp(SmuxStream stream)
    {
        _session.Abort(stream.Id);
        stream.Failure = _streams.Count > 1
            ? "The connection was closed, because it was not read for long while others waited behind it."
            : "The connection was closed, because it was not read for very long.";
        Drop(stream);
        stream.GiveUp(stream.Failure);
        _room.Set();
        _work.Set();
    }

    private static bool IsAtEnd(SmuxStream stream)
    {
        if (stream.IsFinished || stream.IsClosed)
        {
            return true;
        }

        return stream.Failure is null ? false : throw new IOException(stream.Failure);
    }

    /// <summary>Forgets a stream, and what nobody will read of it.</summary>
    private void Drop(SmuxStream stream)
    {
        _unread -= stream.Received.Count;
        stream.Received.Clear();
        _streams.Remove(stream.Id);
        stream.Readable.SetElsewhere();
        stream.Writable.Set();
    }

    private void Fail(string text)
    {
        _failure ??= text;
        foreach (SmuxStream stream in _streams.Values.ToArray())
        {
            stream.Failure = _failure;
            stream.Readable.SetElsewhere();
            stream.Writable.Set();
        }

        _backlog.Writer.TryComplete();
        _room.Set();
        _work.Set();
    }
}
