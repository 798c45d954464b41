namespace SsmTools.Engine.Protocol;

/// <summary>
/// The messages between the oldest unacknowledged one and the newest, found by number in constant time.
/// </summary>
internal sealed class InFlightRing
{
    private InFlightMessage?[] _slots = new InFlightMessage?[64];
    private long _first;
    private long _next;

    /// <summary>The number of the next message.</summary>
    public long NextSequenceNumber => _next;

    /// <summary>Messages held, acknowledged ones behind an unacknowledged one among them.</summary>
    public int Count => (int)(_next - _first);

    /// <summary>Payload bytes of the unacknowledged messages.</summary>
    public long UnacknowledgedBytes { get; private set; }

    /// <summary>Appends the message with <see cref="NextSequenceNumber"/>.</summary>
    public void Add(InFlightMessage message)
    {
        if (Count == _slots.Length)
        {
            Grow();
        }

        _slots[Slot(_next)] = message;
        _next++;
        UnacknowledgedBytes += message.PayloadLength;
    }

    /// <summary>The unacknowledged message of that number; null when there is none.</summary>
    public InFlightMessage? Find(long sequenceNumber)
    {
        InFlightMessage? message = sequenceNumber >= _first && sequenceNumber < _next ? _slots[Slot(sequenceNumber)] : null;
        return message is { IsAcknowledged: false } ? message : null;
    }

    /// <summary>Marks a message that <see cref="Find"/> gave as acknowledged, and forgets all that can be forgotten.</summary>
    public void Acknowledge(InFlightMessage message)
    {
        message.IsAcknowledged = true;
        UnacknowledgedBytes -= message.PayloadLength;
        while (_first < _next && _slots[Slot(_first)]!.IsAcknowledged)
        {
            _slots[Slot(_first)] = null;
            _first++;
        }
    }

    /// <summary>The unacknowledged messages in order.</summary>
    public IEnumerable<InFlightMessage> Unacknowledged()
    {
        for (long number = _first; number < _next; number++)
        {
            InFlightMessage message = _slots[Slot(number)]!;
            if (!message.IsAcknowledged)
            {
                yield return message;
            }
        }
    }

    private int Slot(long sequenceNumber) => (int)(sequenceNumber & (_slots.Length - 1));

    private void Grow()
    {
        InFlightMessage?[] old = _slots;
        _slots = new InFlightMessage?[old.Length * 2];
        for (long number = _first; number < _next; number++)
        {
            _slots[Slot(number)] = old[number & (old.Length - 1)];
        }
    }
}
