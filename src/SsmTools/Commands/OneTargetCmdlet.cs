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
using SsmTools.Engine.Choosing;
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
    private protected async Task<TargetCandidate?> ChooseAsync(CancellationToken cancellationToken)
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

        WantedTarget[] wanted = _targets
            .Select(one => new WantedTarget(one.Context, one.Target.Value, one.Target.IsWindows)).ToArray();
        IReadOnlyList<TargetCandidate> found = await ShowWaitAsync(TargetCandidates.FindAsync(wanted, cancellationToken));
        return found.Count == 1 ? found[0] : await ChooseOfAsync(chooser, found, cancellationToken);
    }

    private async Task<TargetCandidate?> ChooseOfAllAsync(NodeChooser chooser, CancellationToken cancellationToken)
    {
        if (chooser.CanAsk)
        {
            AwsContext context = GetContext();
            IReadOnlyList<NodeRegistration> nodes = await ShowWaitAsync(TargetCandidates.ListAsync(context, cancellationToken));
            if (nodes.Count == 0)
            {
                ThrowTerminatingError(ErrorRecords.Create(
                    ErrorIds.NothingRegistered, ErrorCategory.ObjectNotFound, context.Region, context.Region));
            }

            if (chooser.TryAsk(nodes, out NodeRegistration? chosen))
            {
                return chosen is null ? null : TargetCandidates.Of(context, chosen);
            }
        }

        string command = MyInvocation.MyCommand.Name;
        ThrowTerminatingError(ErrorRecords.Create(
            ErrorIds.NoTarget, ErrorCategory.InvalidArgument, command, command));
        return null;
    }

    private async Task<TargetCandidate?> ChooseOfAsync(
        NodeChooser chooser, IReadOnlyList<TargetCandidate> found, CancellationToken cancellationToken)
    {
        if (chooser.CanAsk)
        {
            IReadOnlyList<NodeRegistration> nodes = await ShowWaitAsync(TargetCandidates.DescribeAsync(found, cancellationToken));
            if (chooser.TryAsk(nodes, out NodeRegistration? chosen))
            {
                return chosen is null
                    ? null
                    : TargetCandidates.Of(found.First(one => one.Node.InstanceId == chosen.InstanceId).Context, chosen);
            }
        }

        RefuseSeveral(found.Select(one => one.Node.InstanceId).ToArray(), found.Select(one => one.Label));
        return null;
    }

    private void RefuseSeveral(string[] targets, IEnumerable<string> labels)
    {
        string all = string.Join(", ", labels.Take(5)) + (targets.Length > 5 ? ", ..." : "");
        ThrowTerminatingError(ErrorRecords.Create(
            ErrorIds.SeveralTargets, ErrorCategory.InvalidArgument, targets, targets.Length, all, targets[0], MyInvocation.MyCommand.Name));
    }
}
