using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Iam;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Access;

/// <summary>Writes operators' policies, has the policy simulator prove them, makes them, attaches them, and takes them away.</summary>
public sealed class AccessPolicyProvisioner
{
    private const int MostVersions = 5;

    // What was just attached reaches the simulator some seconds later.
    private static readonly TimeSpan s_firstLook = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_longestLook = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan s_looks = TimeSpan.FromSeconds(15);

    private readonly AwsContext _context;
    private readonly TimeProvider _timeProvider;
    private readonly PolicyStore _store;
    private readonly AccessSimulator _simulator;

    /// <summary>Creates the provisioner.</summary>
    /// <param name="context">Credentials, region and endpoints.</param>
    /// <param name="timeProvider">Where time comes from; null for the system's.</param>
    public AccessPolicyProvisioner(AwsContext context, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _timeProvider = timeProvider ?? TimeProvider.System;
        _store = new PolicyStore(context, _timeProvider);
        _simulator = new AccessSimulator(context);
    }

    /// <summary>
    /// Writes the policy, has the simulator try it, and compares it with what is there. Without a name there is nothing
    /// to change: the result has the document.
    /// </summary>
    /// <param name="request">What is to be allowed.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    /// <exception cref="EngineException">
    /// What is wrong with the request (NodesNotNamed, AccessPolicyNameMissing, AccessPolicyNameInvalid, PathInvalid,
    /// NodeIdInvalid, NodeTagInvalid, DocumentNameInvalid, KmsKeyInvalid, PrincipalNameInvalid, AccessPolicyTooLong);
    /// KmsKeyNotFound, PrincipalNotFound; AccessPolicyExists for somebody else's policy; AccessPolicyNotProven where the
    /// simulator sees more or less allowed than asked for; or what the service refused.
    /// </exception>
    public async Task<Plan<AccessPolicy>> PlanAsync(AccessPolicyRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        AccessRules.Check(request);
        SessionAccess names = new(_context);
        AccessScope scope = new(
            request,
            _context.Partition,
            _context.Region,
            await names.AccountAsync(cancellationToken).ConfigureAwait(false),
            request.KmsKeyId is { } key ? await names.KeyArnAsync(key, cancellationToken).ConfigureAwait(false) : null);
        string json = AccessDocument.Write(scope);
        int length = AccessDocument.Measure(json);
        if (length > AccessDocument.MostCharacters)
        {
            throw AccessErrors.TooLong(length);
        }

        List<string> warnings = [];
        IReadOnlyList<AccessCase> cases = AccessCases.Of(scope);
        IReadOnlyList<AccessCheck>? checks = await _simulator.TryDocumentAsync(json, cases, cancellationToken).ConfigureAwait(false);
        if (checks is null)
        {
            warnings.Add("The policy could not be tried: iam:SimulateCustomPolicy is denied. Have somebody who may ask the simulator look at it.");
        }
        else if (checks.Any(check => !check.Passed))
        {
            throw AccessErrors.NotProven([.. checks.Where(check => !check.Passed)]);
        }

        AccessPolicy policy = new() { Json = json, Length = length, Checks = checks ?? [], Verified = checks is null ? null : true };
        return request.Name is null
            ? new Plan<AccessPolicy>([], _ => Task.FromResult(policy)) { Warnings = warnings }
            : await PlanMakingAsync(scope, policy, cases, warnings, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Works out how to take a policy from everybody who has it, and delete it. One that is gone needs no changes.</summary>
    /// <param name="name">The policy's name.</param>
    /// <param name="force">Removes one that SsmTools did not make, too.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    /// <exception cref="EngineException">
    /// AccessPolicyNameInvalid; AccessPolicyNotManaged for somebody else's; AccessPolicyIsBoundary where it bounds
    /// somebody's rights; or what the service refused.
    /// </exception>
    public async Task<Plan<AccessPolicy>> PlanRemovalAsync(string name, bool force, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        AccessRules.CheckName(name);
        string account = await new SessionAccess(_context).AccountAsync(cancellationToken).ConfigureAwait(false);
        Policy? found = await _store.FindAsync(name, account, null, cancellationToken).ConfigureAwait(false);
        if (found?.Arn is not { } arn)
        {
            return new Plan<AccessPolicy>([], _ => Task.FromResult(new AccessPolicy { Name = name }))
            {
                Warnings = [$"There is no policy {name}: nothing to remove."],
            };
        }

        if (!force && IamReader.TagOf(found.Tags, SsmToolsTag.Key) is null)
        {
            throw AccessErrors.NotManaged(name);
        }

        List<PolicyHolder> bounded = await _store.ListHoldersAsync(arn, true, cancellationToken).ConfigureAwait(false);
        if (bounded.Count > 0)
        {
            throw AccessErrors.Bounds(name, [.. bounded.Select(holder => holder.ToString())]);
        }

        List<PolicyHolder> holders = await _store.ListHoldersAsync(arn, false, cancellationToken).ConfigureAwait(false);
        List<string> versions = await _store.ListOtherVersionsAsync(arn, cancellationToken).ConfigureAwait(false);
        string target = $"policy {name}";
        List<PlannedChange> changes =
        [
            .. holders.Select(holder => new PlannedChange(
                $"{holder.Word} {holder.Name}", $"Detach policy {name}", token => _store.DetachAsync(holder, arn, token))),
            .. versions.Select(version => new PlannedChange(
                target, $"Delete its version {version}", token => _store.DeleteVersionAsync(arn, version, token))),
            new PlannedChange(target, "Delete the policy", token => _store.DeleteAsync(arn, token)),
        ];
        AccessPolicy removed = new() { Name = name, Arn = arn, AttachedTo = [.. holders.Select(holder => holder.ToString())] };
        return new Plan<AccessPolicy>(changes, _ => Task.FromResult(removed));
    }

    private async Task<Plan<AccessPolicy>> PlanMakingAsync(
        AccessScope scope,
        AccessPolicy policy,
        IReadOnlyList<AccessCase> cases,
        List<string> warnings,
        CancellationToken cancellationToken)
    {
        string name = scope.Request.Name!;
        List<PlannedChange> changes = [];
        Policy? found = await _store.FindAsync(name, scope.Account, scope.Request.Path, cancellationToken).ConfigureAwait(false);
        string arn = found?.Arn ?? $"arn:{scope.Partition}:iam::{scope.Account}:policy{scope.Request.Path ?? "/"}{name}";
        List<PolicyHolder> has = [];
        if (found is null)
        {
            changes.Add(new PlannedChange(
                $"policy {name}", $"Make the policy ({policy.Length} characters)",
                token => _store.CreateAsync(name, scope.Request.Path, policy.Json, token)));
        }
        else
        {
            has = await _store.ListHoldersAsync(arn, false, cancellationToken).ConfigureAwait(false);
            await CompareAsync(name, found, policy, changes, warnings, cancellationToken).ConfigureAwait(false);
        }

        List<(PolicyHolder Holder, string Arn)> holders = await FindHoldersAsync(scope, cancellationToken).ConfigureAwait(false);
        changes.AddRange(holders.Select(one => one.Holder).Where(holder => !has.Exists(holder.IsSame)).Select(holder => new PlannedChange(
            $"{holder.Word} {holder.Name}", $"Attach policy {name}", token => _store.AttachAsync(holder, arn, token))));
        policy = policy with { Name = name, Arn = arn, Created = found is null };
        return new Plan<AccessPolicy>(changes, token => ProveAsync(policy, holders, cases, token))
        {
            Warnings = warnings,
            Awaited = holders.Count > 0 ? "the policy simulator to see what was attached" : null,
        };
    }

    private async Task CompareAsync(
        string name,
        Policy found,
        AccessPolicy policy,
        List<PlannedChange> changes,
        List<string> warnings,
        CancellationToken cancellationToken)
    {
        string arn = found.Arn!;
        bool isOurs = IamReader.TagOf(found.Tags, SsmToolsTag.Key) is not null;
        bool fits = PolicyJson.IsSame(await _store.ReadAsync(arn, cancellationToken).ConfigureAwait(false), policy.Json);
        if (fits && !isOurs)
        {
            warnings.Add($"Policy {name} was there before SsmTools and says the same: it is used, and Remove-SsmAccessPolicy will keep it.");
        }
        else if (!fits && !isOurs)
        {
            throw AccessErrors.Foreign(name);
        }
        else if (!fits)
        {
            List<string> others = await _store.ListOtherVersionsAsync(arn, cancellationToken).ConfigureAwait(false);
            if (others.Count == MostVersions - 1)
            {
                changes.Add(new PlannedChange(
                    $"policy {name}", $"Delete its oldest version {others[0]}", token => _store.DeleteVersionAsync(arn, others[0], token)));
            }

            changes.Add(new PlannedChange(
                $"policy {name}", $"Put a new version into force ({policy.Length} characters)",
                token => _store.ReplaceAsync(name, arn, policy.Json, token)));
        }
    }

    private async Task<List<(PolicyHolder Holder, string Arn)>> FindHoldersAsync(AccessScope scope, CancellationToken cancellationToken)
    {
        List<(PolicyHolder Holder, string Arn)> found = [];
        foreach (PolicyHolder holder in (PolicyHolder[])
            [
                .. scope.Request.UserNames.Select(user => new PolicyHolder(PolicyHolderKind.User, user)),
                .. scope.Request.RoleNames.Select(role => new PolicyHolder(PolicyHolderKind.Role, role)),
                .. scope.Request.GroupNames.Select(group => new PolicyHolder(PolicyHolderKind.Group, group)),
            ])
        {
            if (!found.Exists(one => one.Holder.IsSame(holder)))
            {
                found.Add((
                    holder,
                    await _store.FindHolderAsync(holder, cancellationToken).ConfigureAwait(false) ?? throw AccessErrors.HolderNotFound(holder)));
            }
        }

        return found;
    }

    private async Task<AccessPolicy> ProveAsync(
        AccessPolicy policy,
        List<(PolicyHolder Holder, string Arn)> holders,
        IReadOnlyList<AccessCase> cases,
        CancellationToken cancellationToken)
    {
        List<AccessCheck> checks = [.. policy.Checks];
        List<string> warnings = [];
        Backoff backoff = new(_timeProvider, s_firstLook, s_longestLook, s_looks);
        foreach ((PolicyHolder holder, string arn) in holders)
        {
            IReadOnlyList<AccessCheck>? own;
            do
            {
                own = await _simulator.TryPrincipalAsync(holder, arn, cases, cancellationToken).ConfigureAwait(false);
            }
            while (own?.Any(check => check.MustBeAllowed && !check.Passed) == true
                && await backoff.PauseAsync(cancellationToken).ConfigureAwait(false));

            checks.AddRange(own ?? []);
            warnings.AddRange(Warn(holder, own));
        }

        return policy with
        {
            Checks = checks,
            Warnings = warnings,
            Verified = checks.Count == 0 ? null : checks.TrueForAll(check => check.Passed),
            AttachedTo = [.. (await _store.ListHoldersAsync(policy.Arn!, false, cancellationToken).ConfigureAwait(false)).Select(holder => holder.ToString())],
        };
    }

    private static IEnumerable<string> Warn(PolicyHolder holder, IReadOnlyList<AccessCheck>? checks)
    {
        if (checks is null)
        {
            yield return $"What {holder} may do all in all could not be asked: iam:SimulatePrincipalPolicy is denied.";
            yield break;
        }

        AccessCheck[] lacking = [.. checks.Where(check => check is { MustBeAllowed: true, Passed: false })];
        if (lacking.Length > 0)
        {
            yield return $"{holder} has the policy and still may not {lacking[0].Action} {lacking[0].Case} ({lacking[0].Decision})"
                + (lacking.Length > 1 ? $", and {lacking.Length - 1} more" : string.Empty)
                + ": a permissions boundary, a policy that denies, or one of the organization takes it away.";
        }

        AccessCheck[] beside = [.. checks.Where(check => check is { MustBeAllowed: false, Passed: false })];
        if (beside.Length > 0)
        {
            yield return $"{holder} may also {beside[0].Action} {beside[0].Case}"
                + (beside.Length > 1 ? $", and {beside.Length - 1} more" : string.Empty)
                + ": another policy that it has allows that.";
        }
    }
}
