using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Iam;

namespace SsmTools.Engine.Provisioning;

/// <summary>
/// What the provisioning of roles changes in IAM. Every call may be made a second time: what is there already, and what
/// is gone already, counts as done.
/// </summary>
internal sealed class IamWriter(AwsContext context, TimeProvider timeProvider)
{
    // A role or profile made a moment ago may not be known yet to whoever answers the next call.
    private static readonly string[] s_notYet = ["NoSuchEntity", "ConcurrentModification"];
    private static readonly TimeSpan s_firstLook = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan s_longestLook = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan s_looks = TimeSpan.FromSeconds(20);
    private static readonly string[] s_stillThere = ["DeleteConflict", "ConcurrentModification"];

    /// <summary>Makes a role that EC2 may assume.</summary>
    /// <returns>False where a role of that name is there already.</returns>
    public async Task<bool> CreateRoleAsync(RoleRequest request, CancellationToken cancellationToken)
    {
        CreateRoleRequest create = new()
        {
            RoleName = request.Name,
            Path = request.Path,
            AssumeRolePolicyDocument = TrustPolicy.ForEc2(context.Partition),
            Description = "Lets EC2 instances be managed by AWS Systems Manager.",
            PermissionsBoundary = request.PermissionsBoundary,
            Tags = Tags(request),
        };
        return await ServiceCall.TryAsync(
            token => context.Iam.CreateRoleAsync(create, token),
            request.Name,
            ServiceCodes.EntityAlreadyExists,
            cancellationToken).ConfigureAwait(false) is not null;
    }

