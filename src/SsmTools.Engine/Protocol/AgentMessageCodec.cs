using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SsmTools.Engine.Protocol;

/// <summary>
/// Turns messages into frames and back (session-manager-plugin, message/messageparser.go; amazon-ssm-agent,
/// session/contracts/agentmessage.go). Integers are big-endian. Nothing that arrives makes it throw.
/// </summary>
internal static class AgentMessageCodec
{
    /// <summary>Bytes before the payload of every message written here.</summary>
    public const int OverheadLength = HeaderLength + sizeof(uint);

    private const int HeaderLength = 116;

    /// <summary>Messages that the service builds itself have no PayloadType: their header ends four bytes earlier.</summary>
    private const int ShortHeaderLength = 112;

    private const int MessageTypeOffset = 4;
    private const int MessageTypeLength = 32;
    private const int SchemaVersionOffset = 36;
    private const int CreatedDateOffset = 40;
    private const int SequenceNumberOffset = 48;
    private const int FlagsOffset = 56;
    private const int MessageIdOffset = 64;
    private const int DigestOffset = 80;
    private const int PayloadTypeOffset = 112;

    /// <summary>Writes a message into a frame of its own.</summary>
    /// <exception cref="ArgumentException">The type is empty or longer than 32 bytes, or the id is nil.</exception>
    public static byte[] Encode(in AgentMessage message)
    {
        byte[] frame = GC.AllocateUninitializedArray<byte>(OverheadLength + message.Payload.Length);
        message.Payload.Span.CopyTo(frame.AsSpan(OverheadLength));
        WriteHeader(frame, message);
        return frame;
    }

    /// <summary>
    /// Writes the header of a frame whose payload is in place already, at <see cref="OverheadLength"/>; what the
    /// message itself has as payload is not looked at.
    /// </summary>
    /// <param name="frame">The frame, from its beginning to the payload's end.</param>
    /// <param name="message">What the header says.</param>
    /// <param name="digest">Makes the digest; null for one that is made for it.</param>
    /// <exception cref="ArgumentException">The type is empty or longer than 32 bytes, or the id is nil.</exception>
    public static void WriteHeader(Span<byte> frame, in AgentMessage message, PayloadDigest? digest = null)
    {
        if (message.MessageType.Length is 0 or > MessageTypeLength || message.MessageId == Guid.Empty)
        {
            throw new ArgumentException("A message needs a type of 1 to 32 characters and an id.", nameof(message));
        }

        ReadOnlySpan<byte> payload = frame[OverheadLength..];
        Span<byte> typeField = frame.Slice(MessageTypeOffset, MessageTypeLength);
        typeField.Fill((byte)' ');
        Encoding.ASCII.GetBytes(message.MessageType, typeField);

        BinaryPrimitives.WriteUInt32BigEndian(frame, HeaderLength);
        BinaryPrimitives.WriteUInt32BigEndian(frame[SchemaVersionOffset..], message.SchemaVersion);
        BinaryPrimitives.WriteUInt64BigEndian(frame[CreatedDateOffset..], message.CreatedDate);
        BinaryPrimitives.WriteInt64BigEndian(frame[SequenceNumberOffset..], message.SequenceNumber);
        BinaryPrimitives.WriteUInt64BigEndian(frame[FlagsOffset..], (ulong)message.Flags);
        WireUuid.Write(message.MessageId, frame[MessageIdOffset..]);
        Hash(payload, frame.Slice(DigestOffset, SHA256.HashSizeInBytes), digest);
        BinaryPrimitives.WriteUInt32BigEndian(frame[PayloadTypeOffset..], (uint)message.PayloadType);
        BinaryPrimitives.WriteUInt32BigEndian(frame[HeaderLength..], (uint)payload.Length);
    }

