namespace SsmTools.Engine.Provisioning;

/// <summary>A role for instances, and the instance profile that carries it.</summary>
public sealed record InstanceRole
{
    /// <summary>The role's name.</summary>
    public required string RoleName { get; init; }

    /// <summary>The role's ARN; null where there is no such role.</summary>
    public string? RoleArn { get; init; }

    /// <summary>The instance profile's name; null where there is none.</summary>
    public string? InstanceProfileName { get; init; }

    /// <summary>The instance profile's ARN; null where there is none.</summary>
    public string? InstanceProfileArn { get; init; }

    /// <summary>The names of the managed policies attached to the role.</summary>
    public IReadOnlyList<string> Policies { get; init; } = [];

    /// <summary>Whether this run made the role.</summary>
    public bool Created { get; init; }

    /// <summary>Whether the deprecated AmazonEC2RoleforSSM is attached.</summary>
    public bool HasLegacyPolicy { get; init; }
}
