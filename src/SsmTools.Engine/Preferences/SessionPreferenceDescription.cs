namespace SsmTools.Engine.Preferences;

/// <summary>What an account wants of its sessions in a Region.</summary>
public sealed record SessionPreferenceDescription
{
    /// <summary>The Region.</summary>
    public required string Region { get; init; }

    /// <summary>The version that sessions go by: the latest one; null where there is no document and AWS's own values hold.</summary>
    public string? Version { get; init; }

    /// <summary>The bucket for logs, <c>name</c> or <c>name/prefix</c>; empty for none.</summary>
    public string LogBucket { get; init; } = "";

    /// <summary>Whether a session is refused where that bucket does not encrypt.</summary>
    public bool RequireBucketEncryption { get; init; }

    /// <summary>The log group; empty for none.</summary>
    public string LogGroup { get; init; } = "";

    /// <summary>Whether a session is refused where that group is not encrypted with a key of the account's.</summary>
    public bool RequireGroupEncryption { get; init; }

    /// <summary>Whether the group gets the log while the session runs.</summary>
    public bool LogStreaming { get; init; }

    /// <summary>The KMS key that sessions are encrypted with; empty for none.</summary>
    public string KmsKeyId { get; init; } = "";

    /// <summary>Minutes without anything after which a session ends.</summary>
    public int IdleTimeoutMinutes { get; init; }

    /// <summary>Minutes after which a session ends in any case; 0 for never.</summary>
    public int MaxDurationMinutes { get; init; }

    /// <summary>Whether sessions run as a user of the machine's.</summary>
    public bool RunAs { get; init; }

    /// <summary>That user; empty for none.</summary>
    public string RunAsUser { get; init; } = "";

    /// <summary>What shells on Linux and macOS run first.</summary>
    public string LinuxProfile { get; init; } = "";

    /// <summary>What shells on Windows run first.</summary>
    public string WindowsProfile { get; init; } = "";

    /// <summary>What is in the document and not known here; it is kept.</summary>
    public IReadOnlyList<string> OtherSettings { get; init; } = [];

    /// <summary>What is wrong with the document, a sentence each; what it has wrong is told here as AWS's own value.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>The document as it is.</summary>
    public string Content { get; init; } = "";
}
