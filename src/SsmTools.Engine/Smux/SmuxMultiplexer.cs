using System.Threading.Channels;
using SsmTools.Engine.Sessions;

namespace SsmTools.Engine.Smux;

/// <summary>
/// A <see cref="SmuxSession"/> with streams that can be read and written: bounded both ways, fair among them. The protocol
/// has no window per stream, so what comes is taken in as long as all streams together leave little unread; a stream that
/// holds up the others because nobody reads it is given up in the end.
/// </summary>
internal sealed partial class SmuxMultiplexer : IAsyncDisposable
{
    private readonly SmuxOptions _options;
    private readonly Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> _send;
    private readonly TimeProvider _timeProvider;
    private readonly SmuxSession _session;
    private readonly object _lock = new();
    private readonly Dictionary<uint, SmuxStream> _streams = [];
    private readonly Channel<SmuxStream> _backlog = Channel.CreateUnbounded<SmuxStream>();
    private readonly AsyncSignal _work = new();
    private readonly AsyncSignal _room = new();
    private readonly ITimer _timer;
    private string? _failure;
    private int _unread;

    /// <summary>Prepares one end; <see cref="RunAsync"/> makes it send.</summary>
    /// <param name="options">How it behaves.</param>
    /// <param name="send">
    /// Sends bytes, meant as the payload of one message, and waits while it cannot. They are valid until it is done.
    /// </param>
    /// <param name="timeProvider">The clock.</param>
    public SmuxMultiplexer(
        SmuxOptions options, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> send, TimeProvider timeProvider)
    {
        _options = options;
        _send = send;
        _timeProvider = timeProvider;
        _session = new SmuxSession(options, timeProvider);
        _timer = timeProvider.CreateTimer(
            static work => ((AsyncSignal)work!).Set(), _work, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Streams that were not closed here, whatever the peer did to them.</summary>
    public int StreamCount
    {
        get
        {
            lock (_lock)
            {
                return _streams.Count;
            }
        }
    }

    /// <summary>Whether more may be taken in. While there is none, the peer had better be held back.</summary>
    public bool HasRoom
    {
        get
        {
            lock (_lock)
            {
                return HasRoomNow;
            }
        }
    }

    private bool HasRoomNow =>
        _failure is not null || (_unread <= _options.MaxUnread && _backlog.Reader.Count < _options.MaxBacklog);

    /// <summary>Opens a stream.</summary>
    /// <exception cref="IOException">The session has ended, or has no room for it.</exception>
    public SmuxStream Open()
    {
        SmuxStream stream;
        lock (_lock)
        {
            ThrowIfOver();
            stream = new SmuxStream(this, _session.Open());
            _streams.Add(stream.Id, stream);
        }

        _work.Set();
        return stream;
    }

    /// <summary>Waits for a stream that the peer opens; null when the session has ended.</summary>
    public async ValueTask<SmuxStream?> AcceptAsync(CancellationToken cancellationToken)
    {
        while (await _backlog.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_backlog.Reader.TryRead(out SmuxStream? stream))
            {
                _room.Set();
                return stream;
            }
        }

        return null;
    }

    /// <summary>Sends until the session ends.</summary>
    /// <exception cref="IOException">The peer broke the protocol, or nothing came from it for too long.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                while (TryDequeue(out ReadOnlyMemory<byte> payload))
                {
                    await _send(payload, cancellationToken).ConfigureAwait(false);
                }

                await _work.WaitAsync(cancellationToken).ConfigureAwait(false);
                lock (_lock)
                {
                    _session.OnTimer();
                    HandleEvents();
                    ThrowIfOver();
                }
            }
        }
        finally
        {
            lock (_lock)
            {
                Fail("The tunnel's session has ended.");
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _timer.Dispose();
        lock (_lock)
        {
            Fail("The tunnel's session has ended.");
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Whether it is known if there is something to read; if there is.</summary>
    internal bool TryPeek(SmuxStream stream, out bool hasData)
    {
        lock (_lock)
        {
            hasData = stream.Received.Count > 0;
            return hasData || IsAtEnd(stream);
        }
    }

    /// <summary>Reads. False when there is nothing yet.</summary>
    internal bool TryRead(SmuxStream stream, Span<byte> into, out int count)
    {
        bool regained;
        lock (_lock)
        {
            count = stream.Received.Take(into);
            if (count == 0)
            {
                return into.IsEmpty || IsAtEnd(stream);
            }

            stream.BytesRead += count;
            regained = !HasRoomNow;
            _unread -= count;
            regained &= HasRoomNow;
        }

        if (regained)
        {
            _room.Set();
        }

        return true;
    }

    /// <summary>Writes as much as there is room for.</summary>
    /// <returns>Bytes written.</returns>
    internal int Write(SmuxStream stream, ReadOnlySpan<byte> data)
    {
        int written = 0;
        lock (_lock)
        {
            while (written < data.Length)
            {
                if (stream.IsClosed || stream.Failure is not null)
                {
                    throw new IOException(stream.Failure ?? "The connection was closed.");
                }

                int queued = _session.QueuedBytesOf(stream.Id);
                if (queued > 0 && (queued >= _options.MaxQueuedPerStream || _session.QueuedBytes >= _options.MaxQueued))
                {
                    break;
                }

                int count = Math.Min(_options.MaxFrameSize, data.Length - written);
                if (!_session.Write(stream.Id, data.Slice(written, count)))
                {
                    throw new IOException(_failure ?? "The connection was closed.");
                }

                written += count;
            }

            stream.BytesWritten += written;
        }

        if (written > 0)
        {
            _work.Set();
        }

        return written;
    }

    /// <summary>Sends a stream's end behind its data.</summary>
    internal void FinishWriting(SmuxStream stream)
    {
        lock (_lock)
        {
            _session.FinishWriting(stream.Id);
        }

        _work.Set();
    }

    /// <summary>Closes a stream.</summary>
    internal void Close(SmuxStream stream)
    {
        lock (_lock)
        {
            if (stream.IsClosed)
            {
                return;
            }

            stream.IsClosed = true;
            _session.Close(stream.Id);
            Drop(stream);
        }

        _work.Set();
        _room.Set();
    }

    private bool TryDequeue(out ReadOnlyMemory<byte> payload)
    {
        lock (_lock)
        {
            ThrowIfOver();
            bool isThere = _session.TryDequeuePayload(out payload);
            foreach (uint id in _session.Served)
            {
                if (_streams.TryGetValue(id, out SmuxStream? stream))
                {
                    stream.Writable.Set();
                }
            }

            if (!isThere && _session.TimeUntilDeadline is { } deadline)
            {
                _timer.Change(deadline, Timeout.InfiniteTimeSpan);
            }

            return isThere;
        }
    }

    private void ThrowIfOver()
    {
        if (_failure is not null)
        {
            throw new IOException(_failure);
        }
    }
}
