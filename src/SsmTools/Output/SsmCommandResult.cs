using System;

namespace SsmTools.Output;

/// <summary>What a command did on one node.</summary>
public sealed class SsmCommandResult
{
    /// <summary>The instance's or node's id.</summary>
    public string InstanceId { get; internal init; } = "";

    /// <summary>The Name tag, or the name of a hybrid node.</summary>
    public string? Name { get; internal init; }

    /// <summary>
    /// Success (exit code 0), Failed, Completed (it ended, but with what exit code is not told), or Incomplete (the session
    /// ended before the command did).
    /// </summary>
    public string Status { get; internal init; } = "";

    /// <summary>What it exited with; null where that is not told.</summary>
    public int? ExitCode { get; internal init; }

    /// <summary>All of its standard output.</summary>
    public string Output { get; internal init; } = "";

    /// <summary>All of its standard error.</summary>
    public string Error { get; internal init; } = "";

    /// <summary>How it ended, in words.</summary>
    public string? Reason { get; internal init; }

    /// <summary>The session's id, as CloudTrail and the session history have it.</summary>
    public string SessionId { get; internal init; } = "";

    /// <summary>When it began, in local time.</summary>
    public DateTime StartTime { get; internal init; }

    /// <summary>When it ended, in local time.</summary>
    public DateTime EndTime { get; internal init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration => EndTime - StartTime;

    /// <inheritdoc/>
    public override string ToString() => Output;
}
