using SsmTools.Engine.Survey;

namespace SsmTools.Engine.Diagnosis;

/// <summary>What a role lets an agent do.</summary>
internal static class RoleRights
{
    /// <summary>The actions of the agent that no policy allows.</summary>
    public static IReadOnlyList<string> Lacking(IReadOnlyList<PolicyText> policies) =>
        [.. AgentActions.All.Where(action => !policies.Any(policy => policy.Allows(action)) && !policies.Any(policy => policy.Denies(action)))];

    /// <summary>The first policy that denies actions of the agent, and which.</summary>
    public static (PolicyText Policy, IReadOnlyList<string> Actions)? Denying(IReadOnlyList<PolicyText> policies)
    {
        foreach (PolicyText policy in policies)
        {
            string[] denied = [.. AgentActions.All.Where(action => policy.Denies(action))];
            if (denied.Length > 0)
            {
                return (policy, denied);
            }
        }

        return null;
    }

    /// <summary>The actions that lie outside a boundary.</summary>
    public static IReadOnlyList<string> Outside(PolicyText boundary) => [.. AgentActions.All.Where(action => !boundary.Allows(action))];

    /// <summary>Whether a role, as far as is known, lets an agent do all it must.</summary>
    public static bool Suffice(RoleFacts? role) =>
        role is not null && role.Policies.Value is { } policies && Lacking(policies).Count == 0 && Denying(policies) is null
        && (role.BoundaryArn is null || role.Boundary.Value is not { } boundary || Outside(boundary).Count == 0)
        && role.DeniedByOrganization.Count == 0;
}
