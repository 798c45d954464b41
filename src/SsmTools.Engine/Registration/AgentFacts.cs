using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Registration;

/// <summary>
/// What Systems Manager knows of nodes, fifty a call. A caller may be denied that; then nothing is known, and nothing
/// fails.
/// </summary>
internal sealed class AgentFacts(AwsContext context)
{
    /// <summary>The action that a caller may be denied.</summary>
    public const string Action = "ssm:DescribeInstanceInformation";

    /// <summary>How Systems Manager refused; null as long as it did not.</summary>
    public EngineException? Refusal { get; private set; }

    /// <summary>Asks about fifty nodes at most.</summary>
    /// <returns>Those that it knows.</returns>
    public async Task<Dictionary<string, InstanceInformation>> ReadAsync(
        IReadOnlyList<string> ids,
        CancellationToken cancellationToken)
    {
        Dictionary<string, InstanceInformation> known = [];
        if (ids.Count > 0 && Refusal is null)
        {
            await foreach (InstanceInformation agent in
                StreamAsync([new("InstanceIds", [.. ids])], cancellationToken).ConfigureAwait(false))
            {
                known[agent.InstanceId!] = agent;
            }
        }

        return known;
    }

    /// <summary>Lists nodes page by page, as they come; none where the caller may not.</summary>
    /// <param name="filters">What to filter by, all of it.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="EngineException">What the service refused for another reason.</exception>
    public IAsyncEnumerable<InstanceInformation> StreamAsync(
        IReadOnlyList<KeyValuePair<string, string[]>> filters,
        CancellationToken cancellationToken)
    {
        DescribeInstanceInformationRequest request = new()
        {
            Filters =
            [
                .. filters.Select(filter =>
                    new InstanceInformationStringFilter { Key = filter.Key, Values = [.. filter.Value] }),
            ],
            MaxResults = NodeReader.PageSize,
        };
        return ServiceCall.GuardAsync(
            context.Ssm.DescribeInstanceInformationItemsAsync(request, cancellationToken),
            refusal => Refusal = refusal,
            cancellationToken);
    }
}
