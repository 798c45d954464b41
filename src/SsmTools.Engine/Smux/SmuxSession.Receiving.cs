namespace SsmTools.Engine.Smux;

/// <summary>From bytes to events.</summary>
internal sealed partial class SmuxSession
{
    /// <summary>Refusals that may wait to be sent; a peer that goes on opening streams then gets none.</summary>
    private const int MaxRefusals = 4096;

    /// <summary>
    /// Takes bytes of the connection in, cut anywhere. Every event must be read before the next bytes come: those of
    /// data are windows onto these.
    /// </summary>
    public void Receive(ReadOnlyMemory<byte> bytes)
    {
        if (!_input.IsEmpty)
        {
            throw new InvalidOperationException("What came before was not read to its end.");
        }

        if (!IsBroken)
        {
            _input = bytes;
        }
    }

    /// <summary>Takes the next event.</summary>
    public bool TryReadEvent(out SmuxEvent smuxEvent)
    {
        smuxEvent = default;
        while (!_input.IsEmpty)
        {
            if (_bodyLeft > 0 ? TryReadBody(out smuxEvent) : TryReadHeader(out SmuxFrame frame) && TryHandle(frame, out smuxEvent))
            {
                return true;
            }
        }

        if (_broken is null || _isBrokenTold)
        {
            return false;
        }

        _isBrokenTold = true;
        smuxEvent = new SmuxEvent(SmuxEventKind.Broken, Text: _broken);
        return true;
    }

    private bool TryReadBody(out SmuxEvent smuxEvent)
    {
        ReadOnlyMemory<byte> data = _input[..Math.Min(_bodyLeft, _input.Length)];
        _input = _input[data.Length..];
        _bodyLeft -= data.Length;
        if (_bodyOwner is { Receives: true, HasPeerFinished: false } owner)
        {
            smuxEvent = new SmuxEvent(SmuxEventKind.Data, owner.StreamId, data);
            return true;
        }

        smuxEvent = default;
        return false;
    }

    private bool TryReadHeader(out SmuxFrame frame)
    {
        if (_headerCount == 0 && _input.Length >= SmuxFrame.HeaderLength)
        {
            frame = SmuxFrame.Read(_input.Span);
            _input = _input[SmuxFrame.HeaderLength..];
            return true;
        }

        int count = Math.Min(SmuxFrame.HeaderLength - _headerCount, _input.Length);
        _input.Span[..count].CopyTo(_header.AsSpan(_headerCount));
        _input = _input[count..];
        _headerCount += count;
        if (_headerCount < SmuxFrame.HeaderLength)
        {
            frame = default;
            return false;
        }

        _headerCount = 0;
        frame = SmuxFrame.Read(_header);
        return true;
    }

    private bool TryHandle(SmuxFrame frame, out SmuxEvent smuxEvent)
    {
        smuxEvent = default;
        if (frame.Version != SmuxFrame.SupportedVersion || frame.Command > SmuxCommand.Nop)
        {
            Break("The other end of the tunnel sent what is not smux version 1.");
            return false;
        }

        _hasHeard = true;
        _streams.TryGetValue(frame.StreamId, out SmuxSendQueue? stream);
        switch (frame.Command)
        {
            case SmuxCommand.Open when stream is null:
                return TryAccept(frame.StreamId, out smuxEvent);
            case SmuxCommand.Finish when stream is { HasPeerFinished: false }:
                stream.HasPeerFinished = true;
                smuxEvent = new SmuxEvent(SmuxEventKind.Finished, frame.StreamId);
                return stream.Receives;
            case SmuxCommand.Push:
                _bodyOwner = stream; // null for a stream that was closed here: what still comes is thrown away
                _bodyLeft = frame.Length;
                return false;
            default:
                return false; // keep-alive, or of no meaning: the reference ignores it, too
        }
    }

    private bool TryAccept(uint streamId, out SmuxEvent smuxEvent)
    {
        smuxEvent = new SmuxEvent(SmuxEventKind.Opened, streamId);
        if (_streams.Count < _options.MaxStreams)
        {
            Add(streamId);
            return true;
        }

        if (_control.Count < MaxRefusals)
        {
            _control.Enqueue((SmuxCommand.Finish, streamId));
        }

        return false;
    }
}
