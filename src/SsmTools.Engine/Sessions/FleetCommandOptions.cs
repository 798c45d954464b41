namespace SsmTools.Engine.Sessions;

/// <summary>A command for many nodes.</summary>
public sealed record FleetCommandOptions
{
    /// <summary>The command line, for each node's own shell: sh, or PowerShell on Windows.</summary>
    public required string Command { get; init; }

    /// <summary>The session document; see <see cref="CommandSessionOptions.DocumentName"/>.</summary>
    public string DocumentName { get; init; } = CommandSessionOptions.DefaultDocument;

    /// <summary>Why, for the account's records.</summary>
    public string? Reason { get; init; }

    /// <summary>On how many nodes it runs at a time.</summary>
    public int ThrottleLimit { get; init; } = 16;

    /// <summary>For how long a lost connection is tried to be resumed.</summary>
    public TimeSpan ReconnectTimeout { get; init; } = TimeSpan.FromMinutes(10);
}
