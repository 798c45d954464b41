using SsmTools.Engine.Provisioning;
using SsmTools.Engine.Survey;

namespace SsmTools.Engine.Diagnosis;

/// <summary>The role may do the five things that an agent does before anything else.</summary>
internal sealed class RolePermissionCheck() : Check(CheckId.RolePermission)
{
    /// <inheritdoc/>
    public override Finding? Examine(Scene scene)
    {
        if (scene.Instance.Value?.IamInstanceProfile is null || scene.Profile.Value is { Roles.Count: 0 })
        {
            return null;
        }

        if ((scene.Role.Obstacle ?? scene.Role.Value?.Policies.Obstacle) is { } obstacle)
        {
            return Unknown(obstacle, [.. Attached(scene.Role.Value)]);
        }

        return scene.Role.Value is not { } role ? null
            : Shortage(scene, role) is not { } shortage ? Sufficient(scene, role)
            : scene.HostManagementRoleName.Value is { } other
            ? Pass($"{shortage.Because}, but Default Host Management gives {other} instead", [.. shortage.Evidence])
            : shortage;
    }

    private static IEnumerable<string> Attached(RoleFacts? role) => role is null ? [] : role.AttachedPolicies.Select(name => $"{role.Name} has {name}");

    private static string Some(IReadOnlyList<string> actions) =>
        actions.Count == AgentActions.All.Count ? "what an agent needs" : string.Join(", ", actions);

    private Finding Sufficient(Scene scene, RoleFacts role)
    {
        string[] evidence = [role.Arn, .. Attached(role)];
        if (role.Boundary.Obstacle is { } hidden)
        {
            return Unknown(hidden, evidence);
        }

        return role.AttachedPolicies.Contains(ManagedPolicies.LegacyName) && !role.AttachedPolicies.Contains(ManagedPolicies.CoreName)
            ? Warn(
                null,
                $"the role {role.Name} has its rights from {ManagedPolicies.LegacyName}, which is deprecated and grants far more than an agent needs",
                evidence) with
            {
                Fix = $"Replace it with {ManagedPolicies.CoreName}",
                Command = $"aws iam attach-role-policy --role-name {role.Name} --policy-arn {ManagedPolicies.CoreArn(scene.Partition)}",
            }
            : Pass($"the role {role.Name} allows what an agent needs", evidence);
    }

    private Finding? Shortage(Scene scene, RoleFacts role)
    {
        IReadOnlyList<PolicyText> policies = role.Policies.Value ?? [];
        string[] evidence = [role.Arn, .. policies.Select(policy => $"{role.Name} has {policy.Name}")];
        if (RoleRights.Denying(policies) is ({ } policy, { } denied))
        {
            return Fail(
                new FindingCause.RoleDeniesActions(role.Name, policy.Name, denied),
                $"the policy {policy.Name} of the role {role.Name} denies {Some(denied)}",
                [.. evidence, .. denied.Select(action => $"{policy.Name} denies {action}")]) with
            {
                Fix = $"Have the Deny in {policy.Name} taken away or narrowed: no other policy outweighs it",
            };
        }

        if (RoleRights.Lacking(policies) is { Count: > 0 } lacking)
        {
            return Fail(
                new FindingCause.RoleLacksActions(role.Name, lacking),
                $"the role {role.Name} does not allow {Some(lacking)}",
                [.. evidence, .. lacking.Select(action => $"no policy allows {action}")]) with
            {
                Fix = $"Attach {ManagedPolicies.CoreName} to the role",
                Command = $"Repair-SsmRegistration {scene.NodeId}",
            };
        }

        if (role.BoundaryArn is { } arn && role.Boundary.IsKnown
            && (role.Boundary.Value is { } boundary ? RoleRights.Outside(boundary) : AgentActions.All) is { Count: > 0 } outside)
        {
            return Fail(
                new FindingCause.BoundaryDeniesActions(role.Name, arn, outside),
                $"the permissions boundary of the role {role.Name} does not allow {Some(outside)}",
                [.. evidence, $"boundary {arn}", .. outside.Select(action => $"the boundary does not allow {action}")]) with
            {
                Fix = "Have the boundary widened by whoever owns it, or use another role",
            };
        }

        return role.DeniedByOrganization.Count == 0 ? null : Fail(
            new FindingCause.OrganizationDeniesActions(role.Name, role.DeniedByOrganization),
            $"a policy of the organization denies the role {role.Name} {Some(role.DeniedByOrganization)}",
            [.. evidence, .. role.DeniedByOrganization.Select(action => $"the organization does not allow {action}")]) with
        {
            Fix = "Have the service control policy changed by whoever owns the organization",
        };
    }
}
