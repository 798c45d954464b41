using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Iam;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Access;

/// <summary>Asks IAM's policy simulator. It changes nothing and calls nothing that policies are about.</summary>
internal sealed class AccessSimulator(AwsContext context)
{
    /// <summary>What a document by itself allows of the cases; null where the simulator may not be asked.</summary>
    public Task<IReadOnlyList<AccessCheck>?> TryDocumentAsync(
        string json, IReadOnlyList<AccessCase> cases, CancellationToken cancellationToken) => RunAsync(
            null,
            cases,
            (one, token) => context.Iam.SimulateCustomPolicyItemsAsync(
                new SimulateCustomPolicyRequest
                {
                    PolicyInputList = [json],
                    ActionNames = [.. one.Actions],
                    ResourceArns = [one.Resource],
                    ContextEntries = Entries(one),
                },
                token),
            cancellationToken);

    /// <summary>What a user, role or group is allowed of them, with every policy that it has; null where that may not be asked.</summary>
    public Task<IReadOnlyList<AccessCheck>?> TryPrincipalAsync(
        PolicyHolder holder, string arn, IReadOnlyList<AccessCase> cases, CancellationToken cancellationToken) => RunAsync(
            holder.ToString(),
            cases,
            (one, token) => context.Iam.SimulatePrincipalPolicyItemsAsync(
                new SimulatePrincipalPolicyRequest
                {
                    PolicySourceArn = arn,
                    ActionNames = [.. one.Actions],
                    ResourceArns = [one.Resource],
                    ContextEntries = Entries(one),
                },
                token),
            cancellationToken);

    private static async Task<IReadOnlyList<AccessCheck>?> RunAsync(
        string? principal,
        IReadOnlyList<AccessCase> cases,
        Func<AccessCase, CancellationToken, IAsyncEnumerable<EvaluationResult>> ask,
        CancellationToken cancellationToken)
    {
        List<AccessCheck> checks = [];
        foreach (AccessCase one in cases)
        {
            List<EvaluationResult>? results = await ServiceCall.TryAsync(
                async token =>
                {
                    List<EvaluationResult> items = [];
                    await foreach (EvaluationResult item in ask(one, token).ConfigureAwait(false))
                    {
                        items.Add(item);
                    }

                    return items;
                },
                principal,
                ServiceCodes.Denied,
                cancellationToken).ConfigureAwait(false);
            if (results is null)
            {
                return null;
            }

            checks.AddRange(one.Actions.Select(action => new AccessCheck
            {
                Principal = principal,
                Action = action,
                Case = one.Words,
                Resource = one.Resource,
                MustBeAllowed = one.MustBeAllowed,
                Decision = Decision(results, action, one.Resource),
            }));
        }

        return checks;
    }

    // Without an answer nothing was shown; that is no "allowed", and no denial either.
    private static string Decision(List<EvaluationResult> results, string action, string resource)
    {
        EvaluationResult? result = results.Find(item => string.Equals(item.EvalActionName, action, StringComparison.OrdinalIgnoreCase));
        ResourceSpecificResult? specific = result?.ResourceSpecificResults.Find(item => item.EvalResourceName == resource);
        return specific?.EvalResourceDecision ?? result?.EvalDecision ?? "unknown";
    }

    private static List<ContextEntry> Entries(AccessCase one) =>
    [
        Entry("aws:userid", AccessCases.UserId),
        Entry("aws:username", AccessCases.UserName),
        .. one.Context.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => Entry(entry.Key, entry.Value)),
    ];

    private static ContextEntry Entry(string key, string value) => new()
    {
        ContextKeyName = key,
        ContextKeyType = key == AccessDocument.DocumentCheckKey ? ContextKeyTypeEnum.Boolean : ContextKeyTypeEnum.String,
        ContextKeyValues = [value],
    };
}
