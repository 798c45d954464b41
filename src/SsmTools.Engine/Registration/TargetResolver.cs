using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Registration;

/// <summary>From what a user calls a node to its id: an id stands for itself, anything else is a Name tag.</summary>
public sealed class TargetResolver
{
    private readonly AwsContext _context;

    /// <summary>Creates the resolver.</summary>
    /// <param name="context">Credentials, region and endpoints.</param>
    public TargetResolver(AwsContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
    }

    /// <summary>
    /// The ids of all nodes that a name stands for; an id costs no call. Names may contain the wildcards <c>*</c> and
    /// <c>?</c>. Terminated instances do not count.
    /// </summary>
    /// <param name="target">An id (<c>i-…</c>, <c>mi-…</c>) or the value of a Name tag.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="EngineException">TargetNotFound, or what the service refused.</exception>
    public async Task<IReadOnlyList<string>> ResolveAsync(string target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (NodeIds.IsNode(target))
        {
            return [target];
        }

        List<string>? instances = target.Length == 0 ? [] : await ServiceCall.TryAsync(
            token => InstanceReader.ListIdsAsync(_context, Named(target), token),
            target,
            ServiceCodes.Denied,
            cancellationToken).ConfigureAwait(false);
        if (instances is { Count: > 0 })
        {
            return instances;
        }

        List<string> nodes = target.Length == 0
            ? []
            : await FindNodesAsync(target, cancellationToken).ConfigureAwait(false);
        return nodes.Count > 0 ? nodes : throw new EngineException(
            "TargetNotFound",
            ErrorKind.ObjectNotFound,
            $"No instance or node in {_context.Region} is named '{target}'"
                + (instances is null ? " as far as can be seen: ec2:DescribeInstances is denied." : "."),
            "Give the Name tag of an instance that is not terminated, or an id (i-… or mi-…), and check the region.",
            target);
    }

    /// <summary>The id of the one node that a name stands for.</summary>
    /// <param name="target">An id (<c>i-…</c>, <c>mi-…</c>) or the value of a Name tag.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="EngineException">TargetNotFound, TargetAmbiguous, or what the service refused.</exception>
    public async Task<string> ResolveOneAsync(string target, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> ids = await ResolveAsync(target, cancellationToken).ConfigureAwait(false);
        return ids.Count == 1 ? ids[0] : throw new EngineException(
            "TargetAmbiguous",
            ErrorKind.InvalidArgument,
            $"'{target}' is the name of {ids.Count} instances: {RoleErrors.Some(ids)}.",
            $"Give the id of one of them, for example {ids[0]}.",
            target);
    }

    private static DescribeInstancesRequest Named(string name) => new()
    {
        Filters =
        [
            new Filter { Name = "tag:Name", Values = [name.Replace("\\", "\\\\", StringComparison.Ordinal)] },
            new Filter { Name = "instance-state-name", Values = ["pending", "running", "stopping", "stopped"] },
        ],
    };

    // Hybrid nodes are unknown to EC2. Systems Manager takes no wildcards, and may not know the filter at all.
    private async Task<List<string>> FindNodesAsync(string name, CancellationToken cancellationToken)
    {
        DescribeInstanceInformationRequest request = new()
        {
            Filters = [new InstanceInformationStringFilter { Key = "tag:Name", Values = [name] }],
            MaxResults = NodeReader.PageSize,
        };
        List<string>? found = await ServiceCall.TryAsync(
            async token =>
            {
                List<string> ids = [];
                await foreach (InstanceInformation node in
                    _context.Ssm.DescribeInstanceInformationItemsAsync(request, token).ConfigureAwait(false))
                {
                    ids.Add(node.InstanceId!);
                }

                return ids;
            },
            name,
            ["InvalidFilterKey", "InvalidInstanceInformationFilterValue", "ValidationException", .. ServiceCodes.Denied],
            cancellationToken).ConfigureAwait(false);
        return found ?? [];
    }
}
