namespace SsmTools.Engine.Protocol;

/// <summary>
/// A data channel between client and agent, as either of them sees it: sequence numbers, acknowledgements, resends,
/// reordering, handshake and end (session-manager-plugin, datachannel/streaming.go; amazon-ssm-agent,
/// session/datachannel/datachannel.go). It has no socket, no thread and no clock of its own: frames are fed in,
/// events and frames are taken out, and <see cref="OnTimer"/> is to be called when <see cref="TimeUntilDeadline"/> has
/// passed. Not safe for several threads at once.
/// </summary>
internal sealed partial class DataChannel
{
    /// <summary>Acknowledgements that may wait to be written; beyond it nothing is received, and the peer sends again.</summary>
    private const int MaxQueuedControlFrames = 8192;

    private readonly DataChannelOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly StreamSender _sender;
    private readonly ReorderBuffer _received;
    private readonly Queue<(ReadOnlyMemory<byte> Frame, Receipt? Receipt)> _control = new();
    private readonly PayloadDigest _digest = new();
    private readonly byte[] _acknowledgement = new byte[AcknowledgeCodec.MaxLength];
    private readonly Queue<ChannelEvent> _events = new();
    private readonly long _startedAt;

    private State _state;
    private ChannelOpening? _opening;
    private bool _isDisconnected;
    private bool _isPaused;
    private bool _acceptsPayloads = true;
    private long? _unansweredSince;

    /// <summary>Creates one end. An agent with a handshake to make has its request queued at once.</summary>
    public DataChannel(DataChannelOptions options, TimeProvider timeProvider)
    {
        _options = options;
        _timeProvider = timeProvider;
        _sender = new StreamSender(options, timeProvider, _digest);
        _received = new ReorderBuffer(options.MaxMessagesBuffered, options.MaxBytesBuffered);
        _startedAt = timeProvider.GetTimestamp();
        if (options.Role == ChannelRole.Agent)
        {
            StartAgent();
        }
    }

    private enum State
    {
        /// <summary>Client: neither a handshake nor output has come.</summary>
        Undecided,

        /// <summary>Client: answered. Agent: asked.</summary>
        Handshaking,

        Open,

        Ended,
    }

    /// <summary>Whether data may be sent now: the session is open and the window has room.</summary>
    public bool CanSend => _state == State.Open && _sender.HasRoom;

    /// <summary>Whether the session is open.</summary>
    public bool IsOpen => _state == State.Open;

    /// <summary>Whether everything sent was acknowledged.</summary>
    public bool IsDrained => _sender.IsDrained;

    /// <summary>Agent: whether the gateway asked for silence. Data may be sent all the same; it waits.</summary>
    public bool IsPaused => _isPaused;

    /// <summary>How many messages were sent again.</summary>
    public long Resends => _sender.Resends;

    /// <summary>
    /// For how long nothing has come from the peer although something awaits its acknowledgement; zero where nothing does.
    /// Messages that the gateway makes itself do not count.
    /// </summary>
    public TimeSpan Unanswered =>
        _unansweredSince is { } since ? _timeProvider.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>Whether the last frame came from the peer itself, or nothing awaited an answer from it then.</summary>
    public bool IsAnswered { get; private set; }

    /// <summary>
    /// Whether the owner is ready for payloads. While it is not, messages are kept as far as there is room, but neither
    /// delivered nor acknowledged, which holds back a peer that has a window; setting it delivers and acknowledges them.
    /// </summary>
    public bool AcceptsPayloads
    {
        get => _acceptsPayloads;
        set
        {
            _acceptsPayloads = value;
            Drain();
        }
    }

    /// <summary>Whether so much is kept that the next message may find no room, and have to be sent again.</summary>
    public bool IsFull => _received.IsFull;

    /// <summary>How long until <see cref="OnTimer"/> must be called; null when a frame must come first.</summary>
    public TimeSpan? TimeUntilDeadline
    {
        get
        {
            TimeSpan? resend = _state == State.Ended ? null : _sender.TimeUntilDeadline;
            if (!AwaitsHandshakeResponse || _keyNeed is not null)
            {
                return resend;
            }

            TimeSpan handshake = _options.HandshakeTimeout - _timeProvider.GetElapsedTime(AskedAt);
            handshake = handshake < TimeSpan.Zero ? TimeSpan.Zero : handshake;
            return resend < handshake ? resend : handshake;
        }
    }

