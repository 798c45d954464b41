using System.Linq;
using SsmTools.Engine.Access;
using SsmTools.Engine.Alerts;
using SsmTools.Engine.Auditing;
using SsmTools.Engine.Preferences;

namespace SsmTools.Output;

/// <summary>From what the engine knows of rights, logs and alerts to what users see.</summary>
internal static class GovernanceConversion
{
    internal static SsmSessionPreference ToOutput(this SessionPreferenceDescription preferences) => new()
    {
        Region = preferences.Region,
        Version = preferences.Version,
        LogBucket = preferences.LogBucket,
        RequireBucketEncryption = preferences.RequireBucketEncryption,
        LogGroup = preferences.LogGroup,
        RequireGroupEncryption = preferences.RequireGroupEncryption,
        LogStreaming = preferences.LogStreaming,
        KmsKeyId = preferences.KmsKeyId,
        IdleTimeoutMinutes = preferences.IdleTimeoutMinutes,
        MaxDurationMinutes = preferences.MaxDurationMinutes,
        RunAs = preferences.RunAs,
        RunAsUser = preferences.RunAsUser,
        LinuxProfile = preferences.LinuxProfile,
        WindowsProfile = preferences.WindowsProfile,
        OtherSettings = preferences.OtherSettings,
        Problems = preferences.Problems,
        Content = preferences.Content,
    };

    internal static SsmAccessPolicy ToOutput(this AccessPolicy policy) => new()
    {
        Name = policy.Name,
        Arn = policy.Arn,
        Json = policy.Json,
        Length = policy.Length,
        Verified = policy.Verified,
        AttachedTo = policy.AttachedTo,
        Created = policy.Created,
        Checks =
        [
            .. policy.Checks.Select(check => new SsmAccessCheck
            {
                Passed = check.Passed,
                Expected = check.MustBeAllowed ? "Allowed" : "Denied",
                Decision = check.Decision,
                Action = check.Action,
                Case = check.Case,
                Resource = check.Resource,
                Principal = check.Principal,
            }),
        ],
    };

    internal static SsmSessionLog ToOutput(this SessionLogEntry entry) => new()
    {
        StartTime = entry.Started?.LocalDateTime,
        EndTime = entry.Ended?.LocalDateTime,
        Duration = entry.Duration,
        UserName = entry.UserName,
        InstanceId = entry.InstanceId,
        Name = entry.Name,
        Status = entry.Status,
        SessionId = entry.SessionId,
        Owner = entry.Owner,
        DocumentName = entry.DocumentName,
        Reason = entry.Reason,
        SourceAddress = entry.SourceAddress,
        UserAgent = entry.UserAgent,
        Mfa = entry.Mfa,
        LogLocation = entry.LogLocation,
        Text = entry.Text,
        IsTextCut = entry.IsTextCut,
    };

    internal static SsmSessionAlert ToOutput(this SessionAlert alert) => new()
    {
        Name = alert.Name,
        Enabled = alert.Enabled,
        TopicArn = alert.TopicArn,
        InstanceId = alert.InstanceIds,
        Subscriber = alert.Subscribers,
        Pending = alert.Pending,
        RuleName = alert.RuleNames,
    };
}
