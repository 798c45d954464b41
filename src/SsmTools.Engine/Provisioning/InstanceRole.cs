namespace SsmTools.Engine.Provisioning;

/// <summary>A role for instances, and the instance profile that carries it.</summary>
public sealed record InstanceRole
{
    /// <summary>The role's name.</summary>
    public required string RoleName { get; init; }

    /// <summary>The role's ARN; empty where there is no such role.</summary>
    public string RoleArn { get; init; } = string.Empty;

    /// <summary>The instance profile's name; empty where there is none.</summary>
    public string InstanceProfileName { get; init; } = string.Empty;

    /// <summary>The instance profile's ARN; empty where there is none.</summary>
    public string InstanceProfileArn { get; init; } = string.Empty;

    /// <summary>The names of the managed policies attached to the role.</summary>
    public IReadOnlyList<string> Policies { get; init; } = [];

    /// <summary>The names of the policies written into the role.</summary>
    public IReadOnlyList<string> InlinePolicies { get; init; } = [];

    /// <summary>Whether this run made the role.</summary>
    public bool Created { get; init; }

    /// <summary>Whether the deprecated AmazonEC2RoleforSSM is attached.</summary>
    public bool HasLegacyPolicy { get; init; }
}
