namespace SsmTools.Engine.Sessions;

/// <summary>What shell to start, and where.</summary>
public sealed record ShellSessionOptions
{
    /// <summary>AWS's document for one command on a terminal.</summary>
    public const string CommandDocument = "AWS-StartInteractiveCommand";

    /// <summary>The node: an instance id or <c>mi-…</c>.</summary>
    public required string Target { get; init; }

    /// <summary>The session document; the account's preferences where null.</summary>
    public string? DocumentName { get; init; }

    /// <summary>Values for the document's parameters.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Parameters { get; init; }

    /// <summary>Why, for the account's records.</summary>
    public string? Reason { get; init; }

    /// <summary>For how long a lost connection is tried to be resumed.</summary>
    public TimeSpan ReconnectTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>For how long the node may leave everything unanswered before its link is held for dead.</summary>
    public TimeSpan MaxSilence { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// What begins an escape at the start of a line that somebody types, an ASCII character; null for no escapes.
    /// </summary>
    public char? EscapeCharacter { get; init; } = '~';

    /// <summary>
    /// Whether the node is known to run Windows, where another way of ending the input works; see the remarks of
    /// <see cref="ShellSession.RunAsync"/>.
    /// </summary>
    public bool IsWindowsNode { get; init; }
}
