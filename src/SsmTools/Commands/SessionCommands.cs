using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Engine;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Sessions;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>A command in a session on each node, as a pipeline shows it: text while it runs, an object at its end.</summary>
internal sealed class SessionCommands(AwsCmdlet cmdlet, FleetCommandOptions command)
{
    /// <summary>Runs it everywhere.</summary>
    internal async Task RunAsync(
        IReadOnlyList<(AwsContext Context, string[] Nodes)> all, CancellationToken cancellationToken)
    {
        CommandLines lines = new(cmdlet, isLabelled: all.Sum(one => one.Nodes.Length) > 1);
        foreach ((AwsContext context, string[] nodes) in all)
        {
            try
            {
                await RunAsync(context, nodes, lines, cancellationToken);
            }
            catch (EngineException e)
            {
                cmdlet.Report(e, AwsCmdlet.Label(nodes));
            }
        }
    }

    private async Task RunAsync(AwsContext context, string[] nodes, CommandLines lines, CancellationToken cancellationToken)
    {
        using ProgressLine line = new(cmdlet, cmdlet.MyInvocation.MyCommand.Name);
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
            cmdlet.Report(failure, one.Target);
        }
        else if (one.Result is { } result)
        {
            cmdlet.WriteObject(result.ToOutput(one.Name));
            if (result.Status == CommandStatus.Incomplete)
            {
                cmdlet.WriteError(ErrorRecords.Create(
                    ErrorIds.CommandIncomplete, ErrorCategory.OperationStopped, one.Target, one.Target, result.Reason));
            }
        }
    }
}
