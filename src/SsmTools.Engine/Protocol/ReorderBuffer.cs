namespace SsmTools.Engine.Protocol;

/// <summary>One direction of a data channel, receiving half: what came before its turn, or before its owner was ready, within bounds.</summary>
internal sealed class ReorderBuffer(int maxMessages, int maxBytes)
{
    /// <summary>More than any message has that is received.</summary>
    private const int Large = 1024 * 1024;

    private readonly Dictionary<long, BufferedPayload> _waiting = [];
    private long _bytes;

    /// <summary>The number of the next message in order.</summary>
    public long Expected { get; private set; }

    /// <summary>Messages that wait.</summary>
    public int Count => _waiting.Count;

    /// <summary>Whether the next message may find no room.</summary>
    public bool IsFull => _waiting.Count >= maxMessages || _bytes > maxBytes - Large;

    /// <summary>
    /// Keeps a copy of a message whose turn has not come. True also when it is there already; false when there is no
    /// room, or it is further ahead than anything that could ever fit.
    /// </summary>
    /// <param name="sequenceNumber">The message's number.</param>
    /// <param name="payloadType">What it is.</param>
    /// <param name="payload">Its payload.</param>
    /// <param name="receipt">What is to be acknowledged when it is taken; none where it was already.</param>
    public bool TryStore(long sequenceNumber, PayloadType payloadType, ReadOnlySpan<byte> payload, Receipt? receipt = null)
    {
        if (_waiting.ContainsKey(sequenceNumber))
        {
            return true;
        }

        if (_waiting.Count >= maxMessages
            || _bytes + payload.Length > maxBytes
            || sequenceNumber - Expected > maxMessages)
        {
            return false;
        }

        _waiting.Add(sequenceNumber, new BufferedPayload(payloadType, payload.ToArray(), receipt));
        _bytes += payload.Length;
        return true;
    }

    /// <summary>Whether a message waits here.</summary>
    public bool Contains(long sequenceNumber) => _waiting.ContainsKey(sequenceNumber);

    /// <summary>The next message in order, if it waits here.</summary>
    public bool TryPeek(out BufferedPayload payload) => _waiting.TryGetValue(Expected, out payload);

    /// <summary>The next message in order was taken, from here or from elsewhere: forgets it and advances.</summary>
    public void Take()
    {
        if (_waiting.Remove(Expected, out BufferedPayload payload))
        {
            _bytes -= payload.Data.Length;
        }

        Expected++;
    }
}

/// <summary>What waits for its turn.</summary>
/// <param name="PayloadType">What it is.</param>
/// <param name="Data">A copy of its own.</param>
/// <param name="Receipt">What is to be acknowledged when it is taken; none where it was already.</param>
internal readonly record struct BufferedPayload(PayloadType PayloadType, byte[] Data, Receipt? Receipt);