    /// <summary>Agent: when the client was last asked for something.</summary>
    private long AskedAt => _challenge is null ? _startedAt : _challengedAt;

    private bool AwaitsHandshakeResponse => _options.Role == ChannelRole.Agent && _state == State.Handshaking;

    /// <summary>Takes the next frame to be written to the transport. It stays as it is until the next one is taken.</summary>
    public bool TryDequeueFrame(out ReadOnlyMemory<byte> frame)
    {
        if (_isDisconnected)
        {
            frame = default;
            return false;
        }

        if (!_control.TryDequeue(out (ReadOnlyMemory<byte> Frame, Receipt? Receipt) control))
        {
            return _sender.TryDequeue(out frame);
        }

        frame = control.Receipt is { } receipt
            ? _acknowledgement.AsMemory(0, AcknowledgeCodec.Write(_acknowledgement, receipt, _options.NewId(), Now(), _digest))
            : control.Frame;
        return true;
    }

    /// <summary>Takes the next event.</summary>
    public bool TryReadEvent(out ChannelEvent channelEvent) => _events.TryDequeue(out channelEvent);

    /// <summary>
    /// Sends a piece of the stream. False when it cannot be sent now, see <see cref="CanSend"/>; messages other than
    /// output, being few, are not held back by the window.
    /// </summary>
    public bool TrySend(PayloadType payloadType, ReadOnlySpan<byte> payload)
    {
        if (_state != State.Open || (payloadType == PayloadType.Output && !_sender.HasRoom))
        {
            return false;
        }

        if (!payload.IsEmpty)
        {
            // The references cannot serialise an empty payload, and use no number for it.
            Add(
                payloadType,
                _keys is not null && SessionKeys.Cover(_options.Role, payloadType) ? _keys.Encrypt(payload) : payload);
        }

        return true;
    }

    /// <summary>
    /// Sends a message outside the stream, for example <see cref="MessageType.AgentSessionState"/>. It goes before
    /// stream data that still waits: what must come after all data is for when <see cref="IsDrained"/>.
    /// </summary>
    public void SendControl(string messageType, ReadOnlyMemory<byte> payload)
    {
        byte[] frame = AgentMessageCodec.Encode(new AgentMessage
        {
            MessageType = messageType,
            CreatedDate = Now(),
            Flags = MessageFlags.SynFin,
            MessageId = _options.NewId(),
            Payload = payload,
        });
        _control.Enqueue((frame, null));
    }

    /// <summary>The transport is gone: nothing is sent or resent until <see cref="OnConnected"/>.</summary>
    public void OnDisconnected()
    {
        _isDisconnected = true;
        Hold();
    }

    /// <summary>There is a new transport: everything unacknowledged is sent again, in order, without a handshake.</summary>
    public void OnConnected()
    {
        _isDisconnected = false;
        _isPaused = false;
        _sender.Requeue();
        AwaitAnswer();
        Hold();
    }

    /// <summary>Does what is due.</summary>
    public void OnTimer()
    {
        if (_state == State.Ended)
        {
            return;
        }

        if (AwaitsHandshakeResponse
            && _keyNeed is null
            && _timeProvider.GetElapsedTime(AskedAt) >= _options.HandshakeTimeout)
        {
            Fail(_challenge is null ? AgentHandshake.TimedOut : AgentHandshake.ChallengeTimedOut);
            return;
        }

        _sender.OnTimer();
    }

    /// <summary>Takes a frame from the transport in. What follows from it are events and frames.</summary>
    public void Receive(ReadOnlyMemory<byte> frame)
    {
        if (_state == State.Ended)
        {
            return;
        }

        IsAnswered = _sender.IsDrained;
        FrameError error = AgentMessageCodec.Decode(frame, out AgentMessage message, _digest);
        if (error != FrameError.None)
        {
            Reject(error);
            return;
        }

        switch (message.MessageType)
        {
            case MessageType.OutputStreamData when _options.Role == ChannelRole.Client:
            case MessageType.InputStreamData when _options.Role == ChannelRole.Agent:
                SetPaused(false);
                ReceiveStreamData(message);
                OnAnswer();
                break;
            case MessageType.Acknowledge:
                SetPaused(false);
                ReceiveAcknowledge(message);
                OnAnswer();
                break;
            case MessageType.ChannelClosed:
                ReceiveChannelClosed(message);
                break;
            case MessageType.StartPublication:
                SetPaused(false);
                break;
            case MessageType.PausePublication:
                SetPaused(true);
                break;
            default:
                break; // both references ignore what they do not know
        }
    }

