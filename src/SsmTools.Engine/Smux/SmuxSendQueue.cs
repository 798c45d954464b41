namespace SsmTools.Engine.Smux;

/// <summary>What one stream has to send: frames that are built in place, so that bytes are copied in once.</summary>
internal sealed class SmuxSendQueue(uint streamId, SmuxBuffers buffers, int maxFrameSize)
{
    private readonly Queue<(byte[] Buffer, int Length)> _frames = new();
    private byte[]? _last;
    private int _lastLength;

    /// <summary>Whose it is.</summary>
    public uint StreamId => streamId;

    /// <summary>Bytes of data.</summary>
    public int Bytes { get; private set; }

    /// <summary>Whether the stream's end is to be sent behind the data.</summary>
    public bool HasEnd { get; private set; }

    /// <summary>Whether everything was taken, the end, too.</summary>
    public bool IsEndSent { get; private set; }

    /// <summary>Whether the stream's owner still wants what comes.</summary>
    public bool Receives { get; set; } = true;

    /// <summary>Whether the peer has closed its end.</summary>
    public bool HasPeerFinished { get; set; }

    /// <summary>Whether it stands in the line of those that have something to send.</summary>
    public bool IsInLine { get; set; }

    /// <summary>Whether there is something to send.</summary>
    public bool IsEmpty => _frames.Count == 0 && _last is null && (!HasEnd || IsEndSent);

    /// <summary>The next frame's length, header and all.</summary>
    public int NextLength => _frames.TryPeek(out (byte[] Buffer, int Length) frame) ? frame.Length
        : _last is not null ? _lastLength
        : SmuxFrame.HeaderLength;

    /// <summary>Adds data.</summary>
    public void Add(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            if (_last is null)
            {
                _last = buffers.Rent(Math.Min(Math.Max(data.Length, Bytes), maxFrameSize));
                _lastLength = SmuxFrame.HeaderLength;
            }

            // Small pieces that come while the link is busy share a frame.
            int room = Math.Min(_last.Length, maxFrameSize + SmuxFrame.HeaderLength) - _lastLength;
            int count = Math.Min(room, data.Length);
            data[..count].CopyTo(_last.AsSpan(_lastLength));
            _lastLength += count;
            Bytes += count;
            data = data[count..];
            if (count == room)
            {
                _frames.Enqueue((_last, _lastLength));
                _last = null;
            }
        }
    }

    /// <summary>Adds the end.</summary>
    public void End() => HasEnd = true;

    /// <summary>Takes the next frame. Its buffer is the caller's, to be returned.</summary>
    public (byte[] Buffer, int Length) Take()
    {
        if (!_frames.TryDequeue(out (byte[] Buffer, int Length) frame))
        {
            if (_last is null)
            {
                IsEndSent = true;
                frame = (buffers.Rent(0), SmuxFrame.HeaderLength);
                SmuxFrame.Write(frame.Buffer, SmuxCommand.Finish, streamId);
                return frame;
            }

            frame = (_last, _lastLength);
            _last = null;
        }

        int length = frame.Length - SmuxFrame.HeaderLength;
        SmuxFrame.Write(frame.Buffer, SmuxCommand.Push, streamId, length);
        Bytes -= length;
        return frame;
    }

    /// <summary>Forgets the data.</summary>
    public void Clear()
    {
        foreach ((byte[] buffer, int _) in _frames)
        {
            buffers.Return(buffer);
        }

        if (_last is not null)
        {
            buffers.Return(_last);
            _last = null;
        }

        _frames.Clear();
        Bytes = 0;
    }
}
