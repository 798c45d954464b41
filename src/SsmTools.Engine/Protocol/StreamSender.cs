namespace SsmTools.Engine.Protocol;

/// <summary>
/// One direction of a data channel, sending half: numbers messages, keeps them until they are acknowledged, and sends
/// them again when that takes too long, or as soon as messages that were sent later are acknowledged. The references
/// resend the oldest message only, one per 100 ms (session-manager-plugin, datachannel/streaming.go); here a burst of
/// losses is repaired in one round trip, and after a reconnect everything is sent again at once, which their receivers
/// take.
/// </summary>
/// <param name="options">How the channel behaves.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="digest">Makes the messages' digests.</param>
internal sealed class StreamSender(DataChannelOptions options, TimeProvider timeProvider, PayloadDigest digest)
{
    /// <summary>
    /// A message counts as lost when the third one sent after it is acknowledged: TCP's own measure (RFC 5681, section
    /// 3.2). A link may reorder a little without a resend.
    /// </summary>
    private const int ReorderingTolerance = 3;

    private readonly string _messageType = options.Role == ChannelRole.Client
        ? MessageType.InputStreamData
        : MessageType.OutputStreamData;

    private readonly RetransmissionTimer _timer = new(options.ResendCeiling, floor: options.ResendFloor);
    private readonly SendWindow _window = new(options.MaxBytesInFlight);
    private readonly InFlightRing _inFlight = new();
    private readonly Queue<InFlightMessage> _queue = new();
    private readonly Queue<InFlightMessage> _resends = new();

    /// <summary>Every sending in its order; those that an acknowledgement or a later sending has overtaken, too.</summary>
    private readonly Queue<(InFlightMessage Message, long Sending)> _sendings = new();

    private long _sending;
    private long _newestAcknowledged;
    private long _lastBackOff = long.MinValue;
    private TimeSpan _leastRoundTrip = TimeSpan.MaxValue;

    /// <summary>Nothing is sent while set; what is added waits.</summary>
    public bool IsHeld { get; set; }

    /// <summary>Whether the window has room for another message.</summary>
    public bool HasRoom =>
        _inFlight.UnacknowledgedBytes < _window.Size && _inFlight.Count < options.MaxMessagesInFlight;

    /// <summary>Whether every message was acknowledged.</summary>
    public bool IsDrained => _inFlight.Count == 0;

    /// <summary>The estimate behind the resends.</summary>
    public RetransmissionTimer Timer => _timer;

    /// <summary>How many messages were sent again.</summary>
    public long Resends { get; private set; }

