namespace SsmTools.Engine.Preferences;

/// <summary>What is to be different about an account's sessions in a Region. What is null stays as it is.</summary>
public sealed record SessionPreferenceRequest
{
    /// <summary>The bucket that sessions are logged to, <c>name</c> or <c>name/prefix</c>; empty for none.</summary>
    public string? LogBucket { get; init; }

    /// <summary>Whether a session is refused where that bucket does not encrypt.</summary>
    public bool? RequireBucketEncryption { get; init; }

    /// <summary>The group of CloudWatch Logs that sessions are logged to, by name or ARN; empty for none.</summary>
    public string? LogGroup { get; init; }

    /// <summary>Whether a session is refused where that group is not encrypted with a key of the account's.</summary>
    public bool? RequireGroupEncryption { get; init; }

    /// <summary>Whether the group gets the log while the session runs, instead of at its end.</summary>
    public bool? LogStreaming { get; init; }

    /// <summary>The KMS key that sessions are encrypted with: id, alias or ARN; empty for none.</summary>
    public string? KmsKeyId { get; init; }

    /// <summary>After how many minutes without a key or a line a session ends, 1 to 60.</summary>
    public int? IdleTimeoutMinutes { get; init; }

    /// <summary>After how many minutes a session ends in any case, 1 to 1,440; 0 for never.</summary>
    public int? MaxDurationMinutes { get; init; }

    /// <summary>Whether sessions on Linux and macOS run as a user of the machine's instead of ssm-user.</summary>
    public bool? RunAs { get; init; }

    /// <summary>That user, where the caller's own tag SSMSessionRunAs names none; empty for none.</summary>
    public string? RunAsUser { get; init; }

    /// <summary>What shells on Linux and macOS run first; empty for nothing.</summary>
    public string? LinuxProfile { get; init; }

    /// <summary>What shells on Windows run first; empty for nothing.</summary>
    public string? WindowsProfile { get; init; }

    /// <summary>Whether everything that is not named goes back to what AWS has at first.</summary>
    public bool Reset { get; init; }

    /// <summary>
    /// Whether a document that was broken by hand is repaired, and places for logs are taken although they are not there
    /// or not as they must be.
    /// </summary>
    public bool Force { get; init; }
}
