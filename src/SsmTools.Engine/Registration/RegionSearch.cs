using System.Collections.Concurrent;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Provisioning;
using SsmTools.Engine.Survey;
using Instance = SsmTools.Engine.Aws.Ec2.Instance;

namespace SsmTools.Engine.Registration;

/// <summary>
/// Looks for instances in the account's other regions: a call for each, all within some seconds, and once in a run. A
/// region that may not be asked, or does not answer in time, knows nothing.
/// </summary>
internal sealed class RegionSearch(AwsContext context)
{
    private const int AtATime = 8;

    // Networks without a way to other regions let calls hang; nobody is to wait for that.
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    private readonly Asker _asker = new();
    private readonly ConcurrentDictionary<string, string> _found = new(StringComparer.Ordinal);
    private bool _isDone;

    /// <summary>Which region has which of these, as far as it can be told; asked once in a run, for two hundred ids at most.</summary>
    public async Task<IReadOnlyDictionary<string, string>> FindAsync(
        IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        string[] wanted = [.. ids.Where(NodeIds.IsInstance).Take(InstanceReader.FilterValues)];
        if (_isDone || wanted.Length == 0)
        {
            return _found;
        }

        _isDone = true;
        using CancellationTokenSource limit = new(s_longest, context.Time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await SearchAsync(wanted, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // What was found until then counts.
        }
        catch (EngineException)
        {
            // Who asks has said already what is wrong; where else it might be right is an extra.
        }

        return _found;
    }

    private async Task SearchAsync(string[] ids, CancellationToken cancellationToken)
    {
        Reading<List<string>> regions = await _asker.AskAsync<List<string>>(
            "ec2:DescribeRegions",
            async token => [.. (await context.Ec2.DescribeRegionsAsync(new DescribeRegionsRequest(), token).ConfigureAwait(false))
                .Regions.Select(region => region.RegionName).OfType<string>()],
            cancellationToken).ConfigureAwait(false);
        await Parallel.ForEachAsync(
            (regions.Value ?? []).Where(region => region != context.Region),
            new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken },
            async (region, token) => await SearchAsync(region, ids, token).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private async Task SearchAsync(string region, string[] ids, CancellationToken cancellationToken)
    {
        using AwsContext there = context.In(region);
        try
        {
            Reading<List<Instance>> found = await _asker.ListAsync(
                $"ec2:DescribeInstances ({region})",
                token => InstanceReader.StreamAsync(
                    there, new DescribeInstancesRequest { Filters = NetworkQueries.By("instance-id", ids) }, token),
                cancellationToken).ConfigureAwait(false);
            foreach (Instance instance in found.Value ?? [])
            {
                _found[instance.InstanceId!] = region;
            }
        }
        catch (EngineException)
        {
            // A region that is closed to the account says that its credentials are no good.
        }
    }
}
