namespace SsmTools.Engine.Protocol;

/// <summary>One binary message of a data or control channel; what the references call AgentMessage or ClientMessage.</summary>
internal readonly record struct AgentMessage
{
    /// <summary>The name, one of <see cref="Protocol.MessageType"/>, or any other that the peer sent.</summary>
    public required string MessageType { get; init; }

    /// <summary>1 in every message known.</summary>
    public uint SchemaVersion { get; init; } = 1;

    /// <summary>Milliseconds since the Unix epoch, UTC; raw, because a peer may send anything but 0.</summary>
    public ulong CreatedDate { get; init; }

    /// <summary>Stream data: counts from 0. Everything else: 0.</summary>
    public long SequenceNumber { get; init; }

    /// <summary>SYN and FIN.</summary>
    public MessageFlags Flags { get; init; }

    /// <summary>A fresh one for every message; never the nil UUID.</summary>
    public Guid MessageId { get; init; }

    /// <summary>What the payload is; <see cref="PayloadType.None"/> where the header has no such field.</summary>
    public PayloadType PayloadType { get; init; }

    /// <summary>The payload. After decoding a window onto the frame, valid as long as the frame is.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Creates a message; the initialiser fills it in.</summary>
    public AgentMessage()
    {
    }
}
