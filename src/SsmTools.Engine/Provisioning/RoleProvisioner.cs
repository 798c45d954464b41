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
    /// RoleNameInvalid, InstanceProfileNameInvalid, PathInvalid, BoundaryInvalid, LogBucketInvalid, LogGroupInvalid,
    /// KmsKeyInvalid, TagInvalid; BoundaryNotFound, KmsKeyNotFound; RoleTrustMismatch, RolePathMismatch and
    /// RoleBoundaryMismatch for a role that exists and does not fit; InstanceProfileConflict for a profile that holds
    /// another role; or what the service refused.
    /// </exception>
    public async Task<Plan<InstanceRole>> PlanAsync(RoleRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        RoleRules.Check(request);
        string profileName = request.InstanceProfileName ?? request.Name;

        IReadOnlyList<SessionPolicy> sessions =
            await new SessionAccess(_context).ReadAsync(request, cancellationToken).ConfigureAwait(false);
        RoleState state = await ReadStateAsync(request, profileName, sessions, cancellationToken).ConfigureAwait(false);
        RoleComparison comparison = new(_context, _reader, _writer, request, state);
        comparison.Run(sessions);
        return new Plan<InstanceRole>(
            comparison.Changes,
            token => ReadAsync(request.Name, profileName, created: state.Role is null, token))
        {
            Warnings = comparison.Warnings,
        };
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

    private async Task<RoleState> ReadStateAsync(
        RoleRequest request,
        string profileName,
        IReadOnlyList<SessionPolicy> sessions,
        CancellationToken cancellationToken)
    {
        Role? role = await _reader.FindRoleAsync(request.Name, cancellationToken).ConfigureAwait(false);
        List<AttachedPolicy> policies = [];
        Dictionary<string, string> inline = [];
        if (role is not null)
        {
            policies = await _reader.ListPoliciesAsync(request.Name, cancellationToken).ConfigureAwait(false);
            foreach (string name in sessions.Select(policy => policy.Name))
            {
                if (await _reader.FindInlinePolicyAsync(request.Name, name, cancellationToken).ConfigureAwait(false) is { } document)
                {
                    inline.Add(name, document);
                }
            }
        }

        InstanceProfile? profile = await _reader.FindProfileAsync(profileName, cancellationToken).ConfigureAwait(false);
        string? boundary = await ReadBoundaryAsync(request, role, cancellationToken).ConfigureAwait(false);
        return new RoleState(role, policies, profile, inline, boundary);
    }

    private async Task<string?> ReadBoundaryAsync(RoleRequest request, Role? role, CancellationToken cancellationToken)
    {
        if ((request.PermissionsBoundary ?? role?.PermissionsBoundary?.PermissionsBoundaryArn) is not { } arn)
        {
            return null;
        }

        try
        {
            string? document = await _reader.FindManagedPolicyAsync(arn, cancellationToken).ConfigureAwait(false);
            return document is null && request.PermissionsBoundary is not null ? throw RoleErrors.BoundaryNotFound(arn) : document;
        }
        catch (EngineException exception) when (exception.Kind == ErrorKind.PermissionDenied)
        {
            // Only a warning hangs on it.
            return null;
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
            List<string> inline = role is null
                ? []
                : await ServiceCall.TryAsync(
                    token => _reader.ListInlinePoliciesAsync(roleName, token), roleName, ServiceCodes.Denied, cancellationToken)
                    .ConfigureAwait(false) ?? [];
            return new InstanceRole
            {
                RoleName = roleName,
                RoleArn = role?.Arn ?? string.Empty,
                InstanceProfileName = profile?.InstanceProfileName ?? string.Empty,
                InstanceProfileArn = profile?.Arn ?? string.Empty,
                Policies = [.. policies.Select(policy => policy.PolicyName!)],
                InlinePolicies = inline,
                Created = created,
                HasLegacyPolicy = policies.Exists(
                    policy => policy.PolicyArn == ManagedPolicies.LegacyArn(_context.Partition)),
            };
        }
    }
}
