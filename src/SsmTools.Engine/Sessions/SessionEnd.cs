namespace SsmTools.Engine.Sessions;

/// <summary>What became of a session.</summary>
public sealed record SessionEnd
{
    /// <summary>The session.</summary>
    public required string SessionId { get; init; }

    /// <summary>The node.</summary>
    public required string Target { get; init; }

    /// <summary>What sort of end it was.</summary>
    public required SessionEndKind Kind { get; init; }

    /// <summary>One sentence; the service's or agent's own words where there were any.</summary>
    public required string Reason { get; init; }

    /// <summary>When the session was started, UTC.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended, UTC.</summary>
    public DateTimeOffset EndedAt { get; init; }

    /// <summary>Bytes of input.</summary>
    public long BytesSent { get; init; }

    /// <summary>Bytes of output.</summary>
    public long BytesReceived { get; init; }

    /// <summary>Whether its data was encrypted between client and agent, with a key of AWS KMS.</summary>
    public bool IsEncrypted { get; init; }

    /// <summary>How often the link was lost and resumed.</summary>
    public int Reconnects { get; init; }

    /// <summary>
    /// What the program exited with; null where the agent does not tell, as it does for commands without a terminal
    /// whose output comes apart only (amazon-ssm-agent, session/shell/shell.go).
    /// </summary>
    public int? ExitCode { get; init; }
}
