using SsmTools.Engine.Aws.Iam;

namespace SsmTools.Engine.Provisioning;

/// <summary>What is there of the role and profile that are wanted.</summary>
/// <param name="Role">The role; null where there is none.</param>
/// <param name="Policies">What is attached to it.</param>
/// <param name="Profile">The instance profile; null where there is none.</param>
/// <param name="Inline">Those of the policies wanted in it that it has, by name.</param>
/// <param name="Boundary">The policy that bounds it, or is to bound it; null where there is none, or it may not be read.</param>
internal sealed record RoleState(
    Role? Role,
    List<AttachedPolicy> Policies,
    InstanceProfile? Profile,
    IReadOnlyDictionary<string, string> Inline,
    string? Boundary)
{
    /// <summary>Whether the role is somebody else's.</summary>
    public bool IsForeign => Role is not null && IamReader.TagOf(Role.Tags, SsmToolsTag.Key) is null;

    /// <summary>Whether the profile is there and ours.</summary>
    public bool OwnsProfile => Profile is not null && IamReader.TagOf(Profile.Tags, SsmToolsTag.Key) is not null;
}
