namespace SsmTools.Engine.Smux;

/// <summary>From what streams have to send to bytes.</summary>
internal sealed partial class SmuxSession
{
    /// <summary>A frame from this length on is sent as it lies there; shorter ones are put together.</summary>
    private const int GatherBelow = 8 * 1024;

    private readonly Queue<(SmuxCommand Command, uint StreamId)> _control = new();
    private readonly Queue<SmuxSendQueue> _line = new();
    private readonly List<uint> _served = [];
    private readonly byte[] _gathered;
    private byte[]? _lent;

    /// <summary>Bytes of data of all streams that wait.</summary>
    public int QueuedBytes { get; private set; }

    /// <summary>Whether there is something to be sent.</summary>
    public bool HasOutput => _control.Count > 0 || _line.Count > 0;

    /// <summary>The streams that the last payload took something from.</summary>
    public IReadOnlyList<uint> Served => _served;

    /// <summary>Bytes of data of a stream that wait; 0 for one that is not there.</summary>
    public int QueuedBytesOf(uint streamId) => _streams.TryGetValue(streamId, out SmuxSendQueue? stream) ? stream.Bytes : 0;

    /// <summary>
    /// Takes the next bytes to be sent, meant to be the payload of one message: one long frame, or several short ones,
    /// always whole. Streams take turns. The bytes are valid until the next call.
    /// </summary>
    public bool TryDequeuePayload(out ReadOnlyMemory<byte> payload)
    {
        if (_lent is not null)
        {
            _buffers.Return(_lent);
            _lent = null;
        }

        _served.Clear();
        if (_control.Count == 0 && _line.TryPeek(out SmuxSendQueue? first) && first.NextLength >= GatherBelow)
        {
            (_lent, int length) = TakeFirst();
            payload = _lent.AsMemory(0, length);
            return true;
        }

        int count = 0;
        while (_gathered.Length - count >= SmuxFrame.HeaderLength
            && _control.TryDequeue(out (SmuxCommand Command, uint StreamId) frame))
        {
            SmuxFrame.Write(_gathered.AsSpan(count), frame.Command, frame.StreamId);
            count += SmuxFrame.HeaderLength;
        }

        while (_line.TryPeek(out first) && first.NextLength <= _gathered.Length - count)
        {
            (byte[] buffer, int length) = TakeFirst();
            buffer.AsSpan(0, length).CopyTo(_gathered.AsSpan(count));
            count += length;
            _buffers.Return(buffer);
        }

        payload = _gathered.AsMemory(0, count);
        return count > 0;
    }

    private (byte[] Buffer, int Length) TakeFirst()
    {
        SmuxSendQueue stream = _line.Dequeue();
        int before = stream.Bytes;
        (byte[] Buffer, int Length) frame = stream.Take();
        QueuedBytes -= before - stream.Bytes;
        _served.Add(stream.StreamId);
        stream.IsInLine = false;
        Line(stream);
        ForgetIfOver(stream);
        return frame;
    }

    private void Line(SmuxSendQueue stream)
    {
        if (!stream.IsInLine && !stream.IsEmpty)
        {
            stream.IsInLine = true;
            _line.Enqueue(stream);
        }
    }
}
