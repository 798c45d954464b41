namespace SsmTools.Engine.Protocol;

/// <summary>Messages of the stream: what is acknowledged when, and in which order they are taken.</summary>
internal sealed partial class DataChannel
{
    private void ReceiveStreamData(in AgentMessage message)
    {
        if (_control.Count >= MaxQueuedControlFrames)
        {
            return;
        }

        if (message.SequenceNumber < _received.Expected)
        {
            // The plugin does not; an agent whose message was acknowledged in vain would resend it for ever.
            Acknowledge(message);
        }
        else if (message.SequenceNumber > _received.Expected || !CanProcess(message.PayloadType))
        {
            Store(message);
        }
        else
        {
            Acknowledge(message);
            _received.Take(); // a copy of it may wait, from a time when the owner was not ready
            Process(message.PayloadType, message.Payload);
            Drain();
        }
    }

    private void Store(in AgentMessage message)
    {
        if (_acceptsPayloads)
        {
            if (_received.TryStore(message.SequenceNumber, message.PayloadType, message.Payload.Span))
            {
                Acknowledge(message);
            }
        }
        else if (!_received.Contains(message.SequenceNumber))
        {
            _received.TryStore(message.SequenceNumber, message.PayloadType, message.Payload.Span, ReceiptOf(message));
        }
        else if (_received.Expected > 0)
        {
            // A sign of life, as TCP answers who asks whether there is room again: it has this one's acknowledgement already.
            Acknowledge(message with { SequenceNumber = _received.Expected - 1 });
        }
    }

    private void Drain()
    {
        while (_state != State.Ended && _received.TryPeek(out BufferedPayload next) && CanProcess(next.PayloadType))
        {
            _received.Take();
            if (next.Receipt is { } receipt)
            {
                Acknowledge(receipt);
            }

            Process(next.PayloadType, next.Data);
        }
    }

    private bool CanProcess(PayloadType payloadType) => _acceptsPayloads
        || payloadType is >= PayloadType.HandshakeRequest and <= PayloadType.EncryptionChallengeResponse;
}
