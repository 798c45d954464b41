namespace SsmTools.Engine.Protocol;

/// <summary>The payload of <see cref="MessageType.InteractiveShell"/>: the envelope around a <see cref="SessionTask"/>.</summary>
internal sealed record InteractiveShellPayload
{
    /// <summary>A <see cref="SessionTask"/> as JSON text.</summary>
    public string? Content { get; init; }

    /// <summary>Not used for sessions.</summary>
    public string? TaskId { get; init; }

    /// <summary>Not used for sessions.</summary>
    public string? Topic { get; init; }

    /// <summary>1.</summary>
    public int SchemaVersion { get; init; } = 1;
}
