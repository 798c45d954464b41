using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Aws.Iam;
using IamProfile = SsmTools.Engine.Aws.Iam.InstanceProfile;

namespace SsmTools.Engine.Provisioning;

/// <summary>
/// The way back from a role: out of its profiles, profiles deleted, policies detached and deleted, role deleted. IAM
/// refuses every other order with DeleteConflict.
/// </summary>
internal sealed class RoleRemoval(AwsContext context, IamReader reader, IamWriter writer)
{
    private static readonly string[] s_alive = ["pending", "running", "stopping", "stopped"];

    /// <summary>Works out the changes.</summary>
    public async Task<Plan<InstanceRole>> PlanAsync(string name, bool force, CancellationToken cancellationToken)
    {
        Role? role = await reader.FindRoleAsync(name, cancellationToken).ConfigureAwait(false);
        List<IamProfile> holding = role is null
            ? []
            : await reader.ListProfilesOfAsync(name, cancellationToken).ConfigureAwait(false);
        List<IamProfile> orphans = await reader.ListOrphansOfAsync(name, cancellationToken).ConfigureAwait(false);
        bool removeRole = role is not null && (force || TagOf(role.Tags) is not null);
        bool keepRole = role is not null && !removeRole;
        List<string> inline = role is null
            ? []
            : await reader.ListInlinePoliciesAsync(name, cancellationToken).ConfigureAwait(false);
        AttachedNote noted = AttachedNote.Of(keepRole ? role!.Tags : []);
        if (keepRole && orphans.Count == 0 && !holding.Exists(IsOurs) && noted.IsEmpty && !inline.Exists(SessionPolicies.IsOurs))
        {
            throw RoleErrors.NotManaged(name);
        }

        // A role that stays leaves only the profiles that were made for it.
        List<IamProfile> emptied = removeRole ? holding : holding.FindAll(IsOurs);
        List<IamProfile> deleted = [.. emptied.Where(profile => force || IsOurs(profile)), .. orphans];
        List<string> warnings = [];
        await CheckUseAsync(name, emptied, force, warnings, cancellationToken).ConfigureAwait(false);

        List<PlannedChange> changes = [];
        if (keepRole)
        {
            warnings.Add($"Role {name} was there before SsmTools and is kept; only what was added to it is removed.");
            AddWhatWasAdded(name, [.. emptied, .. orphans], noted, inline, changes);
        }

        AddProfiles(name, emptied, deleted, changes, warnings);
        List<AttachedPolicy> policies = [];
        if (removeRole)
        {
            policies = await reader.ListPoliciesAsync(name, cancellationToken).ConfigureAwait(false);
            AddRole(name, policies, inline, changes);
        }
        else if (role is null && orphans.Count == 0)
        {
            warnings.Add($"There is no role {name}: nothing to remove.");
        }

        InstanceRole removed = new()
        {
            RoleName = name,
            RoleArn = role?.Arn ?? string.Empty,
            InstanceProfileName = deleted.FirstOrDefault()?.InstanceProfileName ?? string.Empty,
            InstanceProfileArn = deleted.FirstOrDefault()?.Arn ?? string.Empty,
            Policies = [.. policies.Select(policy => policy.PolicyName!)],
            InlinePolicies = removeRole ? inline : [],
        };
        return new Plan<InstanceRole>(changes, _ => Task.FromResult(removed)) { Warnings = warnings };
    }

    private void AddWhatWasAdded(
        string name,
        List<IamProfile> profiles,
        AttachedNote onRole,
        List<string> inline,
        List<PlannedChange> changes)
    {
        string target = $"role {name}";
        AttachedNote noted = profiles.Aggregate(onRole, (all, profile) => all.With(AttachedNote.Of(profile.Tags).Policies));
        changes.AddRange(noted.Policies.Select(policy => new PlannedChange(
            target,
            $"Detach policy {policy}",
            token => writer.DetachAsync(name, ManagedPolicies.Arn(context.Partition, policy), token))));
        changes.AddRange(inline.Where(SessionPolicies.IsOurs).Select(policy => DeleteInline(name, policy)));
        if (!onRole.IsEmpty)
        {
            changes.Add(new PlannedChange(
                target,
                $"Take off tag {SsmToolsTag.AttachedPolicyKey}",
                token => writer.UntagRoleAsync(name, SsmToolsTag.AttachedPolicyKey, token)));
        }
    }

    private PlannedChange DeleteInline(string name, string policy) => new(
        $"role {name}", $"Delete inline policy {policy}", token => writer.DeleteInlineAsync(name, policy, token));

    private void AddProfiles(
        string roleName,
        List<IamProfile> emptied,
        List<IamProfile> deleted,
        List<PlannedChange> changes,
        List<string> warnings)
    {
        foreach (IamProfile profile in emptied)
        {
            string name = profile.InstanceProfileName!;
            changes.Add(new PlannedChange(
                $"instance profile {name}",
                $"Take out role {roleName}",
                token => writer.RemoveRoleAsync(name, roleName, token)));
            if (!deleted.Contains(profile))
            {
                warnings.Add($"Instance profile {name} was there before SsmTools: it is left empty, not deleted.");
            }
        }

        foreach (string name in deleted.Select(profile => profile.InstanceProfileName!))
        {
            changes.Add(new PlannedChange(
                $"instance profile {name}",
                "Delete the instance profile",
                token => writer.DeleteProfileAsync(name, token)));
        }
    }

    private void AddRole(string name, List<AttachedPolicy> policies, List<string> inline, List<PlannedChange> changes)
    {
        string target = $"role {name}";
        changes.AddRange(policies.Select(policy => new PlannedChange(
            target,
            $"Detach policy {policy.PolicyName}",
            token => writer.DetachAsync(name, policy.PolicyArn!, token))));
        changes.AddRange(inline.Select(policy => DeleteInline(name, policy)));
        changes.Add(new PlannedChange(target, "Delete the role", token => writer.DeleteRoleAsync(name, token)));
    }

    private async Task CheckUseAsync(
        string name,
        List<IamProfile> profiles,
        bool force,
        List<string> warnings,
        CancellationToken cancellationToken)
    {
        if (profiles.Count == 0)
        {
            return;
        }

        DescribeInstancesRequest request = new()
        {
            Filters =
            [
                new Filter { Name = "iam-instance-profile.arn", Values = [.. profiles.Select(item => item.Arn!)] },
                new Filter { Name = "instance-state-name", Values = [.. s_alive] },
            ],
        };
        List<string>? users = await ServiceCall.TryAsync(
            token => InstanceReader.ListIdsAsync(context, request, token),
            name,
            ServiceCodes.Denied,
            cancellationToken).ConfigureAwait(false);
        if (users is null)
        {
            warnings.Add($"Whether instances use role {name} could not be checked: ec2:DescribeInstances is denied.");
        }
        else if (users.Count > 0 && !force)
        {
            throw RoleErrors.InUse(name, users, context.Region);
        }
        else if (users.Count > 0)
        {
            warnings.Add($"Instances that use role {name} lose their rights: {RoleErrors.Some(users)}.");
        }
    }

    private static bool IsOurs(IamProfile profile) => TagOf(profile.Tags) is not null;

    private static string? TagOf(List<Aws.Iam.Tag> tags) => IamReader.TagOf(tags, SsmToolsTag.Key);
}
