using SsmTools.Engine.Aws;
using SsmTools.Engine.Sessions;

namespace SsmTools.Engine.Registration;

/// <summary>
/// Says why a session cannot be started on a node: the service has one word for a wrong id, an instance that is stopped,
/// an agent that never registered and one that is lost.
/// </summary>
internal static class NotConnected
{
    /// <summary>The error's id.</summary>
    public const string ErrorId = "TargetNotConnected";

    /// <summary>Asks whether a session could be started, without starting one.</summary>
    /// <exception cref="EngineException">It could not.</exception>
    public static async Task CheckAsync(AwsContext context, string target, CancellationToken cancellationToken)
    {
        SsmSessionApi api = new(context, new ShellSessionOptions { Target = target });
        if (await api.IsNodeConnectedAsync(cancellationToken).ConfigureAwait(false) == false)
        {
            throw await ExplainAsync(
                context,
                target,
                new EngineException(ErrorId, ErrorKind.ResourceUnavailable, $"{target} is not connected to Systems Manager.", null, target),
                cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Looks at the node once.</summary>
    /// <param name="context">Whom to ask.</param>
    /// <param name="target">The node's id.</param>
    /// <param name="refusal">What the service's answer was made of.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    /// <returns>The refusal with the reason in it; itself where none is to be had.</returns>
    public static async Task<EngineException> ExplainAsync(
        AwsContext context, string target, EngineException refusal, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (NodeSnapshot snapshot in
                new NodeReader(context, context.Time).ReadAsync([target], cancellationToken).ConfigureAwait(false))
            {
                return snapshot.Outlook == NodeOutlook.Unknown
                    && await FindElsewhereAsync(context, target, cancellationToken).ConfigureAwait(false) is { } region
                        ? Elsewhere(target, context.Region, region, refusal)
                        : Explain(snapshot, refusal);
            }
        }
        catch (EngineException)
        {
            // Who may start sessions need not have the right to look at nodes.
        }

        return refusal;
    }

    private static async Task<string?> FindElsewhereAsync(AwsContext context, string target, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, string> found =
            await new RegionSearch(context).FindAsync([target], cancellationToken).ConfigureAwait(false);
        return found.GetValueOrDefault(target);
    }

    private static EngineException Elsewhere(string target, string here, string there, EngineException refusal) => new(
        "TargetNotFound",
        ErrorKind.ObjectNotFound,
        $"A session with {target} cannot start: it is not in {here}, but in {there}.",
        $"Name the region: -Region {there}",
        target,
        refusal.InnerException);

    /// <summary>Puts what is known of the node into words.</summary>
    internal static EngineException Explain(NodeSnapshot snapshot, EngineException refusal)
    {
        NodeRegistration node = snapshot.Node;
        string label = node.Name is { Length: > 0 } name ? $"{node.InstanceId} ({name})" : node.InstanceId;
        string test = $"Test-SsmRegistration {node.InstanceId}";
        if (snapshot.Outlook == NodeOutlook.Unknown || (node.PingStatus is null && NodeIds.IsHybrid(node.InstanceId)))
        {
            return new EngineException(
                "TargetNotFound",
                ErrorKind.ObjectNotFound,
                $"A session with {label} cannot start: {node.Reason}.",
                "Check the id and the region (-Region), or give the name of the instance instead.",
                node.InstanceId,
                refusal.InnerException);
        }

        (string reason, string advice) = snapshot.Outlook switch
        {
            NodeOutlook.Registered => (
                "it is registered and its agent answers, but the agent has no connection for sessions",
                $"Check that the node reaches the ssmmessages endpoint on 443; an agent that has just started needs a moment more. {test}"),
            NodeOutlook.Hopeless => (node.Reason!, "It does not come back: choose another one."),
            _ when node.State is "stopped" => (node.Reason!, $"Start it, then wait for its agent: {test} -Wait"),
            _ when node.State is "stopping" => (node.Reason!, $"Start it once it has stopped, then wait for its agent: {test} -Wait"),
            _ => (node.Reason ?? "its agent does not answer", $"Mend what is named here, or wait for it: {test} -Wait"),
        };
        return new EngineException(
            ErrorId,
            ErrorKind.ResourceUnavailable,
            $"A session with {label} cannot start: {reason}.",
            advice,
            node.InstanceId,
            refusal.InnerException);
    }
}
