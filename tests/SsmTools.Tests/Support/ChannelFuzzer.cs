using SsmTools.Engine.Protocol;
using SsmTools.Sandbox.Agents;
using SsmTools.Sandbox.Pty;
using SsmTools.Sandbox.World;

namespace SsmTools.Tests.Support;

/// <summary>
/// Feeds fuzzed frames to every parser and to data channels of both roles, whose owner meanwhile sends, loses the link,
/// falls behind and lets time pass. Some are encrypted, and the frames too, with the session's own keys: a peer that has
/// them may be hostile all the same. Whatever is thrown is a finding.
/// </summary>
internal sealed class ChannelFuzzer
{
    private const int MaxOutstanding = 20_000;

    private static readonly DataChannelOptions[] s_kinds =
    [
        new() { Role = ChannelRole.Client },
        new() { Role = ChannelRole.Agent, MaxResends = 20 },
        new() { Role = ChannelRole.Agent, Handshake = new SessionTypeParameters { SessionType = SessionType.InteractiveCommands } },
        new()
        {
            Role = ChannelRole.Agent,
            Handshake = new SessionTypeParameters { SessionType = SessionType.StandardStream },
            Encryption = new KmsEncryptionParameters { KmsKeyId = "alias/a", Challenge = "Y2hhbGxlbmdl" },
        },
    ];

    /// <summary>The kinds behind the others: sessions whose encryption is agreed on already.</summary>
    private static readonly ChannelRole[] s_encrypted = [ChannelRole.Client, ChannelRole.Agent];

    private readonly Random _random;
    private readonly FrameFuzzer _frames;
    private readonly ManualTimeProvider _time = new();
    private readonly AgentSettings _settings;
    private readonly DataChannel[] _channels;
    private readonly HashSet<long>[] _acknowledged;
    private readonly long[] _expected;
    private readonly int[] _idle;
    private readonly EncryptedEnd?[] _ends;

    public ChannelFuzzer(int seed)
    {
        _random = new Random(seed);
        _frames = new FrameFuzzer(_random);
        int kinds = s_kinds.Length + s_encrypted.Length;
        _channels = new DataChannel[kinds];
        _acknowledged = [.. Enumerable.Range(0, kinds).Select(_ => new HashSet<long>())];
        _expected = new long[kinds];
        _idle = new int[kinds];
        _ends = new EncryptedEnd?[kinds];
        for (int kind = 0; kind < kinds; kind++)
        {
            Renew(kind);
        }

        _settings = new AgentSettings
        {
            Target = "i-1",
            Endpoint = "http://127.0.0.1",
            Region = "eu-west-1",
            BootDelay = TimeSpan.Zero,
            Clock = new SandboxClock(_time),
            Shell = _ => new PseudoTerminalOptions
            {
                FileName = "none", WorkingDirectory = "", Environment = new Dictionary<string, string>(),
            },
        };
    }

    /// <summary>Frames that the codec believed.</summary>
    public long Believed { get; private set; }

    /// <summary>Payloads that were delivered to the owner.</summary>
    public long Delivered { get; private set; }

    /// <summary>Those among them that were encrypted.</summary>
    public long Decrypted { get; private set; }

    /// <summary>Channels that were ended by what they received.</summary>
    public long Ended { get; private set; }

    /// <summary>Feeds so many frames.</summary>
    public void Run(int frames)
    {
        for (int i = 0; i < frames; i++)
        {
            int kind = _random.Next(_channels.Length);
            byte[] frame = _frames.Next(_expected[kind]);
            frame = _ends[kind]?.Seal(frame, _random) ?? frame;
            Parse(frame);
            Misbehave(_channels[kind]);
            _channels[kind].Receive(frame);
            if (!TakeEvents(kind))
            {
                Ended++;
                Renew(kind);
            }
            else if (_idle[kind] > 0)
            {
                _idle[kind]--;
            }
            else
            {
                TakeFrames(kind);
                _idle[kind] = _random.Next(200) == 0 ? 300 : 0;
            }
        }
    }

    private void Renew(int kind)
    {
        _channels[kind]?.Dispose();
        _ends[kind] = kind < s_kinds.Length ? null : EncryptedEnd.Open(s_encrypted[kind - s_kinds.Length], _time);
        _channels[kind] = _ends[kind]?.Channel ?? new DataChannel(s_kinds[kind], _time);
        _acknowledged[kind].Clear();
        (_expected[kind], _idle[kind]) = (_ends[kind]?.Expected ?? 0, 0);
    }

