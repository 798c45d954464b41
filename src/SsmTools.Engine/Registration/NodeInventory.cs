using System.Runtime.CompilerServices;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Provisioning;
using Instance = SsmTools.Engine.Aws.Ec2.Instance;

namespace SsmTools.Engine.Registration;

/// <summary>
/// Lists nodes, managed and unmanaged side by side, as the services' pages come: memory does not grow with their number.
/// One listing of one inventory at a time.
/// </summary>
public sealed class NodeInventory
{
    private readonly AwsContext _context;
    private readonly InstanceFacts _instances;
    private readonly AgentFacts _agents;
    private readonly SubnetTypes _subnets;
    private bool _ec2Denied;

    /// <summary>Creates the inventory; nothing is read yet.</summary>
    /// <param name="context">Credentials, region and endpoints.</param>
    public NodeInventory(AwsContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _instances = new InstanceFacts(context);
        _agents = new AgentFacts(context);
        _subnets = new SubnetTypes(context);
    }

    /// <summary>The actions that the caller was denied so far, so that what they tell is missing from the nodes.</summary>
    public IReadOnlyList<string> DeniedActions =>
    [
        .. new[]
        {
            _ec2Denied || _instances.Denied ? "ec2:DescribeInstances" : null,
            _agents.Refusal is not null ? AgentFacts.Action : null,
            _subnets.Denied ? SubnetTypes.Action : null,
        }.OfType<string>(),
    ];

    /// <summary>
    /// The nodes that fit. Without targets, EC2 is asked a thousand instances a call and Systems Manager for each fifty of
    /// them, then for the nodes that are no instances; where Systems Manager can filter better, it is asked first. What
    /// is asked for by name or id and is not there comes as a problem; that no name fits a wildcard in
    /// <see cref="NodeQuery.Names"/> is none.
    /// </summary>
    /// <param name="query">What is wanted.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="EngineException">
    /// AccessDenied where the caller may ask neither service, or not the one that the filters need; or what the service
    /// refused otherwise.
    /// </exception>
    public async IAsyncEnumerable<InventoryItem> ListAsync(
        NodeQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        HashSet<string> names = [.. query.Names.Where(name => !new NamePattern(name).HasWildcards)];
        IAsyncEnumerable<InventoryItem> found =
            query.Targets.Count > 0 ? ByTargetAsync(query, cancellationToken)
            : query.IsForSystemsManager ? FromAgentsAsync(query, InventoryFilters.ForSystemsManager(query), cancellationToken)
            : FromInstancesAsync(query, cancellationToken);
        await foreach (InventoryItem item in found.ConfigureAwait(false))
        {
            if (item.Node?.Name is { } name)
            {
                names.Remove(name);
            }

            yield return item;
        }

        if (_agents.Refusal is { } refusal && (query.NeedsSystemsManager || _ec2Denied || _instances.Denied))
        {
            throw refusal;
        }

        if (names.Count > 0 && query.Targets.Count == 0)
        {
            foreach (TargetMatch match in
                await new TargetResolver(_context).ResolveManyAsync([.. names], cancellationToken).ConfigureAwait(false))
            {
                // Where the name exists, another filter has left its nodes out.
                if (match.Error is { } error)
                {
                    yield return new InventoryItem(null, error);
                }
            }
        }
    }

    private async IAsyncEnumerable<InventoryItem> ByTargetAsync(
        NodeQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<string> ids = [];
        foreach (TargetMatch match in await new TargetResolver(_context)
            .ResolveManyAsync(query.Targets, cancellationToken).ConfigureAwait(false))
        {
            ids.AddRange(match.Nodes.Select(node => node.InstanceId));
            if (match.Error is { } error)
            {
                yield return new InventoryItem(null, error);
            }
        }

        RegionSearch regions = new(_context);
        foreach (string[] window in ids.Distinct(StringComparer.Ordinal).Chunk(NodeReader.WindowSize))
        {
            IReadOnlyDictionary<string, Instance> instances =
                await _instances.ReadAsync(window, cancellationToken).ConfigureAwait(false);
            foreach (string[] page in window.Chunk(NodeReader.PageSize))
            {
                Dictionary<string, InstanceInformation> agents =
                    await _agents.ReadAsync(page, cancellationToken).ConfigureAwait(false);
                IReadOnlyDictionary<string, string> elsewhere = _instances.Denied
                    ? new Dictionary<string, string>()
                    : await regions.FindAsync(
                        [.. page.Where(id => !instances.ContainsKey(id) && !agents.ContainsKey(id))], cancellationToken)
                        .ConfigureAwait(false);
                foreach (string id in page)
                {
                    Instance? instance = instances.GetValueOrDefault(id);
                    InstanceInformation? agent = agents.GetValueOrDefault(id);
                    if (instance is null && agent is null)
                    {
                        yield return new InventoryItem(null, NotFound(id, elsewhere));
                        continue;
                    }

                    InventoryNode node = await JoinAsync(id, instance, agent, cancellationToken).ConfigureAwait(false);
                    if (query.Fits(node, isNamed: true))
                    {
                        yield return new InventoryItem(node, null);
                    }
                }
            }
        }
    }

