using SsmTools.Engine.Aws;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Registration;

/// <summary>
/// From what a user calls nodes to their ids: an id stands for itself, anything else is the value of a Name tag or the
/// name of a hybrid node.
/// </summary>
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
    /// The ids of all nodes that a name stands for; an id costs no call. Names may contain the wildcards <c>*</c>,
    /// <c>?</c> and <c>[a-z]</c>, and case does not count in such names. Terminated instances do not count.
    /// </summary>
    /// <param name="target">An id (<c>i-…</c>, <c>mi-…</c>) or a name.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="EngineException">TargetNotFound, or what the service refused.</exception>
    public async Task<IReadOnlyList<string>> ResolveAsync(string target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        TargetMatch match = (await ResolveManyAsync([target], cancellationToken).ConfigureAwait(false))[0];
        return match.Error is null ? [.. match.Nodes.Select(node => node.InstanceId)] : throw match.Error;
    }

    /// <summary>The id of the one node that a name stands for.</summary>
    /// <param name="target">An id (<c>i-…</c>, <c>mi-…</c>) or a name.</param>
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

    /// <summary>
    /// What each of the targets stands for, in few calls: ids cost none, two hundred names one. What EC2 does not have is
    /// looked for among the nodes that Systems Manager knows alone. Where EC2 may not be asked, a name is found only
    /// without wildcards.
    /// </summary>
    /// <param name="targets">Ids and names, as for <see cref="ResolveAsync"/>.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>One for each target, in their order.</returns>
    /// <exception cref="EngineException">What the service refused, for all of them.</exception>
    public async Task<IReadOnlyList<TargetMatch>> ResolveManyAsync(
        IReadOnlyList<string> targets, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(targets);
        TargetSearch search = new(targets.Where(target => target.Length > 0 && !NodeIds.IsNode(target)));
        NameLookup lookup = new(_context);
        if (search.Names.Count > 0)
        {
            await lookup.SearchInstancesAsync(search, cancellationToken).ConfigureAwait(false);
            await lookup.SearchNodesAsync(search, cancellationToken).ConfigureAwait(false);
        }

        IReadOnlyList<string> others = search.Missing.Any()
            ? await lookup.ListSomeNamesAsync(cancellationToken).ConfigureAwait(false)
            : [];
        return
        [
            .. targets.Select(target => NodeIds.IsNode(target)
                ? new TargetMatch { Target = target, Nodes = [new TargetNode(target, null, false)] }
                : search.Of(target) is { Count: > 0 } nodes
                ? new TargetMatch { Target = target, Nodes = nodes }
                : new TargetMatch { Target = target, Nodes = [], Error = NotFound(target, lookup.IsDenied, others) }),
        ];
    }

    private EngineException NotFound(string target, bool denied, IReadOnlyList<string> others)
    {
        IReadOnlyList<string> near = NearNames.Find(target, others);
        return new EngineException(
            "TargetNotFound",
            ErrorKind.ObjectNotFound,
            $"No instance or node in {_context.Region} is named '{target}'"
                + (denied ? " as far as can be seen: ec2:DescribeInstances is denied." : "."),
            (near.Count > 0 ? $"Is {string.Join(" or ", near.Select(name => $"'{name}'"))} meant? " : "")
                + "Give the Name tag of an instance that is not terminated, or an id (i-… or mi-… and 17 hexadecimal"
                + " digits), and check the region.",
            target);
    }
}
