using System;

namespace SsmTools.Output;

/// <summary>A session of the history: who was where, when and how long.</summary>
public sealed class SsmSessionLog
{
    /// <summary>When it was started, in local time.</summary>
    public DateTime? StartTime { get; internal init; }

    /// <summary>When it ended, in local time; null while it goes on.</summary>
    public DateTime? EndTime { get; internal init; }

    /// <summary>How long it took; until now where it goes on.</summary>
    public TimeSpan Duration { get; internal init; }

    /// <summary>The name of who started it; role/session of a role.</summary>
    public string UserName { get; internal init; } = "";

    /// <summary>The node's id.</summary>
    public string InstanceId { get; internal init; } = "";

    /// <summary>The node's name as it is now; null where it has none, or is gone.</summary>
    public string? Name { get; internal init; }

    /// <summary>The service's word: Connected, Terminated...</summary>
    public string Status { get; internal init; } = "";

    /// <summary>The session's id.</summary>
    public string SessionId { get; internal init; } = "";

    /// <summary>The ARN of who started it.</summary>
    public string Owner { get; internal init; } = "";

    /// <summary>The session document.</summary>
    public string? DocumentName { get; internal init; }

    /// <summary>The reason that was given.</summary>
    public string? Reason { get; internal init; }

    /// <summary>From which address it was started; null where CloudTrail does not tell.</summary>
    public string? SourceAddress { get; internal init; }

    /// <summary>With which program; likewise.</summary>
    public string? UserAgent { get; internal init; }

    /// <summary>Whether a second factor had been asked for; likewise.</summary>
    public bool? Mfa { get; internal init; }

    /// <summary>Where its text was logged; null where none was found or asked for.</summary>
    public string? LogLocation { get; internal init; }

    /// <summary>What was logged; likewise.</summary>
    public string? Text { get; internal init; }

    /// <summary>Whether there is more than Text holds.</summary>
    public bool IsTextCut { get; internal init; }

    /// <summary>The node's name, or its id where it has none.</summary>
    public string Node => Name ?? InstanceId;

    /// <summary>The duration, without fractions of a second.</summary>
    public TimeSpan Length => TimeSpan.FromSeconds(Math.Floor(Duration.TotalSeconds));

    /// <inheritdoc/>
    public override string ToString() => SessionId;
}
