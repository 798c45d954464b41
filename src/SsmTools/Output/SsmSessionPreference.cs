using System.Collections.Generic;

namespace SsmTools.Output;

/// <summary>What an account wants of its sessions in a Region.</summary>
public sealed class SsmSessionPreference
{
    /// <summary>The Region.</summary>
    public string Region { get; internal init; } = "";

    /// <summary>The version of the document that sessions go by; null where there is none and AWS's own values hold.</summary>
    public string? Version { get; internal init; }

    /// <summary>The bucket that sessions are logged to, with its prefix (<c>logs/sessions</c>); empty for none.</summary>
    public string LogBucket { get; internal init; } = "";

    /// <summary>Whether a session is refused where that bucket does not encrypt.</summary>
    public bool RequireBucketEncryption { get; internal init; }

    /// <summary>The group of CloudWatch Logs that sessions are logged to; empty for none.</summary>
    public string LogGroup { get; internal init; } = "";

    /// <summary>Whether a session is refused where that group has no KMS key.</summary>
    public bool RequireGroupEncryption { get; internal init; }

    /// <summary>Whether the group gets the log while the session runs.</summary>
    public bool LogStreaming { get; internal init; }

    /// <summary>The KMS key that sessions are encrypted with; empty for none.</summary>
    public string KmsKeyId { get; internal init; } = "";

    /// <summary>Minutes without anything after which a session ends.</summary>
    public int IdleTimeoutMinutes { get; internal init; }

    /// <summary>Minutes after which a session ends in any case; 0 for never.</summary>
    public int MaxDurationMinutes { get; internal init; }

    /// <summary>Whether sessions on Linux and macOS run as a user of the machine's instead of ssm-user.</summary>
    public bool RunAs { get; internal init; }

    /// <summary>That user; empty for none.</summary>
    public string RunAsUser { get; internal init; } = "";

    /// <summary>What shells on Linux and macOS run first.</summary>
    public string LinuxProfile { get; internal init; } = "";

    /// <summary>What shells on Windows run first.</summary>
    public string WindowsProfile { get; internal init; } = "";

    /// <summary>What else is in the document; it is kept.</summary>
    public IReadOnlyList<string> OtherSettings { get; internal init; } = [];

    /// <summary>What is wrong with the document; AWS's own value is told in place of what is.</summary>
    public IReadOnlyList<string> Problems { get; internal init; } = [];

    /// <summary>The document as it is.</summary>
    public string Content { get; internal init; } = "";

    /// <inheritdoc/>
    public override string ToString() => $"session preferences of {Region}, version {Version ?? "none"}";
}
