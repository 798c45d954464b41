using System;
using System.Collections.Generic;
using System.Linq;

namespace SsmTools.Output;

/// <summary>A role that instances have or can have; null is what was not asked for, or may not be read.</summary>
public sealed class SsmInstanceRoleInfo
{
    /// <summary>The role's name.</summary>
    public string RoleName { get; internal init; } = "";

    /// <summary>The instance profile that holds it; New-SsmInstance takes it from the pipeline.</summary>
    public string? InstanceProfileName { get; internal init; }

    /// <summary>Whether an instance that has it can register with Systems Manager.</summary>
    public bool? CanRegister { get; internal init; }

    /// <summary>Why it cannot, or why that is not known.</summary>
    public string? Problem { get; internal init; }

    /// <summary>The names of the policies attached to the role.</summary>
    public IReadOnlyList<string>? Policies { get; internal init; }

    /// <summary>The names of the policies written into the role.</summary>
    public IReadOnlyList<string>? InlinePolicies { get; internal init; }

    /// <summary>Who may assume it.</summary>
    public IReadOnlyList<string> TrustedBy { get; internal init; } = [];

    /// <summary>The ARN of the policy that bounds it.</summary>
    public string? PermissionsBoundary { get; internal init; }

    /// <summary>The ids of the instances in this region that have it.</summary>
    public IReadOnlyList<string>? Instances { get; internal init; }

    /// <summary>All instance profiles that hold it.</summary>
    public IReadOnlyList<string> InstanceProfiles { get; internal init; } = [];

    /// <summary>True where this module made the role.</summary>
    public bool? MadeBySsmTools { get; internal init; }

    /// <summary>The role's path.</summary>
    public string? Path { get; internal init; }

    /// <summary>The role's ARN.</summary>
    public string RoleArn { get; internal init; } = "";

    /// <summary>The ARN of <see cref="InstanceProfileName"/>.</summary>
    public string? InstanceProfileArn { get; internal init; }

    /// <summary>When the role was made, local time.</summary>
    public DateTime? CreateDate { get; internal init; }

    /// <summary>What is wrong with it; where nothing is, its policies or whom it trusts.</summary>
    public string Detail => Problem
        ?? (Policies is null
            ? "trusted by " + string.Join(", ", TrustedBy)
            : string.Join(", ", Policies.Concat(InlinePolicies ?? [])));

    /// <inheritdoc/>
    public override string ToString() => RoleName;
}
