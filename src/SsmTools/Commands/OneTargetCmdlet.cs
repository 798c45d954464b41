using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Binding;
using SsmTools.Completion;
using SsmTools.Engine;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Registration;

namespace SsmTools.Commands;

/// <summary>
/// Base of the cmdlets that need one node: where several are named, or none, the person at the console chooses.
/// </summary>
public abstract class OneTargetCmdlet : AwsCmdlet
{
    private readonly List<(SsmTargetParameter Target, AwsContext Context)> _targets = [];

    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Target", "Id")]
    [SsmTargetTransformation]
    [ArgumentCompleter(typeof(SessionTargetCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public SsmTargetParameter[] InstanceId { get; set; } = [];

    /// <summary>What was named, for errors; empty for nothing.</summary>
    private protected string Named =>
        string.Join(", ", _targets.Select(one => one.Target.Value).Distinct(StringComparer.Ordinal).Take(3));

    private protected sealed override Task ProcessAsync(CancellationToken cancellationToken)
    {
        if (InstanceId.Length > 0)
        {
            AwsContext context = GetContext();
            _targets.AddRange(InstanceId.Select(target => (target, context)));
        }

        return Task.CompletedTask;
    }

    /// <summary>The one node that is meant, and the way to its account; null where none is wanted.</summary>
    /// <exception cref="EngineException">TargetNotFound, or what the service refused.</exception>
    private protected async Task<(TargetNode Node, AwsContext Context)?> ChooseAsync(CancellationToken cancellationToken)
    {
        NodeChooser chooser = new(Host);
        if (_targets.Count == 0)
        {
            // A pipeline that brought nothing wants nothing.
            return MyInvocation.ExpectingInput ? null : await ChooseOfAllAsync(chooser, cancellationToken);
        }

        string[] names = _targets.Select(one => one.Target.Value).Distinct(StringComparer.Ordinal).ToArray();
        if (names.Length > 1 && !chooser.CanAsk)
        {
            RefuseSeveral(names, names);
        }

        if (names.Length == 1 && _targets[0].Target.NotRegisteredBecause is { } reason)
        {
            ThrowTerminatingError(ErrorRecords.Create(
                ErrorIds.NotRegistered, ErrorCategory.ResourceUnavailable, names[0], names[0], reason));
        }

        List<(TargetNode Node, AwsContext Context)> found = await ResolveAsync(cancellationToken);
        return found.Count == 1 ? found[0] : await ChooseOfAsync(chooser, found, cancellationToken);
    }

    private async Task<List<(TargetNode Node, AwsContext Context)>> ResolveAsync(CancellationToken cancellationToken)
    {
        List<(TargetNode Node, AwsContext Context)> found = [];
        foreach (IGrouping<AwsContext, SsmTargetParameter> group in _targets.GroupBy(one => one.Context, one => one.Target))
        {
            HashSet<string> windows = group.Where(target => target.IsWindows).Select(target => target.Value).ToHashSet();
            foreach (TargetMatch match in await ShowWaitAsync(new TargetResolver(group.Key).ResolveManyAsync(
                group.Select(target => target.Value).Distinct().ToArray(), cancellationToken)))
            {
                if (match.Error is { } error)
                {
                    throw error;
                }

                found.AddRange(match.Nodes.Select(node => (
                    node with { IsWindows = node.IsWindows || windows.Contains(match.Target) }, group.Key)));
            }
        }

        return found.DistinctBy(one => (one.Node.InstanceId, one.Context)).ToList();
    }

    private async Task<(TargetNode Node, AwsContext Context)?> ChooseOfAllAsync(
        NodeChooser chooser, CancellationToken cancellationToken)
    {
        if (chooser.CanAsk)
        {
            AwsContext context = GetContext();
            NodeRegistration[] nodes = (await ShowWaitAsync(new NodeDirectory(context).ListAsync(cancellationToken)))
                .Where(node => node.Registered).ToArray();
            if (nodes.Length == 0)
            {
                ThrowTerminatingError(ErrorRecords.Create(
                    ErrorIds.NothingRegistered, ErrorCategory.ObjectNotFound, context.Region, context.Region));
            }

            if (chooser.TryAsk(nodes, out NodeRegistration? chosen))
            {
                return chosen is null ? null : (Of(chosen), context);
            }
        }

        string command = MyInvocation.MyCommand.Name;
        ThrowTerminatingError(ErrorRecords.Create(
            ErrorIds.NoTarget, ErrorCategory.InvalidArgument, command, command));
        return null;
    }

    private async Task<(TargetNode Node, AwsContext Context)?> ChooseOfAsync(
        NodeChooser chooser, List<(TargetNode Node, AwsContext Context)> found, CancellationToken cancellationToken)
    {
        if (chooser.CanAsk)
        {
            List<NodeRegistration> nodes = [];
            Dictionary<NodeRegistration, AwsContext> contexts = [];
            foreach (IGrouping<AwsContext, string> group in found.GroupBy(one => one.Context, one => one.Node.InstanceId))
            {
                foreach (NodeRegistration node in await ShowWaitAsync(
                    new RegistrationProbe(group.Key).ListAsync(group.ToArray(), cancellationToken)))
                {
                    nodes.Add(node);
                    contexts[node] = group.Key;
                }
            }

            if (chooser.TryAsk(nodes, out NodeRegistration? chosen))
            {
                return chosen is null ? null : (Of(chosen), contexts[chosen]);
            }
        }

        RefuseSeveral(
            found.Select(one => one.Node.InstanceId).ToArray(),
            found.Select(one => one.Node.Name is null ? one.Node.InstanceId : $"{one.Node.InstanceId} ({one.Node.Name})"));
        return null;
    }

    private static TargetNode Of(NodeRegistration node) =>
        new(node.InstanceId, node.Name, node.PlatformType == "Windows");

    private void RefuseSeveral(string[] targets, IEnumerable<string> labels)
    {
        string all = string.Join(", ", labels.Take(5)) + (targets.Length > 5 ? ", ..." : "");
        ThrowTerminatingError(ErrorRecords.Create(
            ErrorIds.SeveralTargets, ErrorCategory.InvalidArgument, targets, targets.Length, all, targets[0], MyInvocation.MyCommand.Name));
    }
}
