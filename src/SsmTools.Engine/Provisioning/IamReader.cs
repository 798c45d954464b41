using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Iam;

namespace SsmTools.Engine.Provisioning;

/// <summary>What the provisioning of roles reads from IAM. Nothing here changes anything.</summary>
internal sealed class IamReader(AwsContext context)
{
    /// <summary>The role; null where there is none of that name.</summary>
    public async Task<Role?> FindRoleAsync(string name, CancellationToken cancellationToken)
    {
        GetRoleResponse? response = await ServiceCall.TryAsync(
            token => context.Iam.GetRoleAsync(new GetRoleRequest { RoleName = name }, token),
            name,
            ServiceCodes.NoSuchEntity,
            cancellationToken).ConfigureAwait(false);
        return response?.Role;
    }

    /// <summary>The instance profile with its tags and roles; null where there is none of that name.</summary>
    public async Task<InstanceProfile?> FindProfileAsync(string name, CancellationToken cancellationToken)
    {
        GetInstanceProfileResponse? response = await ServiceCall.TryAsync(
            token => context.Iam.GetInstanceProfileAsync(
                new GetInstanceProfileRequest { InstanceProfileName = name }, token),
            name,
            ServiceCodes.NoSuchEntity,
            cancellationToken).ConfigureAwait(false);
        return response?.InstanceProfile;
    }

    /// <summary>The managed policies attached to a role.</summary>
    public Task<List<AttachedPolicy>> ListPoliciesAsync(string roleName, CancellationToken cancellationToken) =>
        ServiceCall.ListAsync(
            token => context.Iam.ListAttachedRolePoliciesItemsAsync(
                new ListAttachedRolePoliciesRequest { RoleName = roleName }, token),
            roleName,
            cancellationToken);

    /// <summary>The names of the policies written into a role.</summary>
    public Task<List<string>> ListInlinePoliciesAsync(string roleName, CancellationToken cancellationToken) =>
        ServiceCall.ListAsync(
            token => context.Iam.ListRolePoliciesItemsAsync(new ListRolePoliciesRequest { RoleName = roleName }, token),
            roleName,
            cancellationToken);

    /// <summary>A policy that is written into a role, percent-encoded as IAM hands it out; null where there is none of that name.</summary>
    public async Task<string?> FindInlinePolicyAsync(string roleName, string policyName, CancellationToken cancellationToken)
    {
        GetRolePolicyResponse? response = await ServiceCall.TryAsync(
            token => context.Iam.GetRolePolicyAsync(
                new GetRolePolicyRequest { RoleName = roleName, PolicyName = policyName }, token),
            roleName,
            ServiceCodes.NoSuchEntity,
            cancellationToken).ConfigureAwait(false);
        return response?.PolicyDocument;
    }

    /// <summary>The version of a managed policy that counts, percent-encoded; null where there is no such policy.</summary>
    public async Task<string?> FindManagedPolicyAsync(string policyArn, CancellationToken cancellationToken)
    {
        GetPolicyResponse? policy = await ServiceCall.TryAsync(
            token => context.Iam.GetPolicyAsync(new GetPolicyRequest { PolicyArn = policyArn }, token),
            policyArn,
            ServiceCodes.NoSuchEntity,
            cancellationToken).ConfigureAwait(false);
        if (policy?.Policy?.DefaultVersionId is not { } version)
        {
            return null;
        }

        GetPolicyVersionResponse? document = await ServiceCall.TryAsync(
            token => context.Iam.GetPolicyVersionAsync(
                new GetPolicyVersionRequest { PolicyArn = policyArn, VersionId = version }, token),
            policyArn,
            ServiceCodes.NoSuchEntity,
            cancellationToken).ConfigureAwait(false);
        return document?.PolicyVersion?.Document;
    }

    /// <summary>The instance profiles that hold a role, with their tags.</summary>
    public async Task<List<InstanceProfile>> ListProfilesOfAsync(string roleName, CancellationToken cancellationToken)
    {
        List<InstanceProfile> profiles = await ServiceCall.ListAsync(
            token => context.Iam.ListInstanceProfilesForRoleItemsAsync(
                new ListInstanceProfilesForRoleRequest { RoleName = roleName }, token),
            roleName,
            cancellationToken).ConfigureAwait(false);
        return await WithTagsAsync(profiles, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Instance profiles that were made for a role and hold none: what a run that was killed left behind. Nothing where
    /// the caller may not list profiles.
    /// </summary>
    public async Task<List<InstanceProfile>> ListOrphansOfAsync(string roleName, CancellationToken cancellationToken)
    {
        List<InstanceProfile>? empty = await ServiceCall.TryAsync(
            async token =>
            {
                List<InstanceProfile> found = [];
                ListInstanceProfilesRequest request = new() { MaxItems = 1000 };
                await foreach (InstanceProfile profile in
                    context.Iam.ListInstanceProfilesItemsAsync(request, token).ConfigureAwait(false))
                {
                    if (profile.Roles.Count == 0)
                    {
                        found.Add(profile);
                    }
                }

                return found;
            },
            roleName,
            ServiceCodes.Denied,
            cancellationToken).ConfigureAwait(false);
        List<InstanceProfile> tagged = await WithTagsAsync(empty ?? [], cancellationToken).ConfigureAwait(false);
        return tagged.FindAll(profile => profile.Roles.Count == 0 && RoleRules.IsSame(TagOf(profile.Tags, SsmToolsTag.Key), roleName));
    }

    /// <summary>The value of a tag; null where it is not there.</summary>
    public static string? TagOf(IEnumerable<Tag> tags, string key) =>
        tags.FirstOrDefault(tag => tag.Key == key)?.Value;

    // Lists carry no tags: the profile itself has to be asked.
    private async Task<List<InstanceProfile>> WithTagsAsync(
        List<InstanceProfile> profiles,
        CancellationToken cancellationToken)
    {
        List<InstanceProfile> whole = new(profiles.Count);
        foreach (InstanceProfile profile in profiles)
        {
            if (await FindProfileAsync(profile.InstanceProfileName!, cancellationToken).ConfigureAwait(false) is { } it)
            {
                whole.Add(it);
            }
        }

        return whole;
    }
}
