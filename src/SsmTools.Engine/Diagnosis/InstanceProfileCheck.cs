using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Diagnosis;

/// <summary>The instance has a profile with a role in it, or Default Host Management stands in.</summary>
internal sealed class InstanceProfileCheck() : Check(CheckId.InstanceProfile)
{
    /// <inheritdoc/>
    public override Finding? Examine(Scene scene)
    {
        if (scene.Instance.Value is not { } instance)
        {
            return null;
        }

        if (instance.IamInstanceProfile is not { } attached)
        {
            return Without(scene);
        }

        string name = NameOf(attached);
        string[] evidence = [attached.Arn ?? name];
        if (!scene.Profile.IsKnown)
        {
            return Unknown(scene.Profile.Obstacle!, evidence);
        }

        if (scene.Profile.Value is not { } profile || (attached.Id is { } id && profile.InstanceProfileId is { } now && id != now))
        {
            return Fail(
                new FindingCause.ProfileGone(scene.NodeId, name, scene.Association.Value?.AssociationId),
                scene.Profile.Value is null
                    ? $"the instance profile {name} was deleted"
                    : $"the instance profile {name} was deleted and made again: the instance still has the old one",
                [.. evidence, $"attached id {attached.Id}", $"id now {scene.Profile.Value?.InstanceProfileId ?? "none"}"]) with
            {
                Fix = "Attach an instance profile that exists",
                Command = $"Set-SsmInstanceRole <role> {scene.NodeId}",
            };
        }

        return profile.Roles.Count == 0
            ? Fail(new FindingCause.ProfileEmpty(scene.NodeId, name), $"the instance profile {name} has no role in it", evidence) with
            {
                Fix = "Put a role in it that Systems Manager's agent can use",
                Command = $"Repair-SsmRegistration {scene.NodeId}",
            }
            : Pass($"the instance profile {name} holds the role {profile.Roles[0].RoleName}", [.. evidence, profile.Roles[0].Arn ?? string.Empty]);
    }

    /// <summary>The last part of the ARN.</summary>
    internal static string NameOf(IamInstanceProfile profile) =>
        profile.Arn is { } arn ? arn[(arn.LastIndexOf('/') + 1)..] : profile.Id ?? string.Empty;

    private Finding Without(Scene scene) =>
        scene.HostManagementRoleName is { IsKnown: true, Value: { } role }
            ? Pass($"none is attached, and none is needed: Default Host Management gives {role}", $"setting {role}")
            : Fail(new FindingCause.ProfileMissing(scene.NodeId), "no instance profile is attached", $"{scene.NodeId} has no IamInstanceProfile") with
            {
                Fix = "Attach an instance profile whose role has AmazonSSMManagedInstanceCore",
                Command = $"Repair-SsmRegistration {scene.NodeId}",
            };
}
