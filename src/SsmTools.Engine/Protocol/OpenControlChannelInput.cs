namespace SsmTools.Engine.Protocol;

/// <summary>The first frame of a control channel, text (amazon-ssm-agent, session/service/api.go).</summary>
internal sealed record OpenControlChannelInput
{
    /// <summary>Null in every frame known.</summary>
    public string? Cookie { get; init; }

    /// <summary><c>1.0</c>.</summary>
    public string? MessageSchemaVersion { get; init; } = "1.0";

    /// <summary>A new UUID.</summary>
    public string? RequestId { get; init; }

    /// <summary>From CreateControlChannel.</summary>
    public string? TokenValue { get; init; }

    /// <summary>Four numbers with dots.</summary>
    public string? AgentVersion { get; init; }

    /// <summary><c>linux</c>, <c>windows</c> or <c>macos</c>.</summary>
    public string? PlatformType { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{nameof(OpenControlChannelInput)} {RequestId}"; // the token stays out of logs
}
