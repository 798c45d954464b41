using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Provisioning;
using SsmTools.Engine.Survey;

namespace SsmTools.Engine.HybridNodes;

/// <summary>The tier that all hybrid nodes of an account are in, in one region: sessions need the one that costs.</summary>
internal sealed class InstanceTier(AwsContext context)
{
    private const string Advanced = "advanced";

    /// <summary>Compares it with what is wanted.</summary>
    /// <param name="wanted"><c>Standard</c>, <c>Advanced</c>, or null to leave it.</param>
    /// <param name="changes">Gets the change.</param>
    /// <param name="warnings">Gets what the user should know.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    /// <returns>The tier that there will be; null where it could not be read.</returns>
    public async Task<string?> PlanAsync(
        string? wanted, List<PlannedChange> changes, List<string> warnings, CancellationToken cancellationToken)
    {
        string? actual = await ReadAsync(cancellationToken).ConfigureAwait(false);
        string? tier = wanted is null ? actual : wanted.Equals(Advanced, StringComparison.OrdinalIgnoreCase) ? Advanced : "standard";
        if (tier is null)
        {
            warnings.Add(
                "In which tier hybrid nodes are could not be read: ssm:GetServiceSetting is denied. Session Manager serves them"
                + " in the advanced tier only.");
            return null;
        }

        if (tier != actual)
        {
            warnings.Add(tier == Advanced
                ? TierPrice.Words(context.Region, await CountAsync(cancellationToken).ConfigureAwait(false))
                : $"In the standard tier Session Manager no longer serves any hybrid node in {context.Region};"
                    + " the change can take half an hour.");
            changes.Add(new PlannedChange(
                $"hybrid nodes in {context.Region}",
                $"Change the tier of all of them from {actual ?? "unknown"} to {tier}",
                token => SetAsync(tier, token))
            {
                StandsAlone = true,
            });
        }
        else if (tier != Advanced && wanted is null)
        {
            warnings.Add(
                $"Hybrid nodes in {context.Region} are in the standard tier, which costs nothing: Run Command serves them,"
                + $" Session Manager (Enter-SsmSession, New-SsmTunnel) does not. -Tier Advanced changes that for all of them."
                + $" {TierPrice.Words(context.Region, nodes: null)}");
        }

        return tier;
    }

    private async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        GetServiceSettingResponse? setting = await ServiceCall.TryAsync(
            token => context.Ssm.GetServiceSettingAsync(
                new GetServiceSettingRequest { SettingId = SettingSurvey.ActivationTier }, token),
            SettingSurvey.ActivationTier,
            ServiceCodes.Denied,
            cancellationToken).ConfigureAwait(false);
        return setting?.ServiceSetting?.SettingValue;
    }

    /// <summary>The standard tier has a thousand nodes at most: twenty pages.</summary>
    private async Task<int?> CountAsync(CancellationToken cancellationToken)
    {
        DescribeInstanceInformationRequest request = new()
        {
            Filters = [new InstanceInformationStringFilter { Key = "ResourceType", Values = ["ManagedInstance"] }],
            MaxResults = 50,
        };
        List<InstanceInformation>? nodes = await ServiceCall.TryAsync(
            token => ServiceCall.ListAsync(
                inner => context.Ssm.DescribeInstanceInformationItemsAsync(request, inner), context.Region, token),
            context.Region,
            ServiceCodes.Denied,
            cancellationToken).ConfigureAwait(false);
        return nodes?.Count;
    }

    private Task<UpdateServiceSettingResponse> SetAsync(string tier, CancellationToken cancellationToken) => ServiceCall.RunAsync(
        token => context.Ssm.UpdateServiceSettingAsync(
            new UpdateServiceSettingRequest { SettingId = SettingSurvey.ActivationTier, SettingValue = tier }, token),
        SettingSurvey.ActivationTier,
        cancellationToken);
}