    /// <summary>Reads a message from a whole frame.</summary>
    /// <param name="frame">What one WebSocket message held.</param>
    /// <param name="message">The message; its payload is a window onto the frame. Default unless the result is None.</param>
    /// <param name="digest">Makes the digest that the message's is compared with; null for one that is made for it.</param>
    /// <returns><see cref="FrameError.None"/>, or the first rule that the frame breaks.</returns>
    public static FrameError Decode(ReadOnlyMemory<byte> frame, out AgentMessage message, PayloadDigest? digest = null)
    {
        message = default;
        ReadOnlySpan<byte> bytes = frame.Span;
        if (bytes.Length < ShortHeaderLength + sizeof(uint))
        {
            return FrameError.TooShort;
        }

        string messageType = MessageType.Read(bytes.Slice(MessageTypeOffset, MessageTypeLength));
        bool isPublication = MessageType.IsPublication(messageType);

        uint headerLength = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        bool hasPayload = headerLength >= ShortHeaderLength && headerLength <= bytes.Length - sizeof(uint);
        ulong createdDate = BinaryPrimitives.ReadUInt64BigEndian(bytes[CreatedDateOffset..]);
        ReadOnlyMemory<byte> payload = hasPayload ? frame[((int)headerLength + sizeof(uint))..] : default;

        if (!isPublication)
        {
            FrameError error = Check(bytes, hasPayload, (int)headerLength, messageType, createdDate, payload.Span, digest);
            if (error != FrameError.None)
            {
                return error;
            }
        }

        message = new AgentMessage
        {
            MessageType = messageType,
            SchemaVersion = BinaryPrimitives.ReadUInt32BigEndian(bytes[SchemaVersionOffset..]),
            CreatedDate = createdDate,
            SequenceNumber = BinaryPrimitives.ReadInt64BigEndian(bytes[SequenceNumberOffset..]),
            Flags = (MessageFlags)BinaryPrimitives.ReadUInt64BigEndian(bytes[FlagsOffset..]),
            MessageId = WireUuid.Read(bytes[MessageIdOffset..]),
            PayloadType = hasPayload && headerLength >= HeaderLength
                ? (PayloadType)BinaryPrimitives.ReadUInt32BigEndian(bytes[PayloadTypeOffset..])
                : PayloadType.None,
            Payload = payload,
        };
        return FrameError.None;
    }

    /// <summary>The type of a message without looking at the rest, for who only passes it on; null when there is none.</summary>
    public static string? PeekMessageType(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < MessageTypeOffset + MessageTypeLength)
        {
            return null;
        }

        string messageType = MessageType.Read(frame.Slice(MessageTypeOffset, MessageTypeLength));
        return messageType.Length == 0 ? null : messageType;
    }

    /// <summary>The checks in the references' order.</summary>
    private static FrameError Check(
        ReadOnlySpan<byte> frame,
        bool hasPayload,
        int headerLength,
        string messageType,
        ulong createdDate,
        ReadOnlySpan<byte> payload,
        PayloadDigest? payloadDigest)
    {
        if (!hasPayload)
        {
            return FrameError.HeaderLength;
        }

        if (messageType.Length == 0)
        {
            return FrameError.MessageType;
        }

        if (createdDate == 0)
        {
            return FrameError.CreatedDate;
        }

        if (BinaryPrimitives.ReadUInt32BigEndian(frame[headerLength..]) != payload.Length)
        {
            return FrameError.PayloadLength;
        }

        if (MessageType.IsStreamData(messageType) && BinaryPrimitives.ReadInt64BigEndian(frame[SequenceNumberOffset..]) < 0)
        {
            return FrameError.SequenceNumber;
        }

        if (payload.IsEmpty)
        {
            return FrameError.None; // the references check no digest of nothing
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(payload, digest, payloadDigest);
        return digest.SequenceEqual(frame.Slice(DigestOffset, SHA256.HashSizeInBytes))
            ? FrameError.None
            : FrameError.PayloadDigest;
    }

    private static void Hash(ReadOnlySpan<byte> payload, Span<byte> into, PayloadDigest? digest)
    {
        if (digest is null)
        {
            SHA256.HashData(payload, into);
        }
        else
        {
            digest.Write(payload, into);
        }
    }
}
