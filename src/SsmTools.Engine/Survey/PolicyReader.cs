using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Iam;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Survey;

/// <summary>The policies of roles. AWS's own that agents live by are known by heart, and not read.</summary>
internal sealed class PolicyReader(AwsContext context, Asker asker)
{
    private readonly Dictionary<string, Reading<PolicyText>> _managed = new(StringComparer.Ordinal);

    /// <summary>All policies of a role, and the names of those attached.</summary>
    public async Task<(Reading<IReadOnlyList<PolicyText>> Policies, IReadOnlyList<string> Attached)> ReadAsync(
        string roleName, CancellationToken cancellationToken)
    {
        Reading<List<AttachedPolicy>> attached = await asker.ListAsync(
            "iam:ListAttachedRolePolicies",
            token => context.Iam.ListAttachedRolePoliciesItemsAsync(
                new ListAttachedRolePoliciesRequest { RoleName = roleName }, token),
            cancellationToken).ConfigureAwait(false);
        Reading<List<string>> inline = await asker.ListAsync(
            "iam:ListRolePolicies",
            token => context.Iam.ListRolePoliciesItemsAsync(new ListRolePoliciesRequest { RoleName = roleName }, token),
            cancellationToken).ConfigureAwait(false);
        List<PolicyText> texts = [];
        Obstacle? obstacle = attached.Obstacle ?? inline.Obstacle;
        foreach (AttachedPolicy policy in attached.Value ?? [])
        {
            Add(await ReadManagedAsync(policy.PolicyArn!, cancellationToken).ConfigureAwait(false));
        }

        foreach (string name in inline.Value ?? [])
        {
            Add(await asker.FindAsync(
                "iam:GetRolePolicy",
                ServiceCodes.NoSuchEntity,
                async token => new PolicyText(
                    name,
                    Plain((await context.Iam.GetRolePolicyAsync(
                        new GetRolePolicyRequest { RoleName = roleName, PolicyName = name }, token).ConfigureAwait(false)).PolicyDocument)),
                cancellationToken).ConfigureAwait(false));
        }

        List<string> names = [.. (attached.Value ?? []).Select(policy => policy.PolicyName ?? string.Empty)];
        return (obstacle is null ? texts : obstacle, names);

        void Add(Reading<PolicyText> text)
        {
            obstacle ??= text.Obstacle;
            if (text.Value is { } there)
            {
                texts.Add(there);
            }
        }
    }

    /// <summary>A managed policy's default version; null where there is no such policy.</summary>
    public async Task<Reading<PolicyText>> ReadManagedAsync(string arn, CancellationToken cancellationToken)
    {
        if (AgentActions.WellKnown(arn, context.Partition) is { } known)
        {
            return known;
        }

        if (!_managed.TryGetValue(arn, out Reading<PolicyText> text))
        {
            _managed[arn] = text = await FetchAsync(arn, cancellationToken).ConfigureAwait(false);
        }

        return text;
    }

    /// <summary>
    /// The agent's actions that the organization's policies deny: shown by IAM's own simulation alone. Empty where that
    /// may not be asked.
    /// </summary>
    public async Task<IReadOnlyList<string>> SimulateAsync(string? roleArn, CancellationToken cancellationToken)
    {
        if (roleArn is null)
        {
            return [];
        }

        Reading<List<EvaluationResult>> results = await asker.ListAsync(
            "iam:SimulatePrincipalPolicy",
            token => context.Iam.SimulatePrincipalPolicyItemsAsync(
                new SimulatePrincipalPolicyRequest { PolicySourceArn = roleArn, ActionNames = [.. AgentActions.All] }, token),
            cancellationToken).ConfigureAwait(false);
        return
        [
            .. (results.Value ?? [])
                .Where(result => result.OrganizationsDecisionDetail?.AllowedByOrganizations == false)
                .Select(result => result.EvalActionName ?? string.Empty),
        ];
    }

    private async Task<Reading<PolicyText>> FetchAsync(string arn, CancellationToken cancellationToken)
    {
        Reading<Policy> policy = await asker.FindAsync(
            "iam:GetPolicy",
            ServiceCodes.NoSuchEntity,
            async token => (await context.Iam.GetPolicyAsync(new GetPolicyRequest { PolicyArn = arn }, token).ConfigureAwait(false)).Policy,
            cancellationToken).ConfigureAwait(false);
        if (policy.Value?.DefaultVersionId is not { } version)
        {
            return policy.Obstacle is { } obstacle ? obstacle : default(Reading<PolicyText>);
        }

        return await asker.FindAsync(
            "iam:GetPolicyVersion",
            ServiceCodes.NoSuchEntity,
            async token => new PolicyText(
                policy.Value.PolicyName ?? arn,
                Plain((await context.Iam.GetPolicyVersionAsync(
                    new GetPolicyVersionRequest { PolicyArn = arn, VersionId = version }, token).ConfigureAwait(false)).PolicyVersion?.Document)),
            cancellationToken).ConfigureAwait(false);
    }

    private static string Plain(string? document) => document is null ? string.Empty
        : document.TrimStart().StartsWith('{') ? document
        : Uri.UnescapeDataString(document);
}
