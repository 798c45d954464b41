using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Provisioning;
using Instance = SsmTools.Engine.Aws.Ec2.Instance;

namespace SsmTools.Engine.Registration;

/// <summary>Asks both services for nodes by their names, many names at a time.</summary>
internal sealed class NameLookup(AwsContext context)
{
    private static readonly Filter s_alive =
        new() { Name = "instance-state-name", Values = ["pending", "running", "stopping", "stopped"] };

    /// <summary>Whether the caller may not ask EC2.</summary>
    public bool IsDenied { get; private set; }

    /// <summary>Asks EC2, which takes two hundred names at a time.</summary>
    public async Task SearchInstancesAsync(TargetSearch search, CancellationToken cancellationToken)
    {
        foreach (string[] values in search.FilterValues.Chunk(InstanceReader.FilterValues))
        {
            DescribeInstancesRequest request = new()
            {
                Filters = [new Filter { Name = "tag:Name", Values = [.. values] }, s_alive],
            };
            foreach (Instance instance in await ListInstancesAsync(request, values[0], cancellationToken).ConfigureAwait(false))
            {
                bool isWindows = string.Equals(instance.Platform, "windows", StringComparison.OrdinalIgnoreCase);
                search.Add(new TargetNode(instance.InstanceId!, InstanceReader.TagOf(instance, "Name"), isWindows));
            }
        }
    }

    /// <summary>
    /// Asks Systems Manager for the nodes that EC2 does not know. Their names cannot be filtered by, so all are listed,
    /// fifty a call; most accounts have none.
    /// </summary>
    public async Task SearchNodesAsync(TargetSearch search, CancellationToken cancellationToken)
    {
        if (!search.GoesOn)
        {
            return;
        }

        foreach (InstanceInformation node in
            await ListNodesAsync("ResourceType", ["ManagedInstance"], cancellationToken).ConfigureAwait(false))
        {
            search.Add(Of(node, node.Name));
        }

        // By tag nodes of both sorts are found, but not which of the names is theirs: told apart only if there are any.
        foreach (string[] names in search.MissingNames.ToArray().Chunk(NodeReader.PageSize))
        {
            List<InstanceInformation> tagged = await ListNodesAsync("tag:Name", names, cancellationToken).ConfigureAwait(false);
            foreach (string name in tagged.Count == 0 ? [] : names)
            {
                foreach (InstanceInformation node in names.Length == 1
                    ? tagged
                    : await ListNodesAsync("tag:Name", [name], cancellationToken).ConfigureAwait(false))
                {
                    search.Add(name, Of(node, name));
                }
            }
        }
    }

    /// <summary>Names that instances have, for suggestions: those of one page. Whatever fails, there are none.</summary>
    public async Task<IReadOnlyList<string>> ListSomeNamesAsync(CancellationToken cancellationToken)
    {
        if (IsDenied)
        {
            return [];
        }

        try
        {
            DescribeInstancesRequest request = new()
            {
                Filters = [new Filter { Name = "tag-key", Values = ["Name"] }, s_alive],
                MaxResults = NodeReader.WindowSize,
            };
            DescribeInstancesResponse response = await ServiceCall.RunAsync(
                token => context.Ec2.DescribeInstancesAsync(request, token), null, cancellationToken).ConfigureAwait(false);
            return
            [
                .. response.Reservations.SelectMany(reservation => reservation.Instances)
                    .Select(instance => InstanceReader.TagOf(instance, "Name")).OfType<string>(),
            ];
        }
        catch (EngineException)
        {
            return [];
        }
    }

    private static TargetNode Of(InstanceInformation node, string? name) =>
        new(node.InstanceId!, string.IsNullOrEmpty(name) ? null : name, node.PlatformType == PlatformType.Windows);

    private async Task<List<Instance>> ListInstancesAsync(
        DescribeInstancesRequest request, string target, CancellationToken cancellationToken)
    {
        if (IsDenied)
        {
            return [];
        }

        List<Instance>? instances = await ServiceCall.TryAsync(
            async token =>
            {
                List<Instance> found = [];
                await foreach (Instance instance in
                    InstanceReader.StreamAsync(context, request, token).ConfigureAwait(false))
                {
                    found.Add(instance);
                }

                return found;
            },
            target,
            ServiceCodes.Denied,
            cancellationToken).ConfigureAwait(false);
        IsDenied = instances is null;
        return instances ?? [];
    }

    // An account's Systems Manager may not know the filter, and the caller may not be allowed to ask it.
    private async Task<List<InstanceInformation>> ListNodesAsync(
        string key, string[] values, CancellationToken cancellationToken)
    {
        DescribeInstanceInformationRequest request = new()
        {
            Filters = [new InstanceInformationStringFilter { Key = key, Values = [.. values] }],
            MaxResults = NodeReader.PageSize,
        };
        return await ServiceCall.TryAsync(
            async token =>
            {
                List<InstanceInformation> found = [];
                await foreach (InstanceInformation node in
                    context.Ssm.DescribeInstanceInformationItemsAsync(request, token).ConfigureAwait(false))
                {
                    found.Add(node);
                }

                return found;
            },
            values[0],
            ["InvalidFilterKey", "InvalidInstanceInformationFilterValue", "ValidationException", .. ServiceCodes.Denied],
            cancellationToken).ConfigureAwait(false) ?? [];
    }
}
