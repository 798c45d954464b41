namespace SsmTools.Engine.Protocol;

/// <summary>A stream data message from its numbering to its acknowledgement.</summary>
internal sealed class InFlightMessage(long sequenceNumber, byte[] frame)
{
    /// <summary>Its number.</summary>
    public long SequenceNumber { get; } = sequenceNumber;

    /// <summary>The whole message, the same bytes on every sending.</summary>
    public byte[] Frame { get; } = frame;

    /// <summary>Bytes of it that the user sent.</summary>
    public int PayloadLength => Frame.Length - AgentMessageCodec.OverheadLength;

    /// <summary>Timestamp of the last sending.</summary>
    public long SentAt { get; set; }

    /// <summary>Which sending of the channel the last one was, counted from 1.</summary>
    public long Sending { get; set; }

    /// <summary>How often it was handed to the transport.</summary>
    public int Transmissions { get; set; }

    /// <summary>It waits to be handed to the transport, for the first time or again.</summary>
    public bool IsQueued { get; set; }

    /// <summary>The peer has it.</summary>
    public bool IsAcknowledged { get; set; }
}
