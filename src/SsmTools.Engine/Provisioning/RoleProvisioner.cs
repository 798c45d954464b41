using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Iam;

namespace SsmTools.Engine.Provisioning;

/// <summary>
/// Makes and removes what an instance needs to be managed: a role that EC2 may assume with the agent's policy, and an
/// instance profile that carries it (steps 1, 2 and 7 of the recipe).
/// </summary>
public sealed class RoleProvisioner
{
    private readonly AwsContext _context;
    private readonly TimeProvider _timeProvider;
    private readonly IamReader _reader;
    private readonly IamWriter _writer;

    /// <summary>Creates the provisioner.</summary>
    /// <param name="context">Credentials, region and endpoints.</param>
    /// <param name="timeProvider">Where time comes from; null for the system's.</param>
    public RoleProvisioner(AwsContext context, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _timeProvider = timeProvider ?? TimeProvider.System;
        _reader = new IamReader(context);
        _writer = new IamWriter(context, _timeProvider);
    }

    /// <summary>
    /// Compares what is there with what is wanted. An existing role is used as it is, with the policy added.
    /// </summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    /// <exception cref="EngineException">
    /// RoleNameInvalid, InstanceProfileNameInvalid, PathInvalid, TagInvalid; RoleTrustMismatch and RolePathMismatch for
    /// a role that exists and does not fit; InstanceProfileConflict for a profile that holds another role; or what the
    /// service refused.
    /// </exception>
    public async Task<Plan<InstanceRole>> PlanAsync(RoleRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        RoleRules.Check(request);
        string profileName = request.InstanceProfileName ?? request.Name;

        Role? role = await _reader.FindRoleAsync(request.Name, cancellationToken).ConfigureAwait(false);
        List<AttachedPolicy> policies = role is null
            ? []
            : await _reader.ListPoliciesAsync(request.Name, cancellationToken).ConfigureAwait(false);
        InstanceProfile? profile = await _reader.FindProfileAsync(profileName, cancellationToken).ConfigureAwait(false);
        return Compare(request, profileName, role, policies, profile);
    }

    /// <summary>
    /// Works out how to remove a role with its policies and instance profiles, in the order in which IAM allows it. A
    /// role that is gone needs no changes. A role that was there before SsmTools is kept unless forced; what was added
    /// to it is taken away.
    /// </summary>
    /// <param name="roleName">The role's name.</param>
    /// <param name="force">Removes what SsmTools did not make, and roles that running instances use, too.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    /// <exception cref="EngineException">
    /// RoleNameInvalid; RoleNotManaged for a role with nothing of ours about it; InstanceRoleInUse while instances run
    /// with it; or what the service refused.
    /// </exception>
    public Task<Plan<InstanceRole>> PlanRemovalAsync(string roleName, bool force, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(roleName);
        RoleRules.CheckRoleName(roleName);
        return new RoleRemoval(_context, _reader, _writer).PlanAsync(roleName, force, cancellationToken);
    }

    private Plan<InstanceRole> Compare(
        RoleRequest request,
        string profileName,
        Role? role,
        List<AttachedPolicy> policies,
        InstanceProfile? profile)
    {
        string name = request.Name;
        string roleTarget = $"role {name}";
        string profileTarget = $"instance profile {profileName}";
        List<PlannedChange> changes = [];
        List<string> warnings = [];

        if (role is null)
        {
            changes.Add(new PlannedChange(
                roleTarget,
                $"Create the role, trusted by {TrustPolicy.Ec2(_context.Partition)}",
                token => CreateRoleAsync(request, token)));
        }
        else
        {
            CheckPath(request, role);
            if (!TrustPolicy.TrustsEc2(role.AssumeRolePolicyDocument))
            {
                changes.Add(ReplaceTrust(request, role, roleTarget));
            }
        }

        bool hasCore = policies.Exists(policy => policy.PolicyArn == ManagedPolicies.CoreArn(_context.Partition));
        if (profile is null)
        {
            // The profile comes before the policy, because it notes that the policy is our doing: a run that is
            // killed between the two still knows when it is time to undo.
            string? noted = role is not null && !IsOurs(role) && !hasCore ? ManagedPolicies.CoreName : null;
            changes.Add(new PlannedChange(
                profileTarget,
                "Create the instance profile",
                token => _writer.CreateProfileAsync(request, profileName, noted, token)));
        }

        if (!hasCore)
        {
            changes.Add(new PlannedChange(
                roleTarget,
                $"Attach policy {ManagedPolicies.CoreName}",
                token => _writer.AttachAsync(name, ManagedPolicies.CoreArn(_context.Partition), token)));
        }

        AddLegacy(request, policies, roleTarget, changes, warnings);
        AddRole(name, profileName, profileTarget, profile, changes);
        return new Plan<InstanceRole>(
            changes,
            token => ReadAsync(name, profileName, created: role is null, token))
        {
            Warnings = warnings,
        };
    }

