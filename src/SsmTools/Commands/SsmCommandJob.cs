using System;
using System.Collections.Generic;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Engine;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Commands;

namespace SsmTools.Commands;

/// <summary>A command that runs on while its shell does something else. Stopping the job calls the command off.</summary>
internal sealed class SsmCommandJob : Job
{
    private readonly CancellationTokenSource _stop = new();
    private readonly IReadOnlyList<(AwsContext Context, string[] Nodes)> _targets;
    private readonly RunCommandOptions _options;
    private readonly bool _passThru;
    private volatile string _status = "";
    private Task _carrying = Task.CompletedTask;

    /// <summary>Prepares it.</summary>
    /// <param name="line">The command as it was typed.</param>
    /// <param name="targets">The nodes, by account and region; the contexts are the job's from now on.</param>
    /// <param name="options">The command.</param>
    /// <param name="passThru">Whether commands that were sent are objects, too.</param>
    internal SsmCommandJob(
        string line, IReadOnlyList<(AwsContext Context, string[] Nodes)> targets, RunCommandOptions options, bool passThru)
        : base(line)
    {
        PSJobTypeName = "SsmCommand";
        _targets = targets;
        _options = options;
        _passThru = passThru;
    }

    /// <inheritdoc/>
    public override bool HasMoreData => Output.Count > 0 || Error.Count > 0;

    /// <inheritdoc/>
    public override string Location => _targets.Count == 0 ? "" : _targets[0].Context.Region;

    /// <inheritdoc/>
    public override string StatusMessage => _status;

    /// <inheritdoc/>
    public override void StopJob()
    {
        _stop.Cancel();
        _carrying.Wait();
    }

    /// <summary>Begins.</summary>
    internal void Start()
    {
        SetJobState(JobState.Running);
        Task<JobState> carrying = Task.Run(CarryAsync);
        _carrying = carrying;

        // Whoever hears of the end may dispose of the job then and there: nothing must be waited for any more.
        _ = carrying.ContinueWith(done => SetJobState(done.Result), TaskScheduler.Default);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stop.Cancel();
            _carrying.Wait();
            _stop.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task<JobState> CarryAsync()
    {
        JobState end = JobState.Completed;
        foreach ((AwsContext context, string[] nodes) in _targets)
        {
            try
            {
                await foreach (RunCommandEvent one in new RunCommand(context).RunAsync(nodes, _options, _stop.Token))
                {
                    Take(one);
                }
            }
            catch (OperationCanceledException)
            {
                end = JobState.Stopped;
            }
            catch (EngineException e)
            {
                Error.Add(ErrorRecords.From(e));
                end = JobState.Failed;
            }
            catch (Exception e)
            {
                // A defect must not leave somebody waiting for a job that never ends.
                Error.Add(ErrorRecords.Unexpected(e, "Invoke-SsmCommand"));
                end = JobState.Failed;
            }
            finally
            {
                context.Dispose();
            }
        }

        return end;
    }

    private void Take(RunCommandEvent one)
    {
        if (CommandReport.Output(one, _passThru) is { } output)
        {
            Output.Add(PSObject.AsPSObject(output));
        }

        if (CommandReport.Error(one) is { } error)
        {
            Error.Add(error);
        }

        if (one.Progress is { } progress)
        {
            _status = CommandReport.Text(progress);
        }
    }
}
