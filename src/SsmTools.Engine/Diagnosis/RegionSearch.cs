using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Provisioning;
using SsmTools.Engine.Registration;
using SsmTools.Engine.Survey;
using Instance = SsmTools.Engine.Aws.Ec2.Instance;
using NetworkReader = SsmTools.Engine.Survey.NetworkReader;

namespace SsmTools.Engine.Diagnosis;

/// <summary>Looks for instances in the account's other regions: one call a region, and none where it may not be asked.</summary>
internal sealed class RegionSearch(AwsContext context)
{
    private const int AtATime = 8;

    private readonly Asker _asker = new();
    private bool _isDone;

    /// <summary>Which region has which of these, as far as it can be told; asked once in a run, for two hundred ids at most.</summary>
    public async Task<IReadOnlyDictionary<string, string>> FindAsync(
        IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        string[] wanted = [.. ids.Where(NodeIds.IsInstance).Take(InstanceReader.FilterValues)];
        if (_isDone || wanted.Length == 0)
        {
            return new Dictionary<string, string>();
        }

        _isDone = true;
        Reading<List<string>> regions = await _asker.AskAsync<List<string>>(
            "ec2:DescribeRegions",
            async token => [.. (await context.Ec2.DescribeRegionsAsync(new DescribeRegionsRequest(), token).ConfigureAwait(false))
                .Regions.Select(region => region.RegionName).OfType<string>()],
            cancellationToken).ConfigureAwait(false);
        Dictionary<string, string> found = [];
        foreach (string[] some in (regions.Value ?? []).Where(region => region != context.Region).Chunk(AtATime))
        {
            foreach ((string region, IReadOnlyList<string> there) in await Task.WhenAll(
                some.Select(region => SearchAsync(region, wanted, cancellationToken))).ConfigureAwait(false))
            {
                foreach (string id in there)
                {
                    found[id] = region;
                }
            }
        }

        return found;
    }

    private async Task<(string Region, IReadOnlyList<string> Found)> SearchAsync(
        string region, string[] ids, CancellationToken cancellationToken)
    {
        using AwsContext there = context.In(region);
        try
        {
            Reading<List<Instance>> found = await _asker.ListAsync(
                $"ec2:DescribeInstances ({region})",
                token => InstanceReader.StreamAsync(
                    there, new DescribeInstancesRequest { Filters = NetworkReader.By("instance-id", ids) }, token),
                cancellationToken).ConfigureAwait(false);
            return (region, [.. (found.Value ?? []).Select(instance => instance.InstanceId!)]);
        }
        catch (EngineException)
        {
            // A region that is closed to the account says that its credentials are no good.
            return (region, []);
        }
    }
}
