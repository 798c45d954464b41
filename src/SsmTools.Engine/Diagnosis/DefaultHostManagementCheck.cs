using SsmTools.Engine.Provisioning;
using SsmTools.Engine.Survey;

namespace SsmTools.Engine.Diagnosis;

/// <summary>Where the rights come from Default Host Management: its role, IMDSv2 and the agent's version are right.</summary>
internal sealed class DefaultHostManagementCheck() : Check(CheckId.DefaultHostManagement)
{
    private const string Setting = SettingSurvey.HostManagementRole;
    private static readonly Version s_oldestAgent = new(3, 2, 582, 0);

    /// <inheritdoc/>
    public override Finding? Examine(Scene scene)
    {
        if (scene.Instance.Value is not { } instance)
        {
            return null;
        }

        if (scene.HostManagementRoleName.Obstacle is { } obstacle)
        {
            return Unknown(obstacle);
        }

        if (scene.HostManagementRoleName.Value is not { } name)
        {
            return Pass("it is off", $"{Setting} is not set");
        }

        string[] evidence = [$"{Setting}={name}", $"HttpTokens={instance.MetadataOptions?.HttpTokens ?? "optional"}"];
        if (RoleRights.Suffice(scene.Role.Value))
        {
            return Pass("it is on, and not needed: the instance's own role comes first", evidence);
        }

        if (instance.MetadataOptions?.HttpTokens != "required")
        {
            return Fail(
                new FindingCause.HostManagementNeedsTokens(scene.NodeId),
                "Default Host Management serves only instances that require IMDSv2, and this one does not",
                evidence) with
            {
                Fix = "Attach an instance profile, or require tokens at the metadata endpoint",
                Command = $"Repair-SsmRegistration {scene.NodeId}",
            };
        }

        if (Version.TryParse(scene.Information.Value?.AgentVersion, out Version? version) && version < s_oldestAgent)
        {
            return Fail(
                new FindingCause.AgentTooOld(scene.NodeId, version.ToString(), s_oldestAgent.ToString()),
                $"Default Host Management needs agent {s_oldestAgent} or newer, and this is {version}",
                [.. evidence, $"AgentVersion={version}"]) with
            {
                Fix = "Update the agent",
                Command = $"aws ssm send-command --region {scene.Region} --document-name AWS-UpdateSSMAgent --instance-ids {scene.NodeId}",
            };
        }

        return OfRole(scene, name, evidence);
    }

    private Finding OfRole(Scene scene, string name, string[] evidence)
    {
        if ((scene.HostManagementRole.Obstacle ?? scene.HostManagementRole.Value?.Policies.Obstacle) is { } hidden)
        {
            return Unknown(hidden, evidence);
        }

        if (scene.HostManagementRole.Value is not { } role)
        {
            return Unfit(AgentActions.All, $"its role {name} does not exist");
        }

        IReadOnlyList<string> lacking = RoleRights.Lacking(role.Policies.Value ?? []);
        return !TrustPolicy.Trusts(role.TrustPolicy, TrustPolicy.SystemsManager)
            ? Fail(
                new FindingCause.HostManagementRoleNotTrusted(name),
                $"Default Host Management is on, but its role {name} does not trust {TrustPolicy.SystemsManager}",
                [.. evidence, $"{name} trusts {TrustPolicy.Principals(role.TrustPolicy)}"]) with
            {
                Fix = $"Let {TrustPolicy.SystemsManager} take the role, or attach an instance profile",
                Command = $"Repair-SsmRegistration {scene.NodeId}",
            }
            : lacking.Count > 0 ? Unfit(lacking, $"its role {name} does not allow {string.Join(", ", lacking)}")
            : Pass($"it is on, and gives the role {name}", [.. evidence, role.Arn]);

        Finding Unfit(IReadOnlyList<string> actions, string because) =>
            Fail(new FindingCause.HostManagementRoleUnfit(name, actions), $"Default Host Management is on, but {because}", evidence) with
            {
                Fix = "Give the role the policy AmazonSSMManagedEC2InstanceDefaultPolicy, or attach an instance profile",
                Command = $"Repair-SsmRegistration {scene.NodeId}",
            };
    }
}
