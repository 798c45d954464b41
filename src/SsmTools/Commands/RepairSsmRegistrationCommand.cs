using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Binding;
using SsmTools.Completion;
using SsmTools.Engine;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Diagnosis;
using SsmTools.Engine.Registration;
using SsmTools.Engine.Repair;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Mends what keeps instances from registering with Systems Manager.</summary>
[Cmdlet(VerbsDiagnostic.Repair, "SsmRegistration", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(SsmRegistration))]
public sealed class RepairSsmRegistrationCommand : PlanCmdlet
{
    private readonly Dictionary<AwsContext, List<string>> _pending = new();

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Target", "Id")]
    [SsmTargetTransformation]
    [ArgumentCompleter(typeof(TargetCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public SsmTargetParameter[] InstanceId { get; set; } = [];

    [Parameter]
    [ArgumentCompleter(typeof(InstanceProfileCompleter))]
    [ValidateNotNullOrEmpty]
    public string? InstanceProfileName { get; set; }

    [Parameter]
    public SwitchParameter Reboot { get; set; }

    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>Longer than an agent that was refused sleeps.</summary>
    [Parameter]
    [Duration]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(35);

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        AwsContext context = GetContext();
        if (!_pending.TryGetValue(context, out List<string>? targets))
        {
            _pending.Add(context, targets = []);
        }

        targets.AddRange(InstanceId.Select(target => target.Value));
        return Task.CompletedTask;
    }

    /// <summary>All nodes go into one plan, so that what they share is changed once.</summary>
    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        foreach ((AwsContext context, List<string> targets) in _pending)
        {
            string[] ids = await ResolveAsync(context, targets, cancellationToken);
            if (ids.Length > 0)
            {
                bool made = await RepairAsync(context, ids, cancellationToken);
                await WriteNodesAsync(context, ids, Wait && made, cancellationToken);
            }
        }
    }

    private async Task<string[]> ResolveAsync(AwsContext context, List<string> targets, CancellationToken cancellationToken)
    {
        List<string> ids = [];
        try
        {
            foreach (TargetMatch match in await ShowWaitAsync(
                new TargetResolver(context).ResolveManyAsync(targets, cancellationToken)))
            {
                ids.AddRange(match.Nodes.Select(node => node.InstanceId));
                if (match.Error is { } error)
                {
                    Report(error, match.Target);
                }
            }
        }
        catch (EngineException e)
        {
            Report(e, Label(targets));
        }

        return ids.Distinct(StringComparer.Ordinal).ToArray();
    }

    /// <returns>Whether all changes were made; false for -WhatIf, a failure, or a user who does not agree.</returns>
    private async Task<bool> RepairAsync(AwsContext context, string[] ids, CancellationToken cancellationToken)
    {
        RepairOptions options = new() { Reboot = Reboot, InstanceProfileName = InstanceProfileName };
        RegistrationRepair repair = new(context, options);
        IReadOnlyList<string>? left = ids;
        for (int round = 0; round < RegistrationRepair.MaxRounds && left is { Count: > 0 }; round++)
        {
            IReadOnlyList<string> asked = left;
            left = null;
            await ApplyAsync(stop => repair.PlanAsync(asked, stop), Label(asked), helped => left = helped, cancellationToken);
        }

        return left is not null;
    }

    private async Task WriteNodesAsync(AwsContext context, string[] ids, bool wait, CancellationToken cancellationToken)
    {
        if (!wait && !PassThru)
        {
            return;
        }

        Doctor doctor = new(context);
        long began = Stopwatch.GetTimestamp();
        using ProgressLine line = new(this, "Awaiting registration");
        Progress<RegistrationProgress> progress = new(state => line.Report(
            state.Waiting,
            state.Total == 0 ? -1 : 100 * (state.Total - state.Remaining) / state.Total,
            state.Timeout - state.Elapsed));
        IAsyncEnumerable<NodeDiagnosis> nodes = wait
            ? doctor.WaitAsync(ids, Timeout, false, progress, cancellationToken)
            : doctor.TestAsync(ids, false, cancellationToken);
        try
        {
            await foreach (NodeDiagnosis diagnosis in nodes.WithCancellation(cancellationToken))
            {
                if (wait && !diagnosis.Node.Registered)
                {
                    WriteError(NotRegistered(diagnosis.Node, isLate: Stopwatch.GetElapsedTime(began) >= Timeout));
                }

                WriteObject(diagnosis.ToOutput());
            }
        }
        catch (EngineException e)
        {
            Report(e, Label(ids));
        }
    }

    private static ErrorRecord NotRegistered(NodeRegistration node, bool isLate) => ErrorRecords.Create(
        isLate ? ErrorIds.RegistrationTimeout : ErrorIds.RegistrationImpossible,
        isLate ? ErrorCategory.OperationTimeout : ErrorCategory.ResourceUnavailable,
        node.InstanceId,
        node.InstanceId,
        node.Reason ?? "no reason is known");

    private static string Label(IReadOnlyList<string> targets) => string.Join(", ", targets.Take(3));
}