    private void AddLegacy(
        RoleRequest request,
        List<AttachedPolicy> policies,
        string target,
        List<PlannedChange> changes,
        List<string> warnings)
    {
        string arn = ManagedPolicies.LegacyArn(_context.Partition);
        if (!policies.Exists(policy => policy.PolicyArn == arn))
        {
            return;
        }

        if (request.ReplaceLegacyPolicy)
        {
            changes.Add(new PlannedChange(
                target,
                $"Detach the deprecated policy {ManagedPolicies.LegacyName}",
                token => _writer.DetachAsync(request.Name, arn, token)));
        }
        else
        {
            warnings.Add(
                $"Role {request.Name} still has the deprecated policy {ManagedPolicies.LegacyName}, which grants more"
                + $" than an agent needs. {ManagedPolicies.CoreName} takes its place: -ReplaceLegacyPolicy detaches the old one.");
        }
    }

    private void AddRole(
        string roleName,
        string profileName,
        string target,
        InstanceProfile? profile,
        List<PlannedChange> changes)
    {
        string? holder = profile?.Roles.FirstOrDefault()?.RoleName;
        if (holder is not null && !RoleRules.IsSame(holder, roleName))
        {
            throw RoleErrors.ProfileConflict(profileName, roleName, holder);
        }

        if (holder is null)
        {
            changes.Add(new PlannedChange(
                target,
                $"Add role {roleName}",
                token => _writer.AddRoleAsync(profileName, roleName, token)));
        }
    }

    private PlannedChange ReplaceTrust(RoleRequest request, Role role, string target) =>
        request.ReplaceTrust
            ? new PlannedChange(
                target,
                $"Replace the trust policy ({TrustPolicy.Principals(role.AssumeRolePolicyDocument)})"
                    + $" by one that trusts {TrustPolicy.Ec2(_context.Partition)}",
                token => _writer.ReplaceTrustAsync(request.Name, token))
            : throw RoleErrors.TrustMismatch(request.Name, role.AssumeRolePolicyDocument);

    private async Task CreateRoleAsync(RoleRequest request, CancellationToken cancellationToken)
    {
        if (!await _writer.CreateRoleAsync(request, cancellationToken).ConfigureAwait(false))
        {
            Role? role = await _reader.FindRoleAsync(request.Name, cancellationToken).ConfigureAwait(false);
            if (role is not null && !TrustPolicy.TrustsEc2(role.AssumeRolePolicyDocument))
            {
                throw RoleErrors.TrustMismatch(request.Name, role.AssumeRolePolicyDocument);
            }
        }
    }

    private async Task<InstanceRole> ReadAsync(
        string roleName,
        string profileName,
        bool created,
        CancellationToken cancellationToken)
    {
        // What was just made may not be seen by the next reader; whoever comes after us should find it.
        Backoff backoff = new(
            _timeProvider, TimeSpan.FromMilliseconds(400), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30));
        while (true)
        {
            Role? role = await _reader.FindRoleAsync(roleName, cancellationToken).ConfigureAwait(false);
            InstanceProfile? profile =
                await _reader.FindProfileAsync(profileName, cancellationToken).ConfigureAwait(false);
            bool whole = role is not null && profile?.Roles.Exists(held => RoleRules.IsSame(held.RoleName, roleName)) == true;
            if (!whole && await backoff.PauseAsync(cancellationToken).ConfigureAwait(false))
            {
                continue;
            }

            List<AttachedPolicy> policies = role is null
                ? []
                : await _reader.ListPoliciesAsync(roleName, cancellationToken).ConfigureAwait(false);
            return new InstanceRole
            {
                RoleName = roleName,
                RoleArn = role?.Arn ?? string.Empty,
                InstanceProfileName = profile?.InstanceProfileName ?? string.Empty,
                InstanceProfileArn = profile?.Arn ?? string.Empty,
                Policies = [.. policies.Select(policy => policy.PolicyName!)],
                Created = created,
                HasLegacyPolicy = policies.Exists(
                    policy => policy.PolicyArn == ManagedPolicies.LegacyArn(_context.Partition)),
            };
        }
    }

    private static bool IsOurs(Role role) => IamReader.TagOf(role.Tags, SsmToolsTag.Key) is not null;

    private static void CheckPath(RoleRequest request, Role role)
    {
        if (request.Path is { } wanted && role.Path is { } actual && actual != wanted)
        {
            throw RoleErrors.PathMismatch(request.Name, actual, wanted);
        }
    }
}
