namespace SsmTools.Engine.Protocol;

/// <summary>
/// One direction of a data channel, sending half: numbers messages, keeps them until they are acknowledged, and sends
/// them again when that takes too long. The references resend the oldest message only, one per 100 ms
/// (session-manager-plugin, datachannel/streaming.go); here every overdue message is sent again, and after a reconnect
/// all of them at once, which their receivers take.
/// </summary>
internal sealed class StreamSender(DataChannelOptions options, TimeProvider timeProvider)
{
    private static readonly TimeSpan s_granularity = TimeSpan.FromMilliseconds(10);

    private readonly string _messageType = options.Role == ChannelRole.Client
        ? MessageType.InputStreamData
        : MessageType.OutputStreamData;

    private readonly RetransmissionTimer _timer = new(options.ResendCeiling);
    private readonly InFlightRing _inFlight = new();
    private readonly Queue<InFlightMessage> _queue = new();
    private readonly Queue<InFlightMessage> _resends = new();

    private long? _scanAt;
    private long _lastBackOff = long.MinValue;
    private long _newestAcknowledgedSending = long.MinValue;

    /// <summary>Nothing is sent while set; what is added waits.</summary>
    public bool IsHeld { get; set; }

    /// <summary>Whether the window has room for another message.</summary>
    public bool HasRoom =>
        _inFlight.UnacknowledgedBytes < options.MaxBytesInFlight && _inFlight.Count < options.MaxMessagesInFlight;

    /// <summary>Whether every message was acknowledged.</summary>
    public bool IsDrained => _inFlight.Count == 0;

    /// <summary>The estimate behind the resends.</summary>
    public RetransmissionTimer Timer => _timer;

    /// <summary>How many messages were sent again.</summary>
    public long Resends { get; private set; }

    /// <summary>How long until <see cref="OnTimer"/> has something to do; null when an event must come first.</summary>
    public TimeSpan? TimeUntilDeadline => _scanAt is not { } scanAt || IsHeld
        ? null
        : Max(TimeSpan.Zero, timeProvider.GetElapsedTime(timeProvider.GetTimestamp(), scanAt));

    /// <summary>Numbers a message and queues it.</summary>
    public void Add(PayloadType payloadType, ReadOnlySpan<byte> payload, ulong createdDate)
    {
        long number = _inFlight.NextSequenceNumber;
        byte[] frame = GC.AllocateUninitializedArray<byte>(AgentMessageCodec.OverheadLength + payload.Length);
        payload.CopyTo(frame.AsSpan(AgentMessageCodec.OverheadLength));
        AgentMessageCodec.WriteHeader(frame, new AgentMessage
        {
            MessageType = _messageType,
            CreatedDate = createdDate,
            SequenceNumber = number,
            Flags = options.Role == ChannelRole.Agent && number == 0 ? MessageFlags.Syn : MessageFlags.None,
            MessageId = options.NewId(),
            PayloadType = payloadType,
        });

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
            message.Transmissions++;
            Resends += message.Transmissions > 1 ? 1 : 0;
            _scanAt ??= After(message.SentAt, _timer.Timeout);
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

        if (message.Transmissions == 1)
        {
            _timer.Sample(timeProvider.GetElapsedTime(message.SentAt));
        }

        _newestAcknowledgedSending = Math.Max(_newestAcknowledgedSending, message.SentAt);
        _inFlight.Acknowledge(message);
        if (_inFlight.Count == 0)
        {
            _scanAt = null;
        }
    }

    /// <summary>Queues every unacknowledged message again, in order: the link is a new one.</summary>
    public void Requeue()
    {
        _queue.Clear();
        _resends.Clear();
        _scanAt = null;
        foreach (InFlightMessage message in _inFlight.Unacknowledged())
        {
            Enqueue(_resends, message);
        }
    }

    /// <summary>Queues what is overdue.</summary>
    public void OnTimer()
    {
        long now = timeProvider.GetTimestamp();
        if (IsHeld || _scanAt is not { } scanAt || now < scanAt)
        {
            return;
        }

        List<InFlightMessage> overdue = [];
        long? oldest = null;
        foreach (InFlightMessage message in _inFlight.Unacknowledged())
        {
            if (message.IsQueued)
            {
                continue;
            }

            if (timeProvider.GetElapsedTime(message.SentAt, now) >= _timer.Timeout)
            {
                overdue.Add(message);
            }
            else
            {
                oldest = Math.Min(oldest ?? long.MaxValue, message.SentAt);
            }
        }

        Resend(overdue, now);
        _scanAt = oldest is { } sentAt
            ? Math.Max(After(sentAt, _timer.Timeout), After(now, s_granularity))
            : null;
    }

    private void Resend(List<InFlightMessage> overdue, long now)
    {
        // Once per flight: messages that went out before the last back-off say nothing about the longer time-out.
        if (overdue.Exists(message => message.SentAt >= _lastBackOff))
        {
            _timer.BackOff();
            _lastBackOff = now;
        }

        foreach (InFlightMessage message in overdue)
        {
            if (message.Transmissions > options.MaxResends && _newestAcknowledgedSending >= message.SentAt)
            {
                _inFlight.Acknowledge(message);
            }
            else
            {
                Enqueue(_resends, message);
            }
        }
    }

    private static void Enqueue(Queue<InFlightMessage> queue, InFlightMessage message)
    {
        message.IsQueued = true;
        queue.Enqueue(message);
    }

    private long After(long timestamp, TimeSpan delay) =>
        timestamp + (long)(delay.TotalSeconds * timeProvider.TimestampFrequency);

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
