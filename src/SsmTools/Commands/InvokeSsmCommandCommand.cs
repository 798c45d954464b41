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
    private readonly Dictionary<AwsContext, List<string>> _nodes = [];

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

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        AwsContext context = GetContext();
        TargetResolver resolver = new(context);
        if (!_nodes.TryGetValue(context, out List<string>? nodes))
        {
            _nodes.Add(context, nodes = []);
        }

        foreach (SsmTargetParameter target in InstanceId)
        {
            if (target.NotRegisteredBecause is { } reason)
            {
                WriteError(ErrorRecords.Create(
                    ErrorIds.NotRegistered, ErrorCategory.ResourceUnavailable, target.Value, target.Value, reason));
                continue;
            }

            try
            {
                nodes.AddRange(await ShowWaitAsync(resolver.ResolveAsync(target.Value, cancellationToken)));
            }
            catch (EngineException e)
            {
                Report(e, target.Value);
            }
        }
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
        bool areSeveral = _nodes.Values.SelectMany(nodes => nodes).Distinct(StringComparer.Ordinal).Skip(1).Any();
        foreach ((AwsContext context, List<string> nodes) in _nodes)
        {
            try
            {
                await RunAsync(context, nodes, command, new CommandLines(this, areSeveral), cancellationToken);
            }
            catch (EngineException e)
            {
                Report(e, string.Join(", ", nodes.Take(3)));
            }
        }
    }

    private async Task RunAsync(
        AwsContext context, List<string> nodes, FleetCommandOptions command, CommandLines lines, CancellationToken cancellationToken)
    {
        string[] distinct = nodes.Distinct(StringComparer.Ordinal).ToArray();
        using ProgressLine line = new(this, MyInvocation.MyCommand.Name);
        int done = 0;
        await foreach (FleetCommandEvent one in new FleetCommand(context).RunAsync(distinct, command, cancellationToken))
        {
            if (one.Text is { } text)
            {
                lines.Add(one.Target, one.Name, text);
                continue;
            }

            lines.End(one.Target, one.Name);
            done++;
            if (distinct.Length > 1)
            {
                line.Report($"{done} of {distinct.Length} nodes are done", 100 * done / distinct.Length);
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
