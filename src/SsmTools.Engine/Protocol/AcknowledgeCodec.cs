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
    /// <summary>The most bytes that a frame with an acknowledgement has.</summary>
    public const int MaxLength = 512;

    /// <summary>Writes the frame that acknowledges a stream data message.</summary>
    /// <returns>Its length.</returns>
    public static int Write(Span<byte> into, in Receipt received, Guid id, ulong createdDate, PayloadDigest? digest = null)
    {
        Utf8.TryWrite(
            into[AgentMessageCodec.OverheadLength..],
            $$"""{"AcknowledgedMessageType":"{{received.MessageType}}","AcknowledgedMessageId":"{{received.MessageId}}","AcknowledgedMessageSequenceNumber":{{received.SequenceNumber}},"IsSequentialMessage":true}""",
            out int length);
        length += AgentMessageCodec.OverheadLength;
        AgentMessage message = new()
        {
            MessageType = MessageType.Acknowledge,
            CreatedDate = createdDate,
            Flags = MessageFlags.SynFin,
            MessageId = id,
        };
        AgentMessageCodec.WriteHeader(into[..length], message, digest);
        return length;
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
