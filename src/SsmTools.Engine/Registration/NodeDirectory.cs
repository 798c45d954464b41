using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Provisioning;
using Instance = SsmTools.Engine.Aws.Ec2.Instance;

namespace SsmTools.Engine.Registration;

/// <summary>All nodes of an account in a region.</summary>
public sealed class NodeDirectory
{
    private readonly AwsContext _context;

    /// <summary>Creates the directory; nothing is read yet.</summary>
    /// <param name="context">Credentials, region and endpoints.</param>
    public NodeDirectory(AwsContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
    }

    /// <summary>
    /// What Systems Manager and EC2 know now, in one pass over each, side by side: fifty nodes and a thousand instances a
    /// call. Instances that are gone are left out, those that never registered are not. Where EC2 may not be asked, nodes
    /// have neither state nor Name tag.
    /// </summary>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <returns>Each node once, in no order.</returns>
    /// <exception cref="EngineException">What the service refused.</exception>
    public async Task<IReadOnlyList<NodeRegistration>> ListAsync(CancellationToken cancellationToken)
    {
        Task<List<InstanceInformation>> asking = ServiceCall.ListAsync(
            token => _context.Ssm.DescribeInstanceInformationItemsAsync(
                new DescribeInstanceInformationRequest { MaxResults = NodeReader.PageSize }, token),
            null,
            cancellationToken);
        Dictionary<string, Instance>? instances = null;
        try
        {
            instances = await ServiceCall.TryAsync(ListInstancesAsync, null, ServiceCodes.Denied, cancellationToken)
                .ConfigureAwait(false);
        }
        finally
        {
            // Whatever EC2 said, this one is not left behind alone.
            await ((Task)asking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        DateTimeOffset now = _context.Time.GetUtcNow();
        Dictionary<string, InstanceInformation> agents = [];
        foreach (InstanceInformation agent in await asking.ConfigureAwait(false))
        {
            agents[agent.InstanceId!] = agent;
        }

        return
        [
            .. agents.Keys.Union(instances is null ? [] : instances.Keys)
                .Select(id => NodeSnapshot.Of(
                    id,
                    agents.GetValueOrDefault(id),
                    instances?.GetValueOrDefault(id),
                    instances is null,
                    _context.Region,
                    now))
                .Where(node => !IsGone(node.Node, instances))
                .Select(node => node.Node),
        ];
    }

    // Systems Manager lists a node for a while after its instance is gone. What it hears of and EC2 never did is a node
    // that brought an id of its own.
    private static bool IsGone(NodeRegistration node, Dictionary<string, Instance>? instances) =>
        instances is not null && NodeIds.IsInstance(node.InstanceId)
        && (instances.TryGetValue(node.InstanceId, out Instance? instance) ? InstanceReader.IsGone(instance) : !node.Registered);

    private async Task<Dictionary<string, Instance>> ListInstancesAsync(CancellationToken cancellationToken)
    {
        DescribeInstancesRequest request = new() { MaxResults = NodeReader.WindowSize };
        Dictionary<string, Instance> instances = [];
        await foreach (Instance instance in
            InstanceReader.StreamAsync(_context, request, cancellationToken).ConfigureAwait(false))
        {
            instances[instance.InstanceId!] = instance;
        }

        return instances;
    }
}
