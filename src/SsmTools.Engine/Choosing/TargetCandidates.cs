using SsmTools.Engine.Aws;
using SsmTools.Engine.Registration;

namespace SsmTools.Engine.Choosing;

/// <summary>The nodes among which somebody chooses one, be they of one account and region or of several.</summary>
public static class TargetCandidates
{
    /// <summary>All nodes that the targets stand for, each once.</summary>
    /// <param name="targets">At least one; those of one context share their calls.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="EngineException">TargetNotFound: one stands for nothing. Or what the service refused.</exception>
    public static async Task<IReadOnlyList<TargetCandidate>> FindAsync(
        IReadOnlyList<WantedTarget> targets, CancellationToken cancellationToken)
    {
        List<TargetCandidate> found = [];
        foreach (IGrouping<AwsContext, WantedTarget> group in targets.GroupBy(target => target.Context))
        {
            HashSet<string> windows = [.. group.Where(target => target.IsWindows).Select(target => target.Value)];
            foreach (TargetMatch match in await new TargetResolver(group.Key).ResolveManyAsync(
                [.. group.Select(target => target.Value).Distinct(StringComparer.Ordinal)], cancellationToken).ConfigureAwait(false))
            {
                if (match.Error is { } error)
                {
                    throw error;
                }

                found.AddRange(match.Nodes.Select(node => new TargetCandidate(
                    group.Key, node with { IsWindows = node.IsWindows || windows.Contains(match.Target) })));
            }
        }

        return [.. found.DistinctBy(one => (one.Node.InstanceId, one.Context))];
    }

    /// <summary>What a person wants to know of the candidates before choosing one.</summary>
    /// <param name="candidates">Those found.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    /// <exception cref="EngineException">What the service refused.</exception>
    public static async Task<IReadOnlyList<NodeRegistration>> DescribeAsync(
        IReadOnlyList<TargetCandidate> candidates, CancellationToken cancellationToken)
    {
        List<NodeRegistration> nodes = [];
        foreach (IGrouping<AwsContext, string> group in candidates.GroupBy(one => one.Context, one => one.Node.InstanceId))
        {
            nodes.AddRange(await new RegistrationProbe(group.Key).ListAsync([.. group], cancellationToken).ConfigureAwait(false));
        }

        return nodes;
    }

    /// <summary>All nodes of an account in a region that a session could be had with; empty where none is registered.</summary>
    /// <param name="context">The account and region.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="EngineException">What the service refused.</exception>
    public static async Task<IReadOnlyList<NodeRegistration>> ListAsync(AwsContext context, CancellationToken cancellationToken) =>
        [.. (await new NodeDirectory(context).ListAsync(cancellationToken).ConfigureAwait(false)).Where(node => node.Registered)];

    /// <summary>What the choice of somebody who was shown <see cref="DescribeAsync"/> or <see cref="ListAsync"/> stands for.</summary>
    /// <param name="context">Where it was found.</param>
    /// <param name="chosen">The one chosen.</param>
    public static TargetCandidate Of(AwsContext context, NodeRegistration chosen)
    {
        ArgumentNullException.ThrowIfNull(chosen);
        return new TargetCandidate(context, new TargetNode(chosen.InstanceId, chosen.Name, chosen.PlatformType == "Windows"));
    }
}
