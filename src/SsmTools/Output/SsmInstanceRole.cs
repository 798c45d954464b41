using System.Collections.Generic;

namespace SsmTools.Output;

/// <summary>A role and the instance profile that carries it to an instance.</summary>
public sealed class SsmInstanceRole
{
    /// <summary>The role's name.</summary>
    public string RoleName { get; internal init; } = "";

    /// <summary>The role's ARN.</summary>
    public string? RoleArn { get; internal init; }

    /// <summary>The instance profile's name; New-SsmInstance takes it from the pipeline.</summary>
    public string? InstanceProfileName { get; internal init; }

    /// <summary>The instance profile's ARN.</summary>
    public string? InstanceProfileArn { get; internal init; }

    /// <summary>The names of the policies attached to the role.</summary>
    public IReadOnlyList<string> Policies { get; internal init; } = [];

    /// <summary>The names of the policies written into the role.</summary>
    public IReadOnlyList<string> InlinePolicies { get; internal init; } = [];

    /// <summary>True where this call made the role; false where it was there.</summary>
    public bool Created { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => RoleName;
}
