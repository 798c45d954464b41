namespace SsmTools.Sandbox.World;

/// <summary>The policies that say what a user, a role or a group may do.</summary>
/// <param name="Documents">Those attached and those written into it; a user's groups' too.</param>
/// <param name="Boundary">What bounds them; null for nothing.</param>
internal sealed record IdentityPolicies(IReadOnlyList<string> Documents, string? Boundary)
{
    public static IdentityPolicies Of(SandboxWorld world, RoleRecord role)
    {
        lock (world.Gate)
        {
            return new IdentityPolicies([.. Read(world, role.Attached), .. role.Inline.Values], Bound(world, role.PermissionsBoundaryArn));
        }
    }

    public static IdentityPolicies Of(SandboxWorld world, UserRecord user)
    {
        lock (world.Gate)
        {
            IEnumerable<string> groups = world.Groups.Values.Where(group => group.Members.Contains(user.Name))
                .SelectMany(group => group.Attached);
            return new IdentityPolicies([.. Read(world, user.Attached.Concat(groups))], Bound(world, user.PermissionsBoundaryArn));
        }
    }

    public static IdentityPolicies Of(SandboxWorld world, GroupRecord group)
    {
        lock (world.Gate)
        {
            return new IdentityPolicies([.. Read(world, group.Attached)], null);
        }
    }

    /// <summary>What they say of a request, within the boundary.</summary>
    public PolicyVerdict Decide(PolicyQuestion question)
    {
        PolicyVerdict verdict = PolicyDocument.Decide(Documents, question);
        if (verdict != PolicyVerdict.Allowed || Boundary is null)
        {
            return verdict;
        }

        return PolicyDocument.Decide([Boundary], question);
    }

    /// <summary>Whether they allow an action, resources aside.</summary>
    public bool Allows(string action) =>
        PolicyDocument.Allows(Documents, action) && (Boundary is null || PolicyDocument.Allows([Boundary], action));

    private static IEnumerable<string> Read(SandboxWorld world, IEnumerable<string> arns) =>
        arns.Distinct(StringComparer.Ordinal).Select(arn => world.Policies.GetValueOrDefault(arn)?.Document).OfType<string>();

    // A boundary that is gone allows nothing.
    private static string? Bound(SandboxWorld world, string? arn) =>
        arn is null ? null : world.Policies.GetValueOrDefault(arn)?.Document ?? """{"Version":"2012-10-17","Statement":[]}""";
}
