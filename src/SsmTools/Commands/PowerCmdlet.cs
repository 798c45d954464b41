using System;
using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Binding;
using SsmTools.Completion;
using SsmTools.Engine;
using SsmTools.Engine.Automation;
using SsmTools.Engine.Aws;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>What Start-SsmInstance and Stop-SsmInstance have in common: all but the state that they want.</summary>
public abstract class PowerCmdlet : PlanCmdlet
{
    private readonly PendingTargets _pending = new();

    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Target", "Id")]
    [SsmTargetTransformation]
    [ArgumentCompleter(typeof(TargetCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public SsmTargetParameter[] InstanceId { get; set; } = [];

    [Parameter]
    [Alias("Tags")]
    [ValidateNotNullOrEmpty]
    public Hashtable? Tag { get; set; }

    [Parameter]
    [NodeLimit(1)]
    public string MaxConcurrency { get; set; } = "10";

    [Parameter]
    [NodeLimit(0)]
    public string MaxErrors { get; set; } = "25%";

    [Parameter]
    [ArgumentCompleter(typeof(AutomationRoleCompleter))]
    [ValidateNotNullOrEmpty]
    public string? AutomationAssumeRole { get; set; }

    [Parameter]
    public SwitchParameter Wait { get; set; }

    [Parameter]
    [Duration]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(30);

    private protected abstract PowerAction Action { get; }

    private protected override Task BeginAsync(CancellationToken cancellationToken)
    {
        if (Tag is null && !IsGiven(nameof(InstanceId)))
        {
            string name = MyInvocation.MyCommand.Name;
            ThrowTerminatingError(ErrorRecords.Create(ErrorIds.NoInstanceNamed, ErrorCategory.InvalidArgument, name, name));
        }

        return Task.CompletedTask;
    }

    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        _pending.Add(GetContext(), InstanceId);
        return Task.CompletedTask;
    }

    /// <summary>Only when the pipeline has ended are all instances known, so that limits hold for all of them.</summary>
    private protected override Task EndAsync(CancellationToken cancellationToken) => _pending.HandOnRestAsync(
        emptyIsAll: !IsGiven(nameof(InstanceId)), (context, targets) => ChangeAsync(context, targets, cancellationToken));

    private async Task ChangeAsync(AwsContext context, IReadOnlyList<string> targets, CancellationToken cancellationToken)
    {
        PowerRequest request = new()
        {
            Action = Action,
            Targets = targets,
            Tags = TagTable.Read(Tag),
            MaxConcurrency = MaxConcurrency,
            MaxErrors = MaxErrors,
            AssumeRole = AutomationAssumeRole,
        };
        string label = targets.Count > 0 ? Label(targets) : context.Region;
        PowerRun? run = null;
        await ApplyAsync(
            async stop =>
            {
                PowerPlan plan = await new PowerPlanner(context).PlanAsync(request, stop);
                foreach (PowerOutcome outcome in plan.Unchanged)
                {
                    WriteObject(outcome.ToOutput());
                }

                return plan.Plan;
            },
            label,
            result => run = result,
            cancellationToken);
        if (run is not null)
        {
            await RunAsync(run, label, cancellationToken);
        }
    }

    private async Task RunAsync(PowerRun run, string label, CancellationToken cancellationToken)
    {
        using ProgressLine line = new(this, MyInvocation.MyCommand.Name);
        try
        {
            await foreach (PowerEvent one in run.RunAsync(Wait, Timeout, cancellationToken))
            {
                if (one.Outcome is { } outcome)
                {
                    WriteObject(outcome.ToOutput());
                    if (outcome.Error is { } error)
                    {
                        Report(error, outcome.InstanceId);
                    }
                }

                if (one.Progress is { } progress)
                {
                    string failed = progress.Failed > 0 ? $", {progress.Failed} failed" : "";
                    line.Report(
                        $"{progress.Done} of {progress.Total} instances are there{failed}; Ctrl-C stops before the next ones.",
                        100 * (progress.Done + progress.Failed) / Math.Max(1, progress.Total),
                        progress.Timeout - progress.Elapsed);
                }
            }
        }
        catch (EngineException e)
        {
            Report(e, label);
        }
    }
}
