namespace SsmTools.Engine.Protocol;

/// <summary>The payload of <see cref="MessageType.AgentTaskAcknowledge"/>.</summary>
internal sealed record AgentTaskAcknowledgePayload
{
    /// <summary>1.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>The id of the acknowledged message, as text: what the agent matches by.</summary>
    public string? MessageId { get; init; }

    /// <summary>The session.</summary>
    public string? TaskId { get; init; }

    /// <summary>As in the acknowledged message.</summary>
    public string? Topic { get; init; } = MessageType.AgentTaskComplete;
}
