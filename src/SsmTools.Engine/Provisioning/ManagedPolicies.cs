namespace SsmTools.Engine.Provisioning;

/// <summary>AWS's own policies for managed instances. Their ARNs carry the partition.</summary>
internal static class ManagedPolicies
{
    /// <summary>All that an agent needs.</summary>
    public const string CoreName = "AmazonSSMManagedInstanceCore";

    /// <summary>Its deprecated predecessor, which grants far more than an agent needs (every S3 object, among others).</summary>
    public const string LegacyName = "AmazonEC2RoleforSSM";

    /// <summary>What the CloudWatch agent needs.</summary>
    public const string CloudWatchName = "CloudWatchAgentServerPolicy";

    /// <summary>What an agent needs on an instance that Default Host Management gives a role.</summary>
    public const string HostManagementName = "AmazonSSMManagedEC2InstanceDefaultPolicy";

    /// <summary>The ARN of the policy with this name that an agent needs.</summary>
    public static string CoreArn(string partition) => Arn(partition, CoreName);

    /// <summary>The ARN of one of AWS's policies that lie under no path.</summary>
    public static string Arn(string partition, string name) => $"arn:{partition}:iam::aws:policy/{name}";

    /// <summary>The ARN of the deprecated policy.</summary>
    public static string LegacyArn(string partition) => $"arn:{partition}:iam::aws:policy/service-role/{LegacyName}";
}
