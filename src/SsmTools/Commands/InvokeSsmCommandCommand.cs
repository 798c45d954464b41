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
using SsmTools.Engine.Sessions;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Runs a command on instances and returns what it wrote and how it ended.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "SsmCommand", DefaultParameterSetName = "Session")]
[OutputType(typeof(SsmCommandResult), ParameterSetName = ["Session"])]
public sealed class InvokeSsmCommandCommand : AwsCmdlet
{
    private readonly Dictionary<AwsContext, List<string>> _targets = [];

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Target", "Id")]
    [SsmTargetTransformation]
    [ArgumentCompleter(typeof(SessionTargetCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public SsmTargetParameter[] InstanceId { get; set; } = [];

    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Command { get; set; } = "";

    [Parameter(Mandatory = true, ParameterSetName = "Session")]
    public SwitchParameter Session { get; set; }

    [Parameter(ParameterSetName = "Session")]
    [ArgumentCompleter(typeof(SessionDocumentCompleter))]
    [ValidateNotNullOrEmpty]
    public string DocumentName { get; set; } = CommandSessionOptions.DefaultDocument;

    // Not by property name: what Test-SsmRegistration returns has a Reason too, and it is another one.
    [Parameter(ParameterSetName = "Session")]
    [ValidateLength(1, 256)]
    public string? Reason { get; set; }

    [Parameter(ParameterSetName = "Session")]
    [ValidateRange(1, 1000)]
    public int ThrottleLimit { get; set; } = 16;

    [Parameter(ParameterSetName = "Session")]
    [Duration]
    public TimeSpan ReconnectTimeout { get; set; } = TimeSpan.FromMinutes(10);

    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        AwsContext context = GetContext();
        if (!_targets.TryGetValue(context, out List<string>? targets))
        {
            _targets.Add(context, targets = []);
        }

        foreach (SsmTargetParameter target in InstanceId)
        {
            if (target.NotRegisteredBecause is { } reason)
            {
                WriteError(ErrorRecords.Create(
                    ErrorIds.NotRegistered, ErrorCategory.ResourceUnavailable, target.Value, target.Value, reason));
            }
            else
            {
                targets.Add(target.Value);
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>Only when the pipeline has ended are all nodes known, so that they can take turns.</summary>
    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        FleetCommandOptions command = new()
        {
            Command = Command,
            DocumentName = DocumentName,
            Reason = Reason,
            ThrottleLimit = ThrottleLimit,
            ReconnectTimeout = ReconnectTimeout,
        };
        List<(AwsContext Context, string[] Nodes)> all = [];
        foreach ((AwsContext context, List<string> targets) in _targets)
        {
            all.Add((context, await ResolveAsync(context, targets, cancellationToken)));
        }

        CommandLines lines = new(this, isLabelled: all.Sum(one => one.Nodes.Length) > 1);
        foreach ((AwsContext context, string[] nodes) in all)
        {
            try
            {
                await RunAsync(context, nodes, command, lines, cancellationToken);
            }
            catch (EngineException e)
            {
                Report(e, string.Join(", ", nodes.Take(3)));
            }
        }
    }

    private async Task<string[]> ResolveAsync(AwsContext context, List<string> targets, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<TargetMatch> matches = await ShowWaitAsync(
                new TargetResolver(context).ResolveManyAsync(targets.Distinct(StringComparer.Ordinal).ToArray(), cancellationToken));
            foreach (TargetMatch match in matches.Where(match => match.Error is not null))
            {
                Report(match.Error!, match.Target);
            }

            return matches.SelectMany(match => match.Nodes).Select(node => node.InstanceId).Distinct(StringComparer.Ordinal).ToArray();
        }
        catch (EngineException e)
        {
            Report(e, string.Join(", ", targets.Take(3)));
            return [];
        }
    }

    private async Task RunAsync(
        AwsContext context, string[] nodes, FleetCommandOptions command, CommandLines lines, CancellationToken cancellationToken)
    {
        using ProgressLine line = new(this, MyInvocation.MyCommand.Name);
        int done = 0;
        await foreach (FleetCommandEvent one in new FleetCommand(context).RunAsync(nodes, command, cancellationToken))
        {
            if (one.Text is { } text)
            {
                lines.Add(one.Target, one.Name, text);
                continue;
            }

            lines.End(one.Target, one.Name);
            done++;
            if (nodes.Length > 1)
            {
                line.Report($"{done} of {nodes.Length} nodes are done", 100 * done / nodes.Length);
            }

            Write(one);
        }
    }

    private void Write(FleetCommandEvent one)
    {
        if (one.Failure is { } failure)
        {
            Report(failure, one.Target);
        }
        else if (one.Result is { } result)
        {
            WriteObject(result.ToOutput(one.Name));
            if (result.Status == CommandStatus.Incomplete)
            {
                WriteError(ErrorRecords.Create(
                    ErrorIds.CommandIncomplete, ErrorCategory.OperationStopped, one.Target, one.Target, result.Reason));
            }
        }
    }
}