    private async IAsyncEnumerable<InventoryItem> FromInstancesAsync(
        NodeQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        DescribeInstancesRequest request = new() { Filters = InventoryFilters.ForEc2(query), MaxResults = NodeReader.WindowSize };
        IAsyncEnumerable<Instance> instances = ServiceCall.GuardAsync(
            InstanceReader.StreamAsync(_context, request, cancellationToken),
            query.NeedsEc2 ? null : _ => _ec2Denied = true,
            cancellationToken);
        await foreach (List<Instance> page in ServiceCall
            .InWindowsAsync(instances, NodeReader.PageSize, NodeReader.PageSize, cancellationToken).ConfigureAwait(false))
        {
            Dictionary<string, InstanceInformation> agents = await _agents
                .ReadAsync(page.ConvertAll(one => one.InstanceId!), cancellationToken).ConfigureAwait(false);
            foreach (Instance instance in page)
            {
                InventoryNode node = await JoinAsync(
                    instance.InstanceId!, instance, agents.GetValueOrDefault(instance.InstanceId!), cancellationToken)
                    .ConfigureAwait(false);
                if (query.Fits(node, isNamed: false))
                {
                    yield return new InventoryItem(node, null);
                }
            }
        }

        List<KeyValuePair<string, string[]>>? filters = InventoryFilters.ForHybrids(query, everything: _ec2Denied);
        if (query.MayBeHybrid && filters is not null)
        {
            await foreach (InventoryItem item in FromAgentsAsync(query, filters, cancellationToken).ConfigureAwait(false))
            {
                yield return item;
            }
        }
    }

    private async IAsyncEnumerable<InventoryItem> FromAgentsAsync(
        NodeQuery query,
        List<KeyValuePair<string, string[]>> filters,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The first window is one page, so that the first nodes come soon; the others fill a call to EC2.
        await foreach (List<InstanceInformation> window in ServiceCall
            .InWindowsAsync(
                _agents.StreamAsync(filters, cancellationToken), NodeReader.PageSize, NodeReader.WindowSize, cancellationToken)
            .ConfigureAwait(false))
        {
            IReadOnlyDictionary<string, Instance> instances = _ec2Denied
                ? new Dictionary<string, Instance>()
                : await _instances.ReadAsync(window.ConvertAll(one => one.InstanceId!), cancellationToken)
                    .ConfigureAwait(false);
            foreach (InstanceInformation agent in window)
            {
                InventoryNode node = await JoinAsync(
                    agent.InstanceId!, instances.GetValueOrDefault(agent.InstanceId!), agent, cancellationToken)
                    .ConfigureAwait(false);
                if (!IsLeftOver(node) && query.Fits(node, isNamed: false))
                {
                    yield return new InventoryItem(node, null);
                }
            }
        }
    }

    // Systems Manager lists a node for a while after its instance is gone.
    private bool IsLeftOver(InventoryNode node) =>
        node.Instance is null && !_ec2Denied && !_instances.Denied
        && NodeIds.IsInstance(node.InstanceId) && node.PingStatus != PingStatus.Online;

    private async ValueTask<InventoryNode> JoinAsync(
        string id,
        Instance? instance,
        InstanceInformation? agent,
        CancellationToken cancellationToken)
    {
        string? named = string.IsNullOrEmpty(agent?.Name) ? null : agent.Name;
        return new InventoryNode
        {
            InstanceId = id,
            Name = instance is null ? named : InstanceReader.TagOf(instance, "Name") ?? named,
            Instance = instance is null ? null : InstanceReader.Describe(instance),
            Managed = _agents.Refusal is not null ? null : agent is not null,
            PingStatus = agent?.PingStatus,
            LastPing = agent?.LastPingDateTime,
            AgentVersion = agent?.AgentVersion,
            AgentOutdated = !agent?.IsLatestVersion,
            PlatformType = agent?.PlatformType ?? (instance is null ? null : InstanceReader.PlatformOf(instance)),
            PlatformName = agent?.PlatformName,
            PlatformVersion = agent?.PlatformVersion,
            IpAddress = instance?.PrivateIpAddress ?? agent?.IPAddress,
            SubnetType = await _subnets.OfAsync(instance, cancellationToken).ConfigureAwait(false),
        };
    }

    private EngineException NotFound(string id, IReadOnlyDictionary<string, string> elsewhere) =>
        NodeIds.IsInstance(id) && !_instances.Denied ? UnknownInstance.Error(id, _context.Region, elsewhere) : new EngineException(
            UnknownInstance.ErrorId,
            ErrorKind.ObjectNotFound,
            NodeIds.IsHybrid(id)
                ? $"No node {id} is registered in {_context.Region}."
                : $"No instance {id} is registered in {_context.Region}; whether it exists cannot be told, since"
                    + " ec2:DescribeInstances is denied.",
            "Check the id and the region (-Region): ids are known in one region and account only.",
            id);
}
