using SsmTools.Engine.Protocol;

namespace SsmTools.Tests.Support;

/// <summary>Acknowledgements as frames, for peers that are no channel.</summary>
internal static class Acknowledgements
{
    /// <summary>The frame that acknowledges a message.</summary>
    public static byte[] Of(in AgentMessage message)
    {
        byte[] frame = new byte[AcknowledgeCodec.MaxLength];
        Receipt receipt = new(message.MessageType, message.MessageId, message.SequenceNumber);
        return frame[..AcknowledgeCodec.Write(frame, receipt, Guid.NewGuid(), 1)];
    }
}
