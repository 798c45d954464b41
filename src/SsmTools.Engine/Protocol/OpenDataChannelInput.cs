using System.Text.Json.Serialization;

namespace SsmTools.Engine.Protocol;

/// <summary>
/// The first frame of a data channel, text, from client and agent alike (session-manager-plugin,
/// service/model.go; amazon-ssm-agent, session/service/api.go). There is no reply.
/// </summary>
internal sealed record OpenDataChannelInput
{
    /// <summary><c>1.0</c>.</summary>
    public string? MessageSchemaVersion { get; init; } = "1.0";

    /// <summary>A new UUID.</summary>
    public string? RequestId { get; init; }

    /// <summary>Client: from StartSession or ResumeSession. Agent: from CreateDataChannel. Good for one use.</summary>
    public string? TokenValue { get; init; }

    /// <summary>Client: one UUID for the life of the session. Agent: empty.</summary>
    public string? ClientId { get; init; }

    /// <summary>Client only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientVersion { get; init; }

    /// <summary>Agent only: the node's id. Its presence tells the two apart.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientInstanceId { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{nameof(OpenDataChannelInput)} {RequestId}"; // the token stays out of logs
}