    /// <summary>Makes an empty instance profile.</summary>
    /// <param name="request">For whom.</param>
    /// <param name="name">The profile's name.</param>
    /// <param name="attached">What is attached, with it, to a role that was there before; else null.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task CreateProfileAsync(
        RoleRequest request,
        string name,
        AttachedNote? attached,
        CancellationToken cancellationToken)
    {
        CreateInstanceProfileRequest create = new() { InstanceProfileName = name, Path = request.Path, Tags = Tags(request) };
        if (attached is not null)
        {
            create.Tags.Add(new Tag { Key = SsmToolsTag.AttachedPolicyKey, Value = attached.Text });
        }

        await ServiceCall.TryAsync(
            token => context.Iam.CreateInstanceProfileAsync(create, token),
            name,
            ServiceCodes.EntityAlreadyExists,
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Replaces the trust policy by the recipe's.</summary>
    public Task ReplaceTrustAsync(string roleName, CancellationToken cancellationToken) => ServiceCall.RunAsync(
        token => context.Iam.UpdateAssumeRolePolicyAsync(
            new UpdateAssumeRolePolicyRequest
            {
                RoleName = roleName,
                PolicyDocument = TrustPolicy.ForEc2(context.Partition),
            },
            token),
        roleName,
        cancellationToken);

    /// <summary>Bounds what a role can be allowed.</summary>
    public Task SetBoundaryAsync(string roleName, string policyArn, CancellationToken cancellationToken) =>
        ServiceCall.RunAsync(
            token => context.Iam.PutRolePermissionsBoundaryAsync(
                new PutRolePermissionsBoundaryRequest { RoleName = roleName, PermissionsBoundary = policyArn }, token),
            roleName,
            cancellationToken);

    /// <summary>Writes a policy into a role, in place of the one of that name.</summary>
    public Task PutInlineAsync(string roleName, SessionPolicy policy, CancellationToken cancellationToken) =>
        ServiceCall.RunAsync(
            token => Eventually.RunAsync(
                inner => context.Iam.PutRolePolicyAsync(
                    new PutRolePolicyRequest
                    {
                        RoleName = roleName,
                        PolicyName = policy.Name,
                        PolicyDocument = policy.Document,
                    },
                    inner),
                s_notYet,
                timeProvider,
                token),
            roleName,
            cancellationToken);

    /// <summary>Sets tags of a role.</summary>
    public Task TagRoleAsync(string roleName, IEnumerable<KeyValuePair<string, string>> tags, CancellationToken cancellationToken) =>
        ServiceCall.RunAsync(
            token => context.Iam.TagRoleAsync(new TagRoleRequest { RoleName = roleName, Tags = Shape(tags) }, token),
            roleName,
            cancellationToken);

    /// <summary>Takes a tag from a role.</summary>
    public Task UntagRoleAsync(string roleName, string key, CancellationToken cancellationToken) => ServiceCall.RunAsync(
        token => context.Iam.UntagRoleAsync(new UntagRoleRequest { RoleName = roleName, TagKeys = [key] }, token),
        roleName,
        cancellationToken);

    /// <summary>Sets tags of an instance profile.</summary>
    public Task TagProfileAsync(
        string profileName,
        IEnumerable<KeyValuePair<string, string>> tags,
        CancellationToken cancellationToken) => ServiceCall.RunAsync(
            token => context.Iam.TagInstanceProfileAsync(
                new TagInstanceProfileRequest { InstanceProfileName = profileName, Tags = Shape(tags) }, token),
            profileName,
            cancellationToken);

    /// <summary>Attaches a managed policy.</summary>
    public Task AttachAsync(string roleName, string policyArn, CancellationToken cancellationToken) =>
        ServiceCall.RunAsync(
            token => Eventually.RunAsync(
                inner => context.Iam.AttachRolePolicyAsync(
                    new AttachRolePolicyRequest { RoleName = roleName, PolicyArn = policyArn }, inner),
                s_notYet,
                timeProvider,
                token),
            roleName,
            cancellationToken);

    /// <summary>Detaches a managed policy.</summary>
    public Task DetachAsync(string roleName, string policyArn, CancellationToken cancellationToken) =>
        ServiceCall.TryAsync(
            token => context.Iam.DetachRolePolicyAsync(
                new DetachRolePolicyRequest { RoleName = roleName, PolicyArn = policyArn }, token),
            roleName,
            ServiceCodes.NoSuchEntity,
            cancellationToken);

    /// <summary>Puts a role into a profile.</summary>
    /// <exception cref="EngineException">InstanceProfileConflict when another role got there first.</exception>
    public async Task AddRoleAsync(string profileName, string roleName, CancellationToken cancellationToken)
    {
        // The service answers LimitExceeded for a profile that has a role, be it this one.
        string[] full = ["LimitExceeded", "EntityAlreadyExists"];
        AddRoleToInstanceProfileRequest add = new() { InstanceProfileName = profileName, RoleName = roleName };
        object? added = await ServiceCall.TryAsync(
            token => Eventually.RunAsync(
                inner => context.Iam.AddRoleToInstanceProfileAsync(add, inner), s_notYet, timeProvider, token),
            profileName,
            full,
            cancellationToken).ConfigureAwait(false);
        if (added is null)
        {
            // It holds a role, perhaps this one by an earlier try of ours, which a replica may not show at once.
            InstanceProfile? profile;
            Backoff backoff = new(timeProvider, s_firstLook, s_longestLook, s_looks);
            do
            {
                profile = await new IamReader(context).FindProfileAsync(profileName, cancellationToken).ConfigureAwait(false);
            }
            while (profile is not { Roles.Count: > 0 } && await backoff.PauseAsync(cancellationToken).ConfigureAwait(false));

            if (profile?.Roles.Exists(role => RoleRules.IsSame(role.RoleName, roleName)) != true)
            {
                throw RoleErrors.ProfileConflict(profileName, roleName, profile?.Roles.FirstOrDefault()?.RoleName);
            }
        }
    }

    /// <summary>Takes a role out of a profile.</summary>
    public Task RemoveRoleAsync(string profileName, string roleName, CancellationToken cancellationToken) =>
        ServiceCall.TryAsync(
            token => context.Iam.RemoveRoleFromInstanceProfileAsync(
                new RemoveRoleFromInstanceProfileRequest { InstanceProfileName = profileName, RoleName = roleName },
                token),
            profileName,
            ServiceCodes.NoSuchEntity,
            cancellationToken);

    /// <summary>Deletes an empty profile.</summary>
    public Task DeleteProfileAsync(string profileName, CancellationToken cancellationToken) => DeletedAsync(
        token => context.Iam.DeleteInstanceProfileAsync(
            new DeleteInstanceProfileRequest { InstanceProfileName = profileName }, token),
        profileName,
        cancellationToken);

    /// <summary>Deletes a policy that is written into a role.</summary>
    public Task DeleteInlineAsync(string roleName, string policyName, CancellationToken cancellationToken) =>
        ServiceCall.TryAsync(
            token => context.Iam.DeleteRolePolicyAsync(
                new DeleteRolePolicyRequest { RoleName = roleName, PolicyName = policyName }, token),
            roleName,
            ServiceCodes.NoSuchEntity,
            cancellationToken);

    /// <summary>Deletes a role that has neither policies nor profiles any more.</summary>
    public Task DeleteRoleAsync(string roleName, CancellationToken cancellationToken) => DeletedAsync(
        token => context.Iam.DeleteRoleAsync(new DeleteRoleRequest { RoleName = roleName }, token),
        roleName,
        cancellationToken);

    private Task<T?> DeletedAsync<T>(
        Func<CancellationToken, Task<T>> call,
        string target,
        CancellationToken cancellationToken)
        where T : class => ServiceCall.TryAsync(
            token => Eventually.RunAsync(call, s_stillThere, timeProvider, token),
            target,
            ServiceCodes.NoSuchEntity,
            cancellationToken);

    private static List<Tag> Tags(RoleRequest request) =>
        [new Tag { Key = SsmToolsTag.Key, Value = request.Name }, .. Shape(request.Tags)];

    private static List<Tag> Shape(IEnumerable<KeyValuePair<string, string>> tags) =>
        [.. tags.Select(tag => new Tag { Key = tag.Key, Value = tag.Value })];
}
