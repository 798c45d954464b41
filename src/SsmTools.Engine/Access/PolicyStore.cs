using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Iam;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Access;

/// <summary>Managed policies of the account: what is read of them and what is changed. Every change may be made twice.</summary>
internal sealed class PolicyStore(AwsContext context, TimeProvider timeProvider)
{
    private static readonly string[] s_notYet = ["NoSuchEntity", "ConcurrentModification"];
    private static readonly string[] s_stillThere = ["DeleteConflict", "ConcurrentModification"];

    /// <summary>The policy with its tags; null where the account has none of that name, under any path.</summary>
    public async Task<Policy?> FindAsync(string name, string account, string? path, CancellationToken cancellationToken)
    {
        if (await GetAsync($"arn:{context.Partition}:iam::{account}:policy{path ?? "/"}{name}", cancellationToken).ConfigureAwait(false) is { } direct)
        {
            return direct;
        }

        // Names are unique whatever the path, so it may lie under another.
        List<Policy> all = await ServiceCall.ListAsync(
            token => context.Iam.ListPoliciesItemsAsync(new ListPoliciesRequest { Scope = policyScopeType.Local, MaxItems = 1000 }, token),
            name,
            cancellationToken).ConfigureAwait(false);
        return all.Find(one => RoleRules.IsSame(one.PolicyName, name))?.Arn is { } arn
            ? await GetAsync(arn, cancellationToken).ConfigureAwait(false)
            : null;
    }

    /// <summary>The version of a policy that counts, as IAM hands it out.</summary>
    public Task<string?> ReadAsync(string arn, CancellationToken cancellationToken) =>
        new IamReader(context).FindManagedPolicyAsync(arn, cancellationToken);

    /// <summary>Whom a policy is attached to, or whose boundary it is.</summary>
    public Task<List<PolicyHolder>> ListHoldersAsync(string arn, bool asBoundary, CancellationToken cancellationToken) =>
        ServiceCall.RunAsync(
            async token =>
            {
                List<PolicyHolder> holders = [];
                string? marker = null;
                do
                {
                    // Three lists on each page: none of them alone says all.
                    ListEntitiesForPolicyResponse page = await context.Iam.ListEntitiesForPolicyAsync(
                        new ListEntitiesForPolicyRequest
                        {
                            PolicyArn = arn,
                            PolicyUsageFilter = asBoundary ? PolicyUsageType.PermissionsBoundary : PolicyUsageType.PermissionsPolicy,
                            Marker = marker,
                        },
                        token).ConfigureAwait(false);
                    holders.AddRange(page.PolicyUsers.Select(one => new PolicyHolder(PolicyHolderKind.User, one.UserName!)));
                    holders.AddRange(page.PolicyRoles.Select(one => new PolicyHolder(PolicyHolderKind.Role, one.RoleName!)));
                    holders.AddRange(page.PolicyGroups.Select(one => new PolicyHolder(PolicyHolderKind.Group, one.GroupName!)));
                    marker = page.IsTruncated == true ? page.Marker : null;
                }
                while (marker is not null);

                return holders;
            },
            arn,
            cancellationToken);

    /// <summary>The versions of a policy that do not count, oldest first.</summary>
    public async Task<List<string>> ListOtherVersionsAsync(string arn, CancellationToken cancellationToken)
    {
        List<PolicyVersion> versions = await ServiceCall.ListAsync(
            token => context.Iam.ListPolicyVersionsItemsAsync(new ListPolicyVersionsRequest { PolicyArn = arn }, token),
            arn,
            cancellationToken).ConfigureAwait(false);
        return
        [
            .. versions.Where(version => version.IsDefaultVersion != true)
                .OrderBy(version => version.CreateDate).ThenBy(version => version.VersionId!.Length)
                .ThenBy(version => version.VersionId, StringComparer.Ordinal).Select(version => version.VersionId!),
        ];
    }

    /// <summary>The ARN of a user, role or group; null where there is none.</summary>
    /// <exception cref="EngineException">What the service refused.</exception>
    public async Task<string?> FindHolderAsync(PolicyHolder holder, CancellationToken cancellationToken) => holder.Kind switch
    {
        PolicyHolderKind.User => (await TryAsync(
            token => context.Iam.GetUserAsync(new GetUserRequest { UserName = holder.Name }, token), holder.Name, cancellationToken)
            .ConfigureAwait(false))?.User?.Arn,
        PolicyHolderKind.Role => (await new IamReader(context).FindRoleAsync(holder.Name, cancellationToken).ConfigureAwait(false))?.Arn,
        _ => (await TryAsync(
            token => context.Iam.GetGroupAsync(new GetGroupRequest { GroupName = holder.Name, MaxItems = 1 }, token), holder.Name, cancellationToken)
            .ConfigureAwait(false))?.Group?.Arn,
    };

