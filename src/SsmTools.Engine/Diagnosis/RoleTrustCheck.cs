using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Diagnosis;

/// <summary>EC2 may hand the role to the instance.</summary>
internal sealed class RoleTrustCheck() : Check(CheckId.RoleTrust)
{
    /// <inheritdoc/>
    public override Finding? Examine(Scene scene)
    {
        if (scene.Instance.Value?.IamInstanceProfile is null || scene.Profile.Value is { Roles.Count: 0 })
        {
            return null;
        }

        if (scene.Role.Obstacle is { } obstacle)
        {
            return Unknown(obstacle);
        }

        if (scene.Role.Value is not { } role)
        {
            return null;
        }

        string[] evidence = [role.Arn, $"trusts {TrustPolicy.Principals(role.TrustPolicy)}"];
        return TrustPolicy.TrustsEc2(role.TrustPolicy)
            ? Pass($"the role {role.Name} trusts {TrustPolicy.Ec2(scene.Partition)}", evidence)
            : scene.HostManagementRoleName.Value is { } other
            ? Pass($"the role {role.Name} does not trust EC2, but Default Host Management gives {other} instead", evidence)
            : Fail(
                new FindingCause.RoleNotTrusted(role.Name),
                $"the role {role.Name} does not trust {TrustPolicy.Ec2(scene.Partition)}, so the instance gets no credentials of it",
                evidence) with
            {
                Fix = $"Let {TrustPolicy.Ec2(scene.Partition)} take the role",
                Command = $"Repair-SsmRegistration {scene.NodeId}",
            };
    }
}
