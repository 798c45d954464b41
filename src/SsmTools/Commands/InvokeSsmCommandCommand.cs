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
using SsmTools.Engine.Sessions;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Runs a command on instances and returns what it wrote and how it ended.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "SsmCommand", DefaultParameterSetName = "Session")]
[OutputType(typeof(SsmCommandResult), ParameterSetName = ["Session"])]
public sealed class InvokeSsmCommandCommand : AwsCmdlet
{
    private readonly PendingTargets _pending = new();

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
        foreach (SsmTargetParameter target in InstanceId.Where(target => target.NotRegisteredBecause is not null))
        {
            WriteError(ErrorRecords.Create(
                ErrorIds.NotRegistered, ErrorCategory.ResourceUnavailable, target.Value, target.Value, target.NotRegisteredBecause!));
        }

        _pending.Add(GetContext(), InstanceId.Where(target => target.NotRegisteredBecause is null));
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
        foreach ((AwsContext context, IReadOnlyList<string> targets) in _pending.Rest())
        {
            (string[] nodes, _) = await ResolveAsync(context, targets, cancellationToken);
            all.Add((context, nodes));
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
                Report(e, Label(nodes));
            }
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