    /// <summary>Makes a policy; one of that name that is there counts as made.</summary>
    public Task CreateAsync(string name, string? path, string json, CancellationToken cancellationToken) => ServiceCall.TryAsync(
        token => context.Iam.CreatePolicyAsync(
            new CreatePolicyRequest
            {
                PolicyName = name,
                Path = path,
                PolicyDocument = json,
                Description = "Lets operators start sessions of AWS Systems Manager.",
                Tags = [new Tag { Key = SsmToolsTag.Key, Value = name }],
            },
            token),
        name,
        ServiceCodes.EntityAlreadyExists,
        cancellationToken);

    /// <summary>Makes a version that counts from now on; where it does already, nothing.</summary>
    public async Task ReplaceAsync(string name, string arn, string json, CancellationToken cancellationToken)
    {
        if (PolicyJson.IsSame(await ReadAsync(arn, cancellationToken).ConfigureAwait(false), json))
        {
            return;
        }

        await ServiceCall.RunAsync(
            token => context.Iam.CreatePolicyVersionAsync(
                new CreatePolicyVersionRequest { PolicyArn = arn, PolicyDocument = json, SetAsDefault = true }, token),
            name,
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes a version that does not count.</summary>
    public Task DeleteVersionAsync(string arn, string version, CancellationToken cancellationToken) => TryAsync(
        token => context.Iam.DeletePolicyVersionAsync(new DeletePolicyVersionRequest { PolicyArn = arn, VersionId = version }, token),
        arn,
        cancellationToken);

    /// <summary>Deletes a policy that nobody has.</summary>
    public Task DeleteAsync(string arn, CancellationToken cancellationToken) => TryAsync(
        token => Eventually.RunAsync(
            inner => context.Iam.DeletePolicyAsync(new DeletePolicyRequest { PolicyArn = arn }, inner), s_stillThere, timeProvider, token),
        arn,
        cancellationToken);

    /// <summary>Attaches a policy.</summary>
    public Task AttachAsync(PolicyHolder holder, string arn, CancellationToken cancellationToken) => ServiceCall.RunAsync(
        token => Eventually.RunAsync<object>(
            async inner => holder.Kind switch
            {
                PolicyHolderKind.User => await context.Iam.AttachUserPolicyAsync(
                    new AttachUserPolicyRequest { UserName = holder.Name, PolicyArn = arn }, inner).ConfigureAwait(false),
                PolicyHolderKind.Role => await context.Iam.AttachRolePolicyAsync(
                    new AttachRolePolicyRequest { RoleName = holder.Name, PolicyArn = arn }, inner).ConfigureAwait(false),
                _ => await context.Iam.AttachGroupPolicyAsync(
                    new AttachGroupPolicyRequest { GroupName = holder.Name, PolicyArn = arn }, inner).ConfigureAwait(false),
            },
            s_notYet,
            timeProvider,
            token),
        holder.Name,
        cancellationToken);

    /// <summary>Detaches a policy.</summary>
    public Task DetachAsync(PolicyHolder holder, string arn, CancellationToken cancellationToken) => TryAsync<object>(
        async token => holder.Kind switch
        {
            PolicyHolderKind.User => await context.Iam.DetachUserPolicyAsync(
                new DetachUserPolicyRequest { UserName = holder.Name, PolicyArn = arn }, token).ConfigureAwait(false),
            PolicyHolderKind.Role => await context.Iam.DetachRolePolicyAsync(
                new DetachRolePolicyRequest { RoleName = holder.Name, PolicyArn = arn }, token).ConfigureAwait(false),
            _ => await context.Iam.DetachGroupPolicyAsync(
                new DetachGroupPolicyRequest { GroupName = holder.Name, PolicyArn = arn }, token).ConfigureAwait(false),
        },
        holder.Name,
        cancellationToken);

    private async Task<Policy?> GetAsync(string arn, CancellationToken cancellationToken) => (await TryAsync(
        token => context.Iam.GetPolicyAsync(new GetPolicyRequest { PolicyArn = arn }, token), arn, cancellationToken)
        .ConfigureAwait(false))?.Policy;

    private static Task<T?> TryAsync<T>(Func<CancellationToken, Task<T>> call, string target, CancellationToken cancellationToken)
        where T : class => ServiceCall.TryAsync(call, target, ServiceCodes.NoSuchEntity, cancellationToken);
}
