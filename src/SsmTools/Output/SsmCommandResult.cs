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
    /// Success (exit code 0) or Failed. In a session also Completed (it ended, but with what exit code is not told) and
    /// Incomplete (the session ended before the command did); else the service's word: ExecutionTimedOut,
    /// DeliveryTimedOut, Cancelled, Terminated, Undeliverable, InvalidPlatform, AccessDenied.
    /// </summary>
    public string Status { get; internal init; } = "";

    /// <summary>What it exited with; null where that is not told.</summary>
    public int? ExitCode { get; internal init; }

    /// <summary>All of its standard output; of Run Command the first 24,000 characters, unless it went to a bucket or a log group.</summary>
    public string Output { get; internal init; } = "";

    /// <summary>All of its standard error; of Run Command the first 8,000 characters, likewise.</summary>
    public string Error { get; internal init; } = "";

    /// <summary>Whether one of the two is not whole.</summary>
    public bool Truncated { get; internal init; }

    /// <summary>How a session ended, in words.</summary>
    public string? Reason { get; internal init; }

    /// <summary>The session's id, as CloudTrail and the session history have it; empty where it was none.</summary>
    public string SessionId { get; internal init; } = "";

    /// <summary>Run Command's id of the command; empty where it ran in a session.</summary>
    public string CommandId { get; internal init; } = "";

    /// <summary>When it began, in local time; null where it did not.</summary>
    public DateTime? StartTime { get; internal init; }

    /// <summary>When it ended, in local time; null where it did not.</summary>
    public DateTime? EndTime { get; internal init; }

    /// <summary>How long it took.</summary>
    public TimeSpan? Duration => EndTime - StartTime;

    /// <inheritdoc/>
    public override string ToString() => Output;
}
