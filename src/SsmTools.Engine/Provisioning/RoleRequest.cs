namespace SsmTools.Engine.Provisioning;

/// <summary>The role and instance profile that are wanted.</summary>
public sealed record RoleRequest
{
    /// <summary>The role's name: 1 to 64 of letters, digits and <c>_+=,.@-</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The instance profile's name, 1 to 128 of the same; null for the role's name.</summary>
    public string? InstanceProfileName { get; init; }

    /// <summary>The path of what is made, for example <c>/ops/</c>; null for <c>/</c>, or for whatever an existing role has.</summary>
    public string? Path { get; init; }

    /// <summary>Replaces the trust policy of an existing role that EC2 cannot assume; an error where false.</summary>
    public bool ReplaceTrust { get; init; }

    /// <summary>Detaches the deprecated AmazonEC2RoleforSSM once its successor is attached; only told of where false.</summary>
    public bool ReplaceLegacyPolicy { get; init; }

    /// <summary>Attaches CloudWatchAgentServerPolicy too.</summary>
    public bool CloudWatchAgent { get; init; }

    /// <summary>
    /// Lets sessions be logged to a bucket, and there under one prefix: <c>name</c> or <c>name/prefix</c>. Null leaves as
    /// it is what an earlier run allowed; that holds for the group and the key too.
    /// </summary>
    public string? LogBucket { get; init; }

    /// <summary>Lets sessions be logged to a group of CloudWatch Logs: its name (then of this region), or its ARN.</summary>
    public string? LogGroup { get; init; }

    /// <summary>Lets sessions and their logs be encrypted with a key: its id or alias (then of this region), or its ARN.</summary>
    public string? KmsKeyId { get; init; }

    /// <summary>The ARN of the policy that bounds what the role can be allowed; null for none, or whatever a role has.</summary>
    public string? PermissionsBoundary { get; init; }

    /// <summary>More tags for what SsmTools makes, or made; what others made keeps its own.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}
