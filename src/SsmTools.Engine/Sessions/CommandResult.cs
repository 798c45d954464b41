namespace SsmTools.Engine.Sessions;

/// <summary>What became of a command.</summary>
public sealed record CommandResult
{
    /// <summary>The session that it ran in.</summary>
    public required string SessionId { get; init; }

    /// <summary>The node.</summary>
    public required string Target { get; init; }

    /// <summary>All of its output; with its errors in between where the account's document does not tell them apart.</summary>
    public required string Output { get; init; }

    /// <summary>All of its errors.</summary>
    public required string Error { get; init; }

    /// <summary>What it exited with; null where the agent did not tell, or the session ended before the command.</summary>
    public int? ExitCode { get; init; }

    /// <summary>What became of it, in a word.</summary>
    public CommandStatus Status => (ExitCode, Kind) switch
    {
        (0, _) => CommandStatus.Success,
        (not null, _) => CommandStatus.Failed,
        (_, SessionEndKind.Exited) => CommandStatus.Completed,
        _ => CommandStatus.Incomplete,
    };

    /// <summary>What sort of end it was: Exited, Closed or Expired.</summary>
    public required SessionEndKind Kind { get; init; }

    /// <summary>One sentence; the service's or agent's own words where there were any.</summary>
    public required string Reason { get; init; }

    /// <summary>When the session was started, UTC.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended, UTC.</summary>
    public DateTimeOffset EndedAt { get; init; }

    /// <summary>Whether its data was encrypted between client and agent, with a key of AWS KMS.</summary>
    public bool IsEncrypted { get; init; }

    /// <summary>How often the link was lost and resumed.</summary>
    public int Reconnects { get; init; }
}
