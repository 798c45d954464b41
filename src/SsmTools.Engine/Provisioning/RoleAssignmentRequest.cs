namespace SsmTools.Engine.Provisioning;

/// <summary>Which role instances are to have.</summary>
public sealed record RoleAssignmentRequest
{
    /// <summary>The role; null where the profile says enough.</summary>
    public string? RoleName { get; init; }

    /// <summary>The instance profile; null for the one that holds the role.</summary>
    public string? InstanceProfileName { get; init; }

    /// <summary>The ids of the instances.</summary>
    public required IReadOnlyList<string> InstanceIds { get; init; }

    /// <summary>Replaces instance profiles that SsmTools did not make, too.</summary>
    public bool Force { get; init; }
}
