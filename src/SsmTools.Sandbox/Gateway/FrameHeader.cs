using System.Buffers.Binary;
using SsmTools.Engine.Protocol;

namespace SsmTools.Sandbox.Gateway;

/// <summary>As much of a message as who passes it on must look at.</summary>
internal readonly record struct FrameHeader(string MessageType, long SequenceNumber)
{
    private const int ShortestHeader = 112;
    private const int SequenceNumberOffset = 48;

    /// <summary>
    /// Reads the header. Null for what is no message: the parsers of real plugins and agents fall over frames whose
    /// HeaderLength points beyond the end, so these go no further.
    /// </summary>
    public static FrameHeader? Read(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < ShortestHeader + sizeof(uint))
        {
            return null;
        }

        uint headerLength = BinaryPrimitives.ReadUInt32BigEndian(frame);
        return headerLength >= ShortestHeader && headerLength <= frame.Length - sizeof(uint) &&
            AgentMessageCodec.PeekMessageType(frame) is string type
                ? new FrameHeader(type, BinaryPrimitives.ReadInt64BigEndian(frame[SequenceNumberOffset..]))
                : null;
    }
}
