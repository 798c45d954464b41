using System.Text.RegularExpressions;

namespace SsmTools.Engine.Provisioning;

/// <summary>
/// What can be the place of a session's log, or its key. Names go into policies, where stars and dollars stand for others,
/// so nothing that AWS does not allow in them gets there.
/// </summary>
internal static partial class SessionAccessRules
{
    /// <summary>Checks what sessions are to be given.</summary>
    /// <exception cref="EngineException">LogBucketInvalid, LogGroupInvalid or KmsKeyInvalid.</exception>
    public static void Check(RoleRequest request)
    {
        if (request.LogBucket is { } bucket && !Bucket().IsMatch(bucket))
        {
            throw Bad("LogBucketInvalid", $"'{bucket}' is not the name of a bucket, with or without a prefix.",
                "Write it like my-logs or my-logs/sessions, without s3:// and wildcards.", bucket);
        }

        if (request.LogGroup is { } group && !IsArn(group, "logs") && !Group().IsMatch(group))
        {
            throw Bad("LogGroupInvalid", $"'{group}' is not the name of a log group.",
                "Write it like /ssm/sessions, or give the ARN of the group.", group);
        }

        if (request.KmsKeyId is { } key)
        {
            CheckKey(key);
        }
    }

    /// <summary>Checks what is to name a key of KMS.</summary>
    /// <exception cref="EngineException">KmsKeyInvalid.</exception>
    public static void CheckKey(string key)
    {
        if (!IsArn(key, "kms") && !Key().IsMatch(key))
        {
            throw Bad("KmsKeyInvalid", $"'{key}' names no key of KMS.",
                "Give the id of a key, its alias (alias/sessions) or its ARN.", key);
        }
    }

    /// <summary>The ARN of a log group, without what may follow its name; null where it is the name.</summary>
    public static string? GroupArn(string group) => IsArn(group, "logs")
        ? group.EndsWith(":*", StringComparison.Ordinal) ? group[..^2] : group
        : null;

    /// <summary>Whether it is the ARN of a key, rather than of an alias or no ARN at all.</summary>
    public static bool IsKeyArn(string key) => IsArn(key, "kms") && key.Contains(":key/", StringComparison.Ordinal);

    private static bool IsArn(string text, string service) => Arn().Match(text) is { Success: true } match
        && match.Groups["service"].Value == service;

    private static EngineException Bad(string id, string message, string advice, string target) =>
        new(id, ErrorKind.InvalidArgument, message, advice, target);

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9!_.'()/:=@+,& -]*)?\z")]
    private static partial Regex Bucket();

    [GeneratedRegex(@"\A[A-Za-z0-9_./#-]{1,512}\z")]
    private static partial Regex Group();

    [GeneratedRegex(@"\A(alias/[A-Za-z0-9/_-]{1,250}|[A-Za-z0-9-]{1,250})\z")]
    private static partial Regex Key();

    [GeneratedRegex(
        @"\Aarn:aws[a-z-]*:((?<service>logs):[a-z0-9-]+:[0-9]{12}:log-group:[A-Za-z0-9_./#-]+(:\*)?"
        + @"|(?<service>kms):[a-z0-9-]+:[0-9]{12}:(key/[A-Za-z0-9-]+|alias/[A-Za-z0-9/_-]+))\z")]
    private static partial Regex Arn();
}
