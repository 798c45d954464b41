namespace SsmTools.Engine.Provisioning;

/// <summary>
/// The policies that are written into a role so that its instances' sessions can be logged and encrypted. Each has a name
/// of its own that does not change: a later run finds it and puts other values into it, and a removal knows it as ours.
/// </summary>
/// <remarks>
/// The actions are those of the Systems Manager User Guide, "Create a custom IAM role for Session Manager", there for all
/// resources and here for the ones named.
/// </remarks>
internal static class SessionPolicies
{
    /// <summary>Logging to a bucket.</summary>
    public const string Bucket = "SsmTools-SessionLogBucket";

    /// <summary>Logging to a group of CloudWatch Logs.</summary>
    public const string Group = "SsmTools-SessionLogGroup";

    /// <summary>Encryption of sessions and of their logs.</summary>
    public const string Key = "SsmTools-SessionKey";

    /// <summary>Whether a policy of this name is one of ours.</summary>
    public static bool IsOurs(string name) => name is Bucket or Group or Key;

    /// <summary>Writing logs under a prefix of a bucket, and seeing whether the bucket encrypts.</summary>
    /// <param name="partition">For example <c>aws</c>.</param>
    /// <param name="bucket"><c>name</c> or <c>name/prefix</c>.</param>
    public static string ForBucket(string partition, string bucket)
    {
        string[] parts = bucket.Split('/', 2);
        string prefix = parts.Length > 1 ? parts[1].Trim('/') : string.Empty;
        string objects = $"arn:{partition}:s3:::{parts[0]}/{prefix}{(prefix.Length > 0 ? "/" : string.Empty)}*";
        return Policy(
            Allow("\"s3:PutObject\"", objects),
            Allow("\"s3:GetEncryptionConfiguration\"", $"arn:{partition}:s3:::{parts[0]}"));
    }

    /// <summary>
    /// Writing to one log group. That there is one has to be looked for among all; for a command's output an agent makes the
    /// group first, though it is there, and writes nothing where it may not (amazon-ssm-agent, cloudwatchlogsservice.go).
    /// </summary>
    /// <param name="arn">The group's ARN, without a star at its end.</param>
    public static string ForGroup(string arn) => Policy(
        Allow("\"logs:CreateLogGroup\",\"logs:CreateLogStream\",\"logs:PutLogEvents\",\"logs:DescribeLogStreams\"", $"{arn}:*"),
        Allow("\"logs:DescribeLogGroups\"", "*"));

    /// <summary>Opening the keys of encrypted sessions, and encrypting logs.</summary>
    /// <param name="arn">The key's ARN.</param>
    public static string ForKey(string arn) => Policy(Allow("\"kms:Decrypt\",\"kms:GenerateDataKey\"", arn));

    private static string Policy(params string[] statements) =>
        $$"""{"Version":"2012-10-17","Statement":[{{string.Join(",", statements)}}]}""";

    private static string Allow(string actions, string resource) =>
        $$"""{"Effect":"Allow","Action":[{{actions}}],"Resource":"{{resource}}"}""";
}
