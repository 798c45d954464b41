namespace SsmTools.Engine.Protocol;

/// <summary>The payload of <see cref="MessageType.AgentTaskComplete"/>: how a session ended.</summary>
internal sealed record AgentTaskCompletePayload
{
    /// <summary>1.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>The session.</summary>
    public string? TaskId { get; init; }

    /// <summary><see cref="MessageType.AgentTaskComplete"/>.</summary>
    public string? Topic { get; init; } = MessageType.AgentTaskComplete;

    /// <summary><c>Success</c>, <c>Failed</c>, <c>Cancelled</c>, <c>TimedOut</c>.</summary>
    public string? FinalTaskStatus { get; init; }

    /// <summary>False in every message known.</summary>
    public bool IsRoutingFailure { get; init; }

    /// <summary>Empty.</summary>
    public string? AwsAccountId { get; init; } = "";

    /// <summary>The node.</summary>
    public string? InstanceId { get; init; }

    /// <summary>Words for the user, or empty.</summary>
    public string? Output { get; init; } = "";

    /// <summary>Where a log went, or empty.</summary>
    public string? S3Bucket { get; init; } = "";

    /// <summary>Where a log went, or empty.</summary>
    public string? S3UrlSuffix { get; init; } = "";

    /// <summary>Where a log went, or empty.</summary>
    public string? CwlGroup { get; init; } = "";

    /// <summary>Where a log went, or empty.</summary>
    public string? CwlStream { get; init; } = "";

    /// <summary>1 on the first sending.</summary>
    public int RetryNumber { get; init; } = 1;
}
