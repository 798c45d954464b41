using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SsmTools.Engine.Protocol;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Protocol;

/// <summary>
/// Messages computed outside this project from the references' layouts. They are what keeps a mistake that client,
/// sandbox and tests would all share from passing.
/// </summary>
public sealed class GoldenVectorTests
{
    private const ulong Created = 1503434274948;
    private static readonly Guid s_idA = new("dd01e56b-ff48-483e-a508-b5f073f31b16");
    private static readonly Guid s_idB = new("11111111-2222-4333-8444-555555555555");

    private static readonly string s_keystrokes =
        "00000074696e7075745f73747265616d5f64617461202020202020202020202020202020000000010000015e0baa7884"
        + "00000000000000000000000000000000a508b5f073f31b16dd01e56bff48483e1d887ce0f8672e4914d9000e801cd74e"
        + "cd805dd9366c0bc42dc16adc0197dc2f00000001000000036c730d";

    private static readonly string s_acknowledge =
        "0000007461636b6e6f776c65646765202020202020202020202020202020202020202020000000010000015e0baa7884"
        + "0000000000000000000000000000000384445555555555551111111122224333"
        + "77da25ed457f36d5ef4271e023d964ca11f69a556446bb3411c3b0e9c43ed89100000000000000af"
        + "7b2241636b6e6f776c65646765644d65737361676554797065223a22696e7075745f73747265616d5f64617461222c22"
        + "41636b6e6f776c65646765644d6573736167654964223a2264643031653536622d666634382d343833652d613530382d"
        + "623566303733663331623136222c2241636b6e6f776c65646765644d65737361676553657175656e63654e756d626572"
        + "223a302c22497353657175656e7469616c4d657373616765223a747275657d";

    private static readonly string s_handshakeRequest =
        "000000746f75747075745f73747265616d5f646174612020202020202020202020202020000000010000015e0baa7884"
        + "00000000000000000000000000000001a508b5f073f31b16dd01e56bff48483e"
        + "c6ac1757b81c3dd943f18f38c51a4f06f9ba561375c8f87e4f853c0538f4aa6700000005000000d0"
        + "7b224167656e7456657273696f6e223a22332e332e302e30222c22526571756573746564436c69656e74416374696f6e"
        + "73223a5b7b22416374696f6e54797065223a2253657373696f6e54797065222c22416374696f6e506172616d65746572"
        + "73223a7b2253657373696f6e54797065223a22506f7274222c2250726f70657274696573223a7b226c6f63616c506f72"
        + "744e756d626572223a2230222c22706f72744e756d626572223a223232222c2274797065223a224c6f63616c506f7274"
        + "466f7277617264696e67227d7d7d5d7d";

    private static AgentMessage Message(
        string type, long sequence, MessageFlags flags, Guid id, PayloadType payloadType, byte[] payload) => new()
    {
        MessageType = type,
        CreatedDate = Created,
        SequenceNumber = sequence,
        Flags = flags,
        MessageId = id,
        PayloadType = payloadType,
        Payload = payload,
    };

    private static void AssertWholeFrame(string hex, string sha256, AgentMessage message)
    {
        byte[] frame = AgentMessageCodec.Encode(message);
        Assert.Equal(hex, HexText.Of(frame));
        Assert.Equal(sha256, HexText.Of(SHA256.HashData(frame)));
        AssertDecodesTo(message, Convert.FromHexString(hex));
    }

    private static void AssertDecodesTo(AgentMessage expected, byte[] frame)
    {
        Assert.Equal(FrameError.None, AgentMessageCodec.Decode(frame, out AgentMessage actual));
        Assert.Equal(expected.Payload.ToArray(), actual.Payload.ToArray());
        Assert.Equal(expected with { Payload = default }, actual with { Payload = default });
    }

    [Fact]
    public void V1_keystrokes() => AssertWholeFrame(
        s_keystrokes,
        "b80e0864a80ac277b04004186ba3d1a4c2c262b8df99cd05a3e746481361c268",
        Message(MessageType.InputStreamData, 0, MessageFlags.None, s_idA, PayloadType.Output, "ls\r"u8.ToArray()));

    [Fact]
    public void V2_the_acknowledgement_of_V1()
    {
        byte[] payload = ProtocolJson.Write(
            new AcknowledgePayload
            {
                AcknowledgedMessageType = MessageType.InputStreamData,
                AcknowledgedMessageId = s_idA.ToString(),
                AcknowledgedMessageSequenceNumber = 0,
            },
            ProtocolJson.Wire.AcknowledgePayload);
        AssertWholeFrame(
            s_acknowledge,
            "dbe10adfd998afdb6cdb6cccffafa6c3605a78ecc7d26ce63603f295d88b5cd3",
            Message(MessageType.Acknowledge, 0, MessageFlags.SynFin, s_idB, PayloadType.None, payload));
    }