    private void Parse(byte[] frame)
    {
        _ = AgentMessageCodec.PeekMessageType(frame);
        if (AgentMessageCodec.Decode(frame, out AgentMessage message) != FrameError.None)
        {
            return;
        }

        Believed++;
        ReadOnlySpan<byte> payload = message.Payload.Span;
        _ = AcknowledgeCodec.TryReadSequenceNumber(payload, out _);
        _ = StreamFlagPayload.TryRead(payload, out _);

        // One at a time: most of them refuse the payload, and exceptions are what takes long here.
        switch (_random.Next(9))
        {
            case 0:
                _ = ProtocolJson.TryRead(payload, ProtocolJson.Wire.TerminalSizePayload, out _);
                break;
            case 1:
                _ = ProtocolJson.TryRead(payload, ProtocolJson.Wire.AgentSessionStatePayload, out _);
                break;
            case 2:
                _ = ProtocolJson.TryRead(payload, ProtocolJson.Wire.AgentTaskCompletePayload, out _);
                break;
            case 3:
                _ = ProtocolJson.TryRead(payload, ProtocolJson.Wire.AgentTaskAcknowledgePayload, out _);
                break;
            case 4:
                _ = ProtocolJson.TryRead(payload, ProtocolJson.Wire.OpenDataChannelInput, out _);
                break;
            case 5:
                _ = ProtocolJson.TryRead(payload, ProtocolJson.Wire.OpenControlChannelInput, out _);
                break;
            case 6:
                _ = ProtocolJson.TryRead(payload, ProtocolJson.Wire.EncryptionChallengePayload, out _);
                break;
            default:
                ReadPlan(payload);
                break;
        }
    }

    private void ReadPlan(ReadOnlySpan<byte> payload)
    {
        if (!ProtocolJson.TryRead(payload, ProtocolJson.Wire.InteractiveShellPayload, out InteractiveShellPayload? shell) ||
            !ProtocolJson.TryRead(
                System.Text.Encoding.UTF8.GetBytes(shell.Content ?? ""), ProtocolJson.Wire.SessionTask, out SessionTask? task))
        {
            return;
        }

        try
        {
            _ = SessionPlan.Read(task, _settings);
        }
        catch (AgentException)
        {
            // Refused with words.
        }
    }

    private void Misbehave(DataChannel channel)
    {
        switch (_random.Next(40))
        {
            case 0:
                channel.OnDisconnected();
                break;
            case 1 or 2:
                channel.OnConnected();
                break;
            case 3:
                channel.AcceptsPayloads = _random.Next(4) > 0;
                break;
            case 4:
                _ = channel.TrySend(PayloadType.Output, new byte[_random.Next(1, 2000)]);
                break;
            case 5:
                _time.Advance(TimeSpan.FromMilliseconds(_random.Next(300)));
                channel.OnTimer();
                break;
            default:
                break;
        }
    }

    /// <summary>False when the channel has ended.</summary>
    private bool TakeEvents(int kind)
    {
        bool isAlive = true;
        while (_channels[kind].TryReadEvent(out ChannelEvent channelEvent))
        {
            Delivered += channelEvent.Kind == ChannelEventKind.Payload ? 1 : 0;
            Decrypted += channelEvent.Kind == ChannelEventKind.Payload && _channels[kind].IsEncrypted ? 1 : 0;
            if (channelEvent.KeyNeed is not null && _random.Next(3) > 0)
            {
                // Sometimes KMS never answers, or with nonsense.
                _channels[kind].ProvideKey(new byte[_random.Next(20) == 0 ? 63 : SessionKeys.DataKeyLength], [1, 2, 3]);
            }

            isAlive &= channelEvent.Kind is not (ChannelEventKind.Closed or ChannelEventKind.Failed or ChannelEventKind.Broken);
        }

        return isAlive;
    }

    private void TakeFrames(int kind)
    {
        int count = 0;
        while (_channels[kind].TryDequeueFrame(out ReadOnlyMemory<byte> frame))
        {
            if (++count > MaxOutstanding || AgentMessageCodec.Decode(frame, out AgentMessage message) != FrameError.None)
            {
                throw new InvalidOperationException("The channel wrote too much, or what is no message.");
            }

            if (message.MessageType == MessageType.Acknowledge &&
                AcknowledgeCodec.TryReadSequenceNumber(message.Payload.Span, out long number))
            {
                _acknowledged[kind].Add(number);
            }
        }

        while (_acknowledged[kind].Remove(_expected[kind]))
        {
            _expected[kind]++;
        }
    }
}
