namespace SsmTools.Engine.Protocol;

/// <summary>The payload of <see cref="MessageType.ChannelClosed"/>, on data and control channels.</summary>
internal sealed record ChannelClosedPayload
{
    /// <summary>UUID text.</summary>
    public string? MessageId { get; init; }

    /// <summary>Milliseconds since the Unix epoch, in decimal.</summary>
    public string? CreatedDate { get; init; }

    /// <summary>The node.</summary>
    public string? DestinationId { get; init; }

    /// <summary>The session; on a control channel it selects what is to end.</summary>
    public string? SessionId { get; init; }

    /// <summary><see cref="Protocol.MessageType.ChannelClosed"/>.</summary>
    public string? MessageType { get; init; }

    /// <summary>1.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>Words for the user; empty after a normal end, absent towards the agent.</summary>
    public string? Output { get; init; }
}
