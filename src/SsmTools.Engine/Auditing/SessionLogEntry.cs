namespace SsmTools.Engine.Auditing;

/// <summary>Who was where, when and how long.</summary>
public sealed record SessionLogEntry
{
    /// <summary>The session's id.</summary>
    public required string SessionId { get; init; }

    /// <summary>The node's id.</summary>
    public required string InstanceId { get; init; }

    /// <summary>The node's name as it is now; null where it has none, or is gone.</summary>
    public string? Name { get; init; }

    /// <summary>The ARN of who started it.</summary>
    public string Owner { get; init; } = string.Empty;

    /// <summary>The user's name; <c>role/session</c> of a role.</summary>
    public string UserName { get; init; } = string.Empty;

    /// <summary>The service's word: Connected, Terminated…</summary>
    public string Status { get; init; } = string.Empty;

    /// <summary>When it was started.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it ended; null while it goes on.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>How long it took; until now where it goes on.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The session document.</summary>
    public string? DocumentName { get; init; }

    /// <summary>The reason that was given.</summary>
    public string? Reason { get; init; }

    /// <summary>From which address it was started; null where CloudTrail does not tell.</summary>
    public string? SourceAddress { get; init; }

    /// <summary>With which program; likewise.</summary>
    public string? UserAgent { get; init; }

    /// <summary>Whether a second factor had been asked for; null where CloudTrail does not tell.</summary>
    public bool? Mfa { get; init; }

    /// <summary>Where its text was logged, <c>s3://…</c> or <c>logs:group/stream</c>; null where none was found or asked for.</summary>
    public string? LogLocation { get; init; }

    /// <summary>What was logged; null likewise.</summary>
    public string? Text { get; init; }

    /// <summary>Whether there is more than <see cref="Text"/> holds.</summary>
    public bool IsTextCut { get; init; }
}
