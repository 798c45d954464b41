using System.Text;
using SsmTools.Engine.Protocol;

namespace SsmTools.Tests.Support;

/// <summary>
/// Frames as a hostile peer makes them, reproducibly: real ones that were damaged, and well-sealed ones whose numbers,
/// types and contents are foolish.
/// </summary>
/// <param name="random">Decides on everything.</param>
/// <param name="isTyped">
/// Whether the frames may reach a real shell: then no payload holds a control character, so that nothing is run.
/// </param>
internal sealed class FrameFuzzer(Random random, bool isTyped = false)
{
    private static readonly long[] s_numbers =
    [
        0, 1, -1, 63, 64, 9_999, 10_000, 10_001, int.MaxValue, uint.MaxValue, long.MaxValue - 1, long.MaxValue, long.MinValue,
    ];

    private static readonly string[] s_types =
    [
        MessageType.Acknowledge, MessageType.OutputStreamData, MessageType.InputStreamData, MessageType.AgentSessionState,
        MessageType.StartPublication, MessageType.PausePublication, MessageType.InteractiveShell,
        MessageType.AgentTaskComplete, MessageType.AgentTaskAcknowledge, MessageType.AgentJob, "agent_dream",
    ];

    private static readonly byte[][] s_payloads = [.. new[]
    {
        """{"AcknowledgedMessageType":"output_stream_data","AcknowledgedMessageId":"6f5e","AcknowledgedMessageSequenceNumber":0,"IsSequentialMessage":true}""",
        """{"AgentVersion":"3.3.1142.0","RequestedClientActions":[{"ActionType":"SessionType","ActionParameters":{"SessionType":"Standard_Stream","Properties":{"portNumber":"80"}}},{"ActionType":"KMSEncryption","ActionParameters":{"KMSKeyId":"alias/a"}}]}""",
        """{"ClientVersion":"1.2.694.0","ProcessedClientActions":[{"ActionType":"SessionType","ActionStatus":1,"ActionResult":null,"Error":""}],"Errors":null}""",
        """{"HandshakeTimeToComplete":1000,"CustomerMessage":"hello"}""",
        """{"cols":80,"rows":24}""",
        """{"MessageType":"channel_closed","MessageId":"6f5e","SessionId":"s-1","Output":"bye","SchemaVersion":1,"CreatedDate":"1"}""",
        """{"SchemaVersion":1,"SessionState":"Terminating","SessionId":"s-1"}""",
        """{"SchemaVersion":1,"TaskId":"s-1","Topic":"t","FinalTaskStatus":"Success","InstanceId":"i-1","Output":"","S3Bucket":"","RetryNumber":1}""",
        """{"Content":"{\"SessionId\":\"s-1\",\"DocumentContent\":{\"sessionType\":\"InteractiveCommands\",\"inputs\":{\"shellProfile\":{\"linux\":\"x\"}},\"properties\":{\"linux\":{\"commands\":\"true\"}}}}","TaskId":"s-1","Topic":"t"}""",
        """{"MessageSchemaVersion":"1.0","RequestId":"r","TokenValue":"t","ClientId":"c","ClientInstanceId":"i-1"}""",
        """{"Challenge":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw=="}""",
        "hello, world",
        "",
    }.Select(Encoding.UTF8.GetBytes)];

    /// <summary>What is put into the middle of a payload.</summary>
    private static readonly byte[][] s_insertions =
    [
        .. new[]
        {
            "null", "-1", "9223372036854775807", "9223372036854775808", "1e999", "\"\\ud800\"", "\"\\u0000\"", "{}", "[]", "{\"a\":", "\"",
            "\"linux\":{\"commands\":\"\\udfff\"},", "\"cols\":65536,", "\"cols\":2147483647,", "\"Output\":\"\\u001b[2J\",",
            new string('[', 200), new string('{', 70), string.Concat(Enumerable.Repeat("{\"a\":", 100)), string.Concat(Enumerable.Repeat("{},", 2000)),
        }.Select(Encoding.UTF8.GetBytes),
        [0xff, 0xfe, 0x00],
        [0xc3, 0x28],
        [0xed, 0xa0, 0x80],
    ];

    /// <summary>The next frame.</summary>
    /// <param name="expected">The number that the receiver waits for, so that some frames are believed.</param>
    public byte[] Next(long expected)
    {
        byte[] payload = NextPayload();
        AgentMessage message = new()
        {
            MessageType = random.Next(200) == 0 ? MessageType.ChannelClosed : s_types[random.Next(random.Next(2) == 0 ? 3 : s_types.Length)],
            CreatedDate = random.Next(50) == 0 ? 0 : (ulong)random.NextInt64(),
            SequenceNumber = NextNumber(expected),
            Flags = (MessageFlags)random.Next(5),
            MessageId = NextId(),
            PayloadType = (PayloadType)(random.Next(20) == 0 ? (uint)random.NextInt64() : (uint)random.Next(14)),
            Payload = payload,
        };
        byte[] frame = random.Next(10) == 0
            ? ShortHeaderFrame.Create(message.MessageType, 1, message.MessageId, payload)
            : AgentMessageCodec.Encode(message);
        return random.Next(3) == 0 && !isTyped ? FrameMutator.Mutate(frame, random) : frame;
    }

    private long NextNumber(long expected) => random.Next(10) switch
    {
        < 6 => expected,
        < 9 => Math.Max(0, expected + random.Next(-20, 200)),
        _ => s_numbers[random.Next(s_numbers.Length)],
    };

    private Guid NextId()
    {
        byte[] bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }

    private byte[] NextPayload()
    {
        byte[] payload = [.. s_payloads[random.Next(s_payloads.Length)]];
        switch (random.Next(6))
        {
            case 0 when payload.Length > 0:
                payload[random.Next(payload.Length)] ^= (byte)(1 << random.Next(8));
                break;
            case 1 or 2:
                int at = random.Next(payload.Length + 1);
                int cut = random.Next(2) == 0 ? at : Math.Min(payload.Length, at + random.Next(30));
                payload = [.. payload[..at], .. s_insertions[random.Next(s_insertions.Length)], .. payload[cut..]];
                break;
            case 3:
                Array.Resize(ref payload, random.Next(payload.Length + 1));
                break;
            default:
                break;
        }

        return isTyped ? Array.FindAll(payload, value => value is >= 0x20 and < 0x7f) : payload;
    }
}
