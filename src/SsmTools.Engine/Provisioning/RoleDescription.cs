namespace SsmTools.Engine.Provisioning;

/// <summary>What is known of a role that instances can have; null is what was not asked for, or may not be read.</summary>
public sealed record RoleDescription
{
    /// <summary>The role's name.</summary>
    public required string RoleName { get; init; }

    /// <summary>The role's ARN.</summary>
    public required string RoleArn { get; init; }

    /// <summary>The role's path: <c>/</c> or for example <c>/ops/</c>.</summary>
    public string? Path { get; init; }

    /// <summary>When the role was made, UTC.</summary>
    public DateTime? CreateDate { get; init; }

    /// <summary>The instance profile that holds it: the first by name if there are several; null where there is none.</summary>
    public string? InstanceProfileName { get; init; }

    /// <summary>That profile's ARN.</summary>
    public string? InstanceProfileArn { get; init; }

    /// <summary>The names of all instance profiles that hold it.</summary>
    public IReadOnlyList<string> InstanceProfiles { get; init; } = [];

    /// <summary>The names of the managed policies attached to it.</summary>
    public IReadOnlyList<string>? Policies { get; init; }

    /// <summary>The names of the policies written into it.</summary>
    public IReadOnlyList<string>? InlinePolicies { get; init; }

    /// <summary>Who may assume it: <c>ec2.amazonaws.com</c>, or the ARNs of others.</summary>
    public IReadOnlyList<string> TrustedBy { get; init; } = [];

    /// <summary>The ARN of its permissions boundary; null where it has none.</summary>
    public string? PermissionsBoundary { get; init; }

    /// <summary>
    /// Whether an instance that has it can register: it is in a profile, EC2 may assume it, and its policies within its
    /// boundary allow what an agent calls. Policies of the organization are not looked at.
    /// </summary>
    public bool? CanRegister { get; init; }

    /// <summary>Why it cannot, or why that is not known; null where it can.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether SsmTools made it.</summary>
    public bool? MadeBySsmTools { get; init; }

    /// <summary>The ids of the instances in this region that have it and are not terminated.</summary>
    public IReadOnlyList<string>? Instances { get; init; }
}
