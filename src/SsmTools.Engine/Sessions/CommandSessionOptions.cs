namespace SsmTools.Engine.Sessions;

/// <summary>What command to run, and where.</summary>
public sealed record CommandSessionOptions
{
    /// <summary>AWS's document for one command without a terminal.</summary>
    public const string DefaultDocument = "AWS-StartNonInteractiveCommand";

    /// <summary>The node: an instance id or <c>mi-…</c>.</summary>
    public required string Target { get; init; }

    /// <summary>The command line, for the node's shell: sh, or PowerShell on Windows.</summary>
    public required string Command { get; init; }

    /// <summary>The session document, of type NonInteractiveCommands and with a parameter <c>command</c>.</summary>
    public string DocumentName { get; init; } = DefaultDocument;

    /// <summary>Why, for the account's records.</summary>
    public string? Reason { get; init; }

    /// <summary>For how long a lost connection is tried to be resumed.</summary>
    public TimeSpan ReconnectTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether the node is known to run Windows.</summary>
    public bool IsWindowsNode { get; init; }

    /// <summary>The version of the node's agent, where it is known beforehand.</summary>
    public string? AgentVersion { get; init; }
}
