namespace SsmTools.Sandbox.World;

/// <summary>What a role may do.</summary>
internal static class RoleRights
{
    /// <summary>Whether the role's policies, within its permissions boundary, allow the action; resources aside.</summary>
    public static bool Allows(SandboxWorld world, RoleRecord role, string action) => IdentityPolicies.Of(world, role).Allows(action);

    /// <summary>The same for one resource, by its ARN.</summary>
    public static bool Allows(SandboxWorld world, RoleRecord role, string action, string resource) =>
        IdentityPolicies.Of(world, role).Decide(new PolicyQuestion(action, resource)) == PolicyVerdict.Allowed;
}
