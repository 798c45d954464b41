namespace SsmTools.Sandbox.World;

/// <summary>What a role may do.</summary>
internal static class RoleRights
{
    /// <summary>Whether the role's policies, within its permissions boundary, allow the action.</summary>
    /// <param name="world">The account.</param>
    /// <param name="role">The role.</param>
    /// <param name="action">For example <c>iam:PassRole</c>.</param>
    /// <param name="resource">The ARN that it is done to; null where resources do not count.</param>
    public static bool Allows(SandboxWorld world, RoleRecord role, string action, string? resource = null)
    {
        lock (world.Gate)
        {
            IEnumerable<string> attached = role.Attached.Select(arn => world.Policies.GetValueOrDefault(arn)?.Document).OfType<string>();
            if (!PolicyDocument.Allows([.. attached, .. role.Inline.Values], action, resource))
            {
                return false;
            }

            return role.PermissionsBoundaryArn is not string boundary
                || (world.Policies.TryGetValue(boundary, out PolicyRecord? policy) && PolicyDocument.Allows([policy.Document], action, resource));
        }
    }
}
