namespace SsmTools.Engine.Provisioning;

/// <summary>What can be wrong with a role or profile that exists already.</summary>
internal static class RoleErrors
{
    /// <summary>EC2 may not assume the role.</summary>
    public static EngineException TrustMismatch(string roleName, string? document) => new(
        "RoleTrustMismatch",
        ErrorKind.ResourceExists,
        $"Role {roleName} exists, but EC2 may not assume it: it trusts {TrustPolicy.Principals(document)}.",
        "Choose another name; or add ec2.amazonaws.com to its trust policy; or replace that policy, which locks out whom"
            + $" it trusts now: New-SsmInstanceRole {roleName} -ReplaceTrust",
        roleName);

    /// <summary>An existing role lies under another path than the one asked for.</summary>
    public static EngineException PathMismatch(string roleName, string? actual, string wanted) => new(
        "RolePathMismatch",
        ErrorKind.ResourceExists,
        $"Role {roleName} exists under the path {actual}, not {wanted}.",
        "Leave the path out, or choose another name: IAM does not know two roles of one name.",
        roleName);

    /// <summary>A role that others made has another permissions boundary than the one asked for, or none.</summary>
    public static EngineException BoundaryMismatch(string roleName, string? actual, string wanted) => new(
        "RoleBoundaryMismatch",
        ErrorKind.ResourceExists,
        $"Role {roleName} exists and was not made by SsmTools; its permissions boundary is {actual ?? "none"}, not {wanted}.",
        "Leave the boundary out, or choose another name; what others made is not bounded anew, since that may take rights"
            + " from whoever uses it now.",
        roleName);

    /// <summary>There is no such policy.</summary>
    public static EngineException BoundaryNotFound(string policyArn) => new(
        "BoundaryNotFound",
        ErrorKind.ObjectNotFound,
        $"There is no policy {policyArn} that could be a permissions boundary.",
        "Check the ARN: account, path and name are in it.",
        policyArn);

    /// <summary>There is no such role.</summary>
    public static EngineException NotFound(string roleName, IReadOnlyList<string> near) => new(
        "RoleNotFound",
        ErrorKind.ObjectNotFound,
        $"There is no role {roleName}.",
        (near.Count > 0 ? $"Is {string.Join(" or ", near)} meant? " : string.Empty) + $"To make it: New-SsmInstanceRole {roleName}",
        roleName);

    /// <summary>The profile holds another role, and can hold one only.</summary>
    public static EngineException ProfileConflict(string profileName, string roleName, string? holder) => new(
        "InstanceProfileConflict",
        ErrorKind.ResourceExists,
        $"Instance profile {profileName} holds role {holder ?? "(another one)"}, so {roleName} cannot be added:"
            + " a profile holds one role.",
        "Choose another name for the instance profile.",
        profileName);

    /// <summary>Instances that run would lose their rights.</summary>
    public static EngineException InUse(string roleName, IReadOnlyList<string> instances, string region) => new(
        "InstanceRoleInUse",
        ErrorKind.ResourceBusy,
        $"Role {roleName} is used by {Count(instances)} in {region}: {Some(instances)}.",
        $"Terminate first: Remove-SsmInstance {instances[0]}{(instances.Count > 1 ? ", …" : string.Empty)};"
            + " or use -Force, and they lose their rights.",
        roleName);

    /// <summary>Somebody else made the role.</summary>
    public static EngineException NotManaged(string roleName) => new(
        "RoleNotManaged",
        ErrorKind.InvalidOperation,
        $"Role {roleName} was not made by SsmTools: it carries no tag {SsmToolsTag.Key}.",
        "Use -Force to delete it all the same, with its policies and instance profiles.",
        roleName);

    /// <summary>The first few of many.</summary>
    public static string Some(IReadOnlyList<string> names) =>
        names.Count <= 5
            ? string.Join(", ", names)
            : string.Join(", ", names.Take(5)) + $" and {names.Count - 5} more";

    private static string Count(IReadOnlyList<string> instances) =>
        instances.Count == 1 ? "an instance" : $"{instances.Count} instances";
}
