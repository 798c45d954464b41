using System.Globalization;

namespace SsmTools.Engine.Smux;

/// <summary>
/// One end of a multiplexed connection, smux version 1 (xtaci/smux, session.go): streams, keep-alive and end. It has no
/// socket, no thread and no clock of its own: bytes are fed in, events and bytes are taken out, and
/// <see cref="OnTimer"/> is to be called when <see cref="TimeUntilDeadline"/> has passed. Not safe for several threads at
/// once. What waits to be sent is bounded by its owner, <see cref="SmuxMultiplexer"/>.
/// </summary>
internal sealed partial class SmuxSession
{
    private readonly SmuxOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly SmuxBuffers _buffers;
    private readonly Dictionary<uint, SmuxSendQueue> _streams = [];
    private readonly byte[] _header = new byte[SmuxFrame.HeaderLength];
    private ReadOnlyMemory<byte> _input;
    private int _headerCount;
    private int _bodyLeft;
    private SmuxSendQueue? _bodyOwner;
    private uint _lastId;
    private string? _broken;
    private bool _isBrokenTold;
    private bool _hasHeard;
    private long _periodStart;
    private long _lastNop;

    /// <summary>Creates one end. Nothing is sent before a stream is opened.</summary>
    public SmuxSession(SmuxOptions options, TimeProvider timeProvider)
    {
        _options = options;
        _timeProvider = timeProvider;
        _buffers = new SmuxBuffers(options.MaxFrameSize);
        _gathered = new byte[options.MaxFrameSize + SmuxFrame.HeaderLength];
        _lastId = options.Role == SmuxRole.Client ? 1u : 0;
        _lastNop = _periodStart = timeProvider.GetTimestamp();
    }

    /// <summary>Whether the session is over.</summary>
    public bool IsBroken => _broken is not null;

    /// <summary>How many streams there are.</summary>
    public int StreamCount => _streams.Count;

    /// <summary>Set while the owner takes nothing in: that nothing comes is then not the peer's fault.</summary>
    public bool IsPaused { get; set; }

    /// <summary>How long until <see cref="OnTimer"/> must be called; null for never.</summary>
    public TimeSpan? TimeUntilDeadline
    {
        get
        {
            if (!_options.KeepAlive || IsBroken)
            {
                return null;
            }

            TimeSpan nop = _options.KeepAliveInterval - _timeProvider.GetElapsedTime(_lastNop);
            TimeSpan end = _options.KeepAliveTimeout - _timeProvider.GetElapsedTime(_periodStart);
            TimeSpan sooner = nop < end ? nop : end;
            return sooner > TimeSpan.Zero ? sooner : TimeSpan.Zero;
        }
    }

    /// <summary>Opens a stream.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="IOException">The session is over, or has no ids or no room left.</exception>
    public uint Open()
    {
        if (_broken is not null)
        {
            throw new IOException(_broken);
        }

        if (_lastId > uint.MaxValue - 2 || _streams.Count >= _options.MaxStreams)
        {
            throw new IOException("The multiplexed session has no room for another stream.");
        }

        _lastId += 2;
        Add(_lastId);
        _control.Enqueue((SmuxCommand.Open, _lastId));
        return _lastId;
    }

    /// <summary>Adds to what a stream has to send. False when it cannot send any more.</summary>
    public bool Write(uint streamId, ReadOnlySpan<byte> data)
    {
        if (IsBroken || !_streams.TryGetValue(streamId, out SmuxSendQueue? stream) || stream.HasEnd)
        {
            return false;
        }

        QueuedBytes += data.Length;
        stream.Add(data);
        Line(stream);
        return true;
    }

    /// <summary>
    /// Sends a stream's end behind its data, and goes on receiving. A reference that gets it closes the whole stream, but
    /// what it had sent before still arrives.
    /// </summary>
    public void FinishWriting(uint streamId)
    {
        if (_streams.TryGetValue(streamId, out SmuxSendQueue? stream))
        {
            stream.End();
            Line(stream);
        }
    }

    /// <summary>Closes a stream: its end goes behind its data, and what still comes is thrown away.</summary>
    public void Close(uint streamId)
    {
        if (_streams.TryGetValue(streamId, out SmuxSendQueue? stream))
        {
            stream.Receives = false;
            stream.End();
            Line(stream);
            ForgetIfOver(stream);
        }
    }

    /// <summary>Closes a stream at once: what it still had to send is not sent.</summary>
    public void Abort(uint streamId)
    {
        if (_streams.TryGetValue(streamId, out SmuxSendQueue? stream))
        {
            QueuedBytes -= stream.Bytes;
            stream.Clear();
            Close(streamId);
        }
    }

    /// <summary>Does what is due.</summary>
    public void OnTimer()
    {
        if (!_options.KeepAlive || IsBroken)
        {
            return;
        }

        if (_timeProvider.GetElapsedTime(_periodStart) >= _options.KeepAliveTimeout)
        {
            if (!_hasHeard && !IsPaused)
            {
                Break(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Nothing came from the other end of the tunnel for {_options.KeepAliveTimeout.TotalSeconds:0} seconds."));
                return;
            }

            _hasHeard = false;
            _periodStart = _timeProvider.GetTimestamp();
        }

        if (_timeProvider.GetElapsedTime(_lastNop) >= _options.KeepAliveInterval)
        {
            _lastNop = _timeProvider.GetTimestamp();
            _control.Enqueue((SmuxCommand.Nop, 0));
        }
    }

    private void Break(string text)
    {
        _broken = text;
        _input = default;
        foreach (SmuxSendQueue stream in _streams.Values)
        {
            stream.Clear();
        }

        QueuedBytes = 0;
        _streams.Clear();
        _line.Clear();
        _control.Clear();
    }

    private SmuxSendQueue Add(uint streamId)
    {
        SmuxSendQueue stream = new(streamId, _buffers, _options.MaxFrameSize);
        _streams.Add(streamId, stream);
        return stream;
    }

    private void ForgetIfOver(SmuxSendQueue stream)
    {
        // As the reference has it, one that was closed here is forgotten as soon as the peer was told, whatever it does.
        if (stream.IsEndSent && !stream.Receives)
        {
            _streams.Remove(stream.StreamId);
        }
    }
}
