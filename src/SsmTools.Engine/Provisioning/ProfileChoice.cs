using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Iam;

namespace SsmTools.Engine.Provisioning;

/// <summary>Finds the instance profile that carries a role to instances.</summary>
internal sealed class ProfileChoice(AwsContext context, IamReader reader)
{
    /// <summary>The profile, with the role in it and its tags.</summary>
    /// <exception cref="EngineException">
    /// RoleNotFound, RoleWithoutProfile, InstanceProfileAmbiguous; InstanceProfileNotFound, InstanceProfileEmpty,
    /// InstanceProfileConflict; or what the service refused.
    /// </exception>
    public async Task<InstanceProfile> FindAsync(string? roleName, string? profileName, CancellationToken cancellationToken)
    {
        if (profileName is null)
        {
            return await OfRoleAsync(roleName!, cancellationToken).ConfigureAwait(false);
        }

        InstanceProfile profile = await reader.FindProfileAsync(profileName, cancellationToken).ConfigureAwait(false)
            ?? throw new EngineException(
                "InstanceProfileNotFound",
                ErrorKind.ObjectNotFound,
                $"There is no instance profile {profileName}.",
                $"Make it: New-SsmInstanceRole {roleName ?? profileName} -InstanceProfileName {profileName}",
                profileName);
        string holder = profile.Roles.FirstOrDefault()?.RoleName ?? throw new EngineException(
            "InstanceProfileEmpty",
            ErrorKind.InvalidOperation,
            $"Instance profile {profileName} holds no role, so an instance would have no rights.",
            $"Complete it: New-SsmInstanceRole {roleName ?? profileName} -InstanceProfileName {profileName}",
            profileName);
        return roleName is null || RoleRules.IsSame(holder, roleName)
            ? profile
            : throw RoleErrors.ProfileConflict(profileName, roleName, holder);
    }

    private async Task<InstanceProfile> OfRoleAsync(string roleName, CancellationToken cancellationToken)
    {
        List<InstanceProfile> profiles = await ServiceCall.TryAsync(
            token => ListAsync(roleName, token), roleName, ServiceCodes.NoSuchEntity, cancellationToken).ConfigureAwait(false)
            ?? throw RoleErrors.NotFound(roleName, []);
        return profiles.Count switch
        {
            0 => throw new EngineException(
                "RoleWithoutProfile",
                ErrorKind.InvalidOperation,
                $"Role {roleName} is in no instance profile, so no instance can have it.",
                $"Make one: New-SsmInstanceRole {roleName}",
                roleName),
            1 => profiles[0],
            _ => profiles.Find(profile => RoleRules.IsSame(profile.InstanceProfileName, roleName))
                ?? throw new EngineException(
                    "InstanceProfileAmbiguous",
                    ErrorKind.InvalidArgument,
                    $"Role {roleName} is in {profiles.Count} instance profiles:"
                        + $" {RoleErrors.Some([.. profiles.Select(profile => profile.InstanceProfileName!)])}.",
                    $"Name one of them: -InstanceProfileName {profiles[0].InstanceProfileName}",
                    roleName),
        };
    }

    private async Task<List<InstanceProfile>> ListAsync(string roleName, CancellationToken cancellationToken)
    {
        List<InstanceProfile> profiles = [];
        ListInstanceProfilesForRoleRequest request = new() { RoleName = roleName };
        await foreach (InstanceProfile profile in
            context.Iam.ListInstanceProfilesForRoleItemsAsync(request, cancellationToken).ConfigureAwait(false))
        {
            profiles.Add(profile);
        }

        return profiles;
    }
}