    private void ReceiveAcknowledge(in AgentMessage message)
    {
        if (AcknowledgeCodec.TryReadSequenceNumber(message.Payload.Span, out long sequenceNumber))
        {
            _sender.Acknowledge(sequenceNumber);
        }
        else
        {
            Reject(FrameError.Payload);
        }
    }

    private void ReceiveChannelClosed(in AgentMessage message)
    {
        // Whatever its payload is, the message means the end.
        ProtocolJson.TryRead(
            message.Payload.Span, ProtocolJson.Wire.ChannelClosedPayload, out ChannelClosedPayload? closed);
        End(ChannelEventKind.Closed, closed?.Output ?? "");
    }

    private void Process(PayloadType payloadType, ReadOnlyMemory<byte> payload)
    {
        switch (payloadType)
        {
            case PayloadType.HandshakeRequest:
                ProcessRequest(payload.Span);
                break;
            case PayloadType.HandshakeResponse:
                ProcessResponse(payload.Span);
                break;
            case PayloadType.HandshakeComplete:
                ProcessComplete(payload.Span);
                break;
            case PayloadType.EncryptionChallengeRequest:
                ProcessChallengeRequest(payload.Span);
                break;
            case PayloadType.EncryptionChallengeResponse:
                ProcessChallengeResponse(payload.Span);
                break;
            default:
                Deliver(payloadType, payload);
                break;
        }
    }

    private void Deliver(PayloadType payloadType, ReadOnlyMemory<byte> payload)
    {
        if (AwaitsHandshakeResponse)
        {
            return; // as the real agent has it: acknowledged, and lost
        }

        if (!TryReveal(payloadType, ref payload))
        {
            return;
        }

        if (_state == State.Undecided)
        {
            Open(new ChannelOpening { SessionType = SessionType.StandardStream });
        }

        _events.Enqueue(new ChannelEvent { Kind = ChannelEventKind.Payload, PayloadType = payloadType, Data = payload });
    }

    private void Open(ChannelOpening opening)
    {
        _state = State.Open;
        _opening = opening;
        _events.Enqueue(new ChannelEvent { Kind = ChannelEventKind.Opened, Opening = opening });
    }

    private void Fail(string text) => End(ChannelEventKind.Failed, text);

    private void Break(string rule) => End(ChannelEventKind.Broken, rule);

    private void End(ChannelEventKind kind, string text)
    {
        _state = State.Ended;
        _events.Enqueue(new ChannelEvent { Kind = kind, Text = text });
        ForgetKeys();
    }

    private void Reject(FrameError error) =>
        _events.Enqueue(new ChannelEvent { Kind = ChannelEventKind.Rejected, Error = error });

    private void SetPaused(bool isPaused)
    {
        // The plugin ignores the wish: for a client it only says that the agent is away for now.
        _isPaused = isPaused && _options.Role == ChannelRole.Agent;
        Hold();
    }

    private void Hold() => _sender.IsHeld = _isPaused || _isDisconnected;

    private void Acknowledge(in AgentMessage message) => Acknowledge(ReceiptOf(message));

    private void Acknowledge(Receipt receipt) => _control.Enqueue((default, receipt));

    private static Receipt ReceiptOf(in AgentMessage message) =>
        new(message.MessageType, message.MessageId, message.SequenceNumber);

    private void Add(PayloadType payloadType, ReadOnlySpan<byte> payload)
    {
        _sender.Add(payloadType, payload, Now());
        _unansweredSince ??= _timeProvider.GetTimestamp();
    }

    private void OnAnswer()
    {
        IsAnswered = true;
        AwaitAnswer();
    }

    private void AwaitAnswer() => _unansweredSince = _sender.IsDrained ? null : _timeProvider.GetTimestamp();

    private ulong Now() => (ulong)Math.Max(1, _timeProvider.GetUtcNow().ToUnixTimeMilliseconds());
}
