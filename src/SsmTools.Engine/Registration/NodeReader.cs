using System.Runtime.CompilerServices;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Provisioning;
using SsmTools.Engine.Survey;
using Instance = SsmTools.Engine.Aws.Ec2.Instance;

namespace SsmTools.Engine.Registration;

/// <summary>One look at any number of nodes, streamed in windows so that memory stays the same.</summary>
internal sealed class NodeReader(AwsContext context, TimeProvider timeProvider)
{
    /// <summary>What DescribeInstanceInformation takes and gives at a time.</summary>
    public const int PageSize = 50;

    /// <summary>What DescribeInstances takes at a time.</summary>
    public const int WindowSize = 1000;

    private readonly InstanceFacts _facts = new(context);
    private Obstacle? _obstacle;

    /// <summary>Whether a caller who may not ask Systems Manager is told of nodes all the same, as far as EC2 knows them.</summary>
    public bool ToleratesDenial { get; init; }

    /// <summary>Looks at each node.</summary>
    public async IAsyncEnumerable<NodeSnapshot> ReadAsync(
        IEnumerable<string> ids,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (string[] window in ids.Chunk(WindowSize))
        {
            IReadOnlyDictionary<string, Instance> instances =
                await _facts.ReadAsync(window, cancellationToken).ConfigureAwait(false);
            foreach (string[] page in window.Chunk(PageSize))
            {
                Dictionary<string, InstanceInformation> known =
                    await ReadPageAsync(Array.FindAll(page, NodeIds.IsNode), cancellationToken).ConfigureAwait(false);
                foreach (string id in page)
                {
                    yield return Snapshot(id, known.GetValueOrDefault(id), instances.GetValueOrDefault(id));
                }
            }
        }
    }

    private NodeSnapshot Snapshot(string id, InstanceInformation? information, Instance? instance) =>
        NodeSnapshot.Of(id, information, instance, _facts.Denied, context.Region, timeProvider.GetUtcNow()) with
        {
            Information = information,
            Instance = instance,
            IsEc2Denied = _facts.Denied,
            InformationObstacle = _obstacle,
        };

    private async Task<Dictionary<string, InstanceInformation>> ReadPageAsync(
        string[] ids,
        CancellationToken cancellationToken)
    {
        Dictionary<string, InstanceInformation> known = [];
        if (ids.Length == 0 || _obstacle is not null)
        {
            return known;
        }

        DescribeInstanceInformationRequest request = new()
        {
            Filters = [new InstanceInformationStringFilter { Key = "InstanceIds", Values = [.. ids] }],
            MaxResults = PageSize,
        };
        try
        {
            List<InstanceInformation> found = await ServiceCall.ListAsync(
                token => context.Ssm.DescribeInstanceInformationItemsAsync(request, token),
                ids.Length == 1 ? ids[0] : null,
                cancellationToken).ConfigureAwait(false);
            foreach (InstanceInformation information in found)
            {
                known[information.InstanceId!] = information;
            }
        }
        catch (EngineException exception) when (ToleratesDenial && exception.Kind == ErrorKind.PermissionDenied)
        {
            _obstacle = Obstacle.Denied("ssm:DescribeInstanceInformation");
        }

        return known;
    }
}
