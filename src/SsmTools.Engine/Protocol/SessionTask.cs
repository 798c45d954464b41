using System.Text.Json;

namespace SsmTools.Engine.Protocol;

/// <summary>What an agent is told to start (amazon-ssm-agent, session/contracts/model.go).</summary>
internal sealed record SessionTask
{
    /// <summary>Becomes the id of the data channel.</summary>
    public string? SessionId { get; init; }

    /// <summary>For logs.</summary>
    public string? DocumentName { get; init; }

    /// <summary>The session document, schemaVersion 1.0.</summary>
    public JsonElement? DocumentContent { get; init; }

    /// <summary>Names and values: plain strings, or arrays for string lists.</summary>
    public JsonElement? Parameters { get; init; }

    /// <summary>Overrides the document's default user unless blank.</summary>
    public string? RunAsUser { get; init; }

    /// <summary>An ARN, for logs.</summary>
    public string? SessionOwner { get; init; }
}