    /// <summary>How long until <see cref="OnTimer"/> has something to do; null when an event must come first.</summary>
    public TimeSpan? TimeUntilDeadline
    {
        get
        {
            if (IsHeld || Oldest() is not { } oldest)
            {
                return null;
            }

            TimeSpan left = _timer.Timeout - timeProvider.GetElapsedTime(oldest.SentAt);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Numbers a message and queues it.</summary>
    public void Add(PayloadType payloadType, ReadOnlySpan<byte> payload, ulong createdDate)
    {
        long number = _inFlight.NextSequenceNumber;
        byte[] frame = GC.AllocateUninitializedArray<byte>(AgentMessageCodec.OverheadLength + payload.Length);
        payload.CopyTo(frame.AsSpan(AgentMessageCodec.OverheadLength));
        AgentMessage header = new()
        {
            MessageType = _messageType,
            CreatedDate = createdDate,
            SequenceNumber = number,
            Flags = options.Role == ChannelRole.Agent && number == 0 ? MessageFlags.Syn : MessageFlags.None,
            MessageId = options.NewId(),
            PayloadType = payloadType,
        };
        AgentMessageCodec.WriteHeader(frame, header, digest);

        InFlightMessage message = new(number, frame);
        _inFlight.Add(message);
        Enqueue(_queue, message);
    }

    /// <summary>Takes the next frame to be written to the transport. Its time runs from here.</summary>
    public bool TryDequeue(out ReadOnlyMemory<byte> frame)
    {
        while (!IsHeld && (_resends.TryDequeue(out InFlightMessage? message) || _queue.TryDequeue(out message)))
        {
            message.IsQueued = false;
            if (message.IsAcknowledged)
            {
                continue; // it arrived before its turn to be resent came
            }

            message.SentAt = timeProvider.GetTimestamp();
            message.Sending = ++_sending;
            message.Transmissions++;
            Resends += message.Transmissions > 1 ? 1 : 0;
            _sendings.Enqueue((message, _sending));
            frame = message.Frame;
            return true;
        }

        frame = default;
        return false;
    }

    /// <summary>Takes an acknowledgement in. Numbers that are not awaited are ignored.</summary>
    public void Acknowledge(long sequenceNumber)
    {
        InFlightMessage? message = _inFlight.Find(sequenceNumber);
        if (message is null || message.Transmissions == 0)
        {
            return;
        }

        TimeSpan elapsed = timeProvider.GetElapsedTime(message.SentAt);
        if (message.Transmissions == 1)
        {
            _timer.Sample(elapsed);
            _leastRoundTrip = elapsed < _leastRoundTrip ? elapsed : _leastRoundTrip;
            _window.OnAcknowledged(message.PayloadLength, elapsed, _leastRoundTrip, message.Sending, _sending);
        }

        _inFlight.Acknowledge(message);

        // One that comes sooner than any round trip took is for an earlier sending, and says nothing of the last one.
        if (elapsed >= _leastRoundTrip)
        {
            _newestAcknowledged = Math.Max(_newestAcknowledged, message.Sending);
            ResendOvertaken();
        }
    }

    /// <summary>Queues every unacknowledged message again, in order: the link is a new one.</summary>
    public void Requeue()
    {
        _queue.Clear();
        _resends.Clear();
        _sendings.Clear();
        _leastRoundTrip = TimeSpan.MaxValue; // it may lead another way round the world
        foreach (InFlightMessage message in _inFlight.Unacknowledged())
        {
            Enqueue(_resends, message);
        }
    }

    /// <summary>Queues what is overdue.</summary>
    public void OnTimer()
    {
        // The time-out as it is now: backing off is for what will be sent from here.
        TimeSpan timeout = _timer.Timeout;
        while (!IsHeld && Oldest() is { } oldest && timeProvider.GetElapsedTime(oldest.SentAt) >= timeout)
        {
            // Once per flight: what went out before the last back-off says nothing about the longer time-out.
            if (oldest.SentAt >= _lastBackOff)
            {
                _timer.BackOff();
                _window.OnTimeout(_sending);
                _lastBackOff = timeProvider.GetTimestamp();
            }

            Resend(oldest);
        }
    }

    private void ResendOvertaken()
    {
        while (Oldest() is { } oldest && _newestAcknowledged - oldest.Sending >= ReorderingTolerance)
        {
            Resend(oldest);
        }
    }

    /// <summary>The unacknowledged message whose last sending lies furthest back; null when none is under way.</summary>
    private InFlightMessage? Oldest()
    {
        while (_sendings.TryPeek(out (InFlightMessage Message, long Sending) oldest))
        {
            if (!oldest.Message.IsAcknowledged && !oldest.Message.IsQueued && oldest.Message.Sending == oldest.Sending)
            {
                return oldest.Message;
            }

            _sendings.Dequeue();
        }

        return null;
    }

    private void Resend(InFlightMessage message)
    {
        if (message.Transmissions > options.MaxResends && _newestAcknowledged >= message.Sending)
        {
            _inFlight.Acknowledge(message);
        }
        else
        {
            Enqueue(_resends, message);
        }
    }

    private static void Enqueue(Queue<InFlightMessage> queue, InFlightMessage message)
    {
        message.IsQueued = true;
        queue.Enqueue(message);
    }
}
