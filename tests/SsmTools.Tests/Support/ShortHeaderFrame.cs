using System.Buffers.Binary;
using SsmTools.Engine.Protocol;

namespace SsmTools.Tests.Support;

/// <summary>Frames as the real service builds them itself: a header of 112 bytes, without PayloadType.</summary>
internal static class ShortHeaderFrame
{
    /// <summary>The frame with flags 3 and sequence number 0.</summary>
    public static byte[] Create(string messageType, ulong createdDate, Guid id, byte[] payload)
    {
        byte[] whole = AgentMessageCodec.Encode(new AgentMessage
        {
            MessageType = messageType,
            CreatedDate = createdDate,
            Flags = MessageFlags.SynFin,
            MessageId = id,
            Payload = payload,
        });
        byte[] frame = [.. whole.AsSpan(0, 112), .. whole.AsSpan(116)];
        BinaryPrimitives.WriteUInt32BigEndian(frame, 112);
        return frame;
    }
}
