using System;

namespace SsmTools.Output;

/// <summary>A session that has ended.</summary>
public sealed class SsmSession
{
    /// <summary>The session's id, as CloudTrail and the session history have it.</summary>
    public string SessionId { get; internal init; } = "";

    /// <summary>The instance's or node's id.</summary>
    public string InstanceId { get; internal init; } = "";

    /// <summary>When it began, in local time.</summary>
    public DateTime StartTime { get; internal init; }

    /// <summary>When it ended, in local time.</summary>
    public DateTime EndTime { get; internal init; }

    /// <summary>How long it lasted.</summary>
    public TimeSpan Duration => EndTime - StartTime;

    /// <summary>What the command exited with; null where the agent does not tell.</summary>
    public int? ExitCode { get; internal init; }

    /// <summary>How it ended, in words.</summary>
    public string? EndReason { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => SessionId;
}
