using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace SsmTools.Engine.Protocol;

/// <summary>
/// Acknowledgements, of which there is one for every message: written and read without objects, but the same bytes as
/// <see cref="AcknowledgePayload"/> gives.
/// </summary>
internal static class AcknowledgeCodec
{
    private const int MaxPayloadLength = 256;

    /// <summary>The frame that acknowledges <paramref name="received"/>, a stream data message.</summary>
    public static byte[] Encode(in AgentMessage received, Guid id, ulong createdDate)
    {
        Span<byte> payload = stackalloc byte[MaxPayloadLength];
        Utf8.TryWrite(
            payload,
            $$"""{"AcknowledgedMessageType":"{{received.MessageType}}","AcknowledgedMessageId":"{{received.MessageId}}","AcknowledgedMessageSequenceNumber":{{received.SequenceNumber}},"IsSequentialMessage":true}""",
            out int length);

        byte[] frame = GC.AllocateUninitializedArray<byte>(AgentMessageCodec.OverheadLength + length);
        payload[..length].CopyTo(frame.AsSpan(AgentMessageCodec.OverheadLength));
        AgentMessageCodec.WriteHeader(frame, new AgentMessage
        {
            MessageType = MessageType.Acknowledge,
            CreatedDate = createdDate,
            Flags = MessageFlags.SynFin,
            MessageId = id,
        });
        return frame;
    }

    /// <summary>The number that an acknowledgement's payload names. False when there is none.</summary>
    public static bool TryReadSequenceNumber(ReadOnlySpan<byte> payload, out long sequenceNumber)
    {
        sequenceNumber = -1;
        try
        {
            Utf8JsonReader reader = new(payload);
            bool isNext = false;
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1)
                {
                    isNext = Ascii.EqualsIgnoreCase(reader.ValueSpan, "AcknowledgedMessageSequenceNumber"u8);
                }
                else if (isNext && (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out sequenceNumber)))
                {
                    return false;
                }
                else
                {
                    isNext = false;
                }
            }

            return sequenceNumber >= 0;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
