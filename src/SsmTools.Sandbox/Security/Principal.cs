namespace SsmTools.Sandbox.Security;

/// <summary>Who signed a request. The account's own user may do everything; others and roles what their policies say.</summary>
internal sealed record Principal
{
    public required string Arn { get; init; }

    public required string UserId { get; init; }

    /// <summary>Gets the user's name or the role session's: what session ids begin with.</summary>
    public required string Name { get; init; }

    /// <summary>Gets a value indicating whether it is a user made with IAM: one whose rights are those of policies.</summary>
    public bool IsUser { get; init; }

    /// <summary>Gets the role whose rights these are; null for a user.</summary>
    public string? RoleName { get; init; }

    /// <summary>Gets the role's id: a role made anew under the old name does not give old credentials new rights.</summary>
    public string? RoleId { get; init; }

    /// <summary>
    /// Gets the only actions that there are for it, whatever roles may say; null where it is not limited so. Machines on
    /// their way to their role's credentials are.
    /// </summary>
    public IReadOnlyList<string>? Only { get; init; }

    /// <summary>Gets the instance that the credentials were handed to.</summary>
    public string? InstanceId { get; init; }
}
