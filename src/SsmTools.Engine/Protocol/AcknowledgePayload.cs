namespace SsmTools.Engine.Protocol;

/// <summary>
/// The payload of <see cref="MessageType.Acknowledge"/>. Receivers use the sequence number and nothing else
/// (session-manager-plugin, datachannel/streaming.go).
/// </summary>
internal sealed record AcknowledgePayload
{
    /// <summary>The name of the acknowledged message.</summary>
    public string? AcknowledgedMessageType { get; init; }

    /// <summary>Its id, as text.</summary>
    public string? AcknowledgedMessageId { get; init; }

    /// <summary>Its number.</summary>
    public required long AcknowledgedMessageSequenceNumber { get; init; }

    /// <summary>True in every acknowledgement known.</summary>
    public bool IsSequentialMessage { get; init; } = true;
}