    [Fact]
    public void V3_a_handshake_request_for_a_port_session()
    {
        JsonObject parameters = new()
        {
            ["SessionType"] = SessionType.Port,
            ["Properties"] = new JsonObject
            {
                ["localPortNumber"] = "0",
                ["portNumber"] = "22",
                ["type"] = "LocalPortForwarding",
            },
        };
        HandshakeRequestPayload request = new()
        {
            AgentVersion = "3.3.0.0",
            RequestedClientActions =
            [
                new RequestedClientAction
                {
                    ActionType = RequestedClientAction.SessionType,
                    ActionParameters = JsonSerializer.SerializeToElement(parameters),
                },
            ],
        };
        AssertWholeFrame(
            s_handshakeRequest,
            "c28a4a5ee24e4a101f75b0c241657f4f793e947d1a238ee9f0859aff60e5aa0c",
            Message(
                MessageType.OutputStreamData,
                0,
                MessageFlags.Syn,
                s_idA,
                PayloadType.HandshakeRequest,
                ProtocolJson.Write(request, ProtocolJson.Wire.HandshakeRequestPayload)));
    }

    public static TheoryData<string, string, long, ulong, bool, uint, string, int, string> Digests => new()
    {
        {
            "V4", "interactive_shell", 1, 2, true, 0, Hex("payload"), 127,
            "beea43329a062f668756451de208ce63c7f2a7aef1aa9393137d10598b7f33ba"
        },
        {
            "V4b", "input_stream_data", 1, 2, true, 0, Hex("payload"), 127,
            "fd6fcbc42150e0d1573e2da413de99fe773f52c6187fda2a0095f919b9fcf102"
        },
        {
            "V5", "output_stream_data", 0, 2, true, 1, Hex("testPayload0"), 132,
            "9f100ce8589a4c0c6b9d7e37b9501060163b4b4b7f1c52a72ad1b1e24349d987"
        },
        {
            "V7", "input_stream_data", 2, 0, true, 10, "00000002", 124,
            "ed8101b7e39e0adda95749e352e2de6b350d9ca9d262e0a66d3ed7e4b7c8c26b"
        },
        {
            "V10", "input_stream_data", 1, 0, true, 1, "0100000003000000", 128,
            "4e7ee24f3f81d0b4dc08064754c35285322c29366f562621191fbc327a3d09f5"
        },
    };

    [Theory]
    [MemberData(nameof(Digests))]
    public void Further_messages_have_the_known_digest(
        string name, string type, long sequence, ulong flags, bool isIdA, uint payloadType, string hex, int size, string sha256)
    {
        AssertDigest(
            Message(
                type,
                sequence,
                (MessageFlags)flags,
                isIdA ? s_idA : s_idB,
                (PayloadType)payloadType,
                Convert.FromHexString(hex)),
            size,
            sha256,
            name);
    }

    [Fact]
    public void V6_the_size_of_a_terminal() => AssertDigest(
        Message(
            MessageType.InputStreamData,
            1,
            MessageFlags.None,
            s_idA,
            PayloadType.Size,
            ProtocolJson.Write(new TerminalSizePayload(80, 24), ProtocolJson.Wire.TerminalSizePayload)),
        141,
        "42b43837676756f85ee92ea671c428963a45f83e2fea1db40d2d5303a60c9862");

    [Fact]
    public void V7_is_the_flag_that_ends_a_session() =>
        Assert.Equal("00000002", HexText.Of(StreamFlagPayload.Write(StreamFlag.TerminateSession)));

    [Fact]
    public void V8_channel_closed_with_the_short_header()
    {
        byte[] payload = ProtocolJson.Write(
            new ChannelClosedPayload
            {
                MessageId = s_idA.ToString(),
                CreatedDate = "1503434274948",
                DestinationId = "i-01234567",
                SessionId = "user-0123",
                MessageType = MessageType.ChannelClosed,
                Output = "",
            },
            ProtocolJson.Wire.ChannelClosedPayload);
        byte[] frame = ShortHeaderFrame.Create(MessageType.ChannelClosed, Created, s_idB, payload);

        Assert.Equal(312, frame.Length);
        Assert.Equal(
            "8348505639e749f8814f85c5e710ca085ce23700286510b93c00c1795c34fbe2",
            HexText.Of(SHA256.HashData(frame)));
        AssertDecodesTo(
            Message(MessageType.ChannelClosed, 0, MessageFlags.SynFin, s_idB, PayloadType.None, payload), frame);
    }

    [Fact]
    public void V9_the_state_of_a_session() => AssertDigest(
        Message(
            MessageType.AgentSessionState,
            0,
            MessageFlags.SynFin,
            s_idB,
            PayloadType.None,
            ProtocolJson.Write(
                new AgentSessionStatePayload
                {
                    SessionState = AgentSessionStatePayload.Connected,
                    SessionId = "user-0123",
                },
                ProtocolJson.Wire.AgentSessionStatePayload)),
        190,
        "3ef930863cc9482b2c5bc3173e1ea250c74af2a369f9e50d28617add3446f6a1");

    [Fact]
    public void A_uuid_is_written_with_its_halves_swapped()
    {
        byte[] bytes = new byte[WireUuid.Length];
        WireUuid.Write(s_idA, bytes);

        Assert.Equal("a508b5f073f31b16dd01e56bff48483e", HexText.Of(bytes));
        Assert.Equal(s_idA, WireUuid.Read(bytes));
    }

    private static void AssertDigest(AgentMessage message, int size, string sha256, string? name = null)
    {
        byte[] frame = AgentMessageCodec.Encode(message);
        Assert.Equal(size, frame.Length);
        Assert.Equal($"{name} {sha256}", $"{name} {HexText.Of(SHA256.HashData(frame))}");
        AssertDecodesTo(message, frame);
    }

    private static string Hex(string text) => HexText.Of(Encoding.UTF8.GetBytes(text));
}
