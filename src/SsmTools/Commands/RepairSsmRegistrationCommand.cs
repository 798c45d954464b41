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
    private readonly PendingTargets _pending = new();

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
    public SwitchParameter IncludeWarning { get; set; }

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
        _pending.Add(GetContext(), InstanceId);
        return Task.CompletedTask;
    }

    /// <summary>All nodes go into one plan, so that what they share is changed once.</summary>
    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        foreach ((AwsContext context, IReadOnlyList<string> targets) in _pending.Rest())
        {
            (string[] ids, _) = await ResolveAsync(context, targets, cancellationToken);
            if (ids.Length > 0)
            {
                bool made = await RepairAsync(context, ids, cancellationToken);
                await WriteNodesAsync(context, ids, Wait && made, cancellationToken);
            }
        }
    }

    /// <returns>Whether all changes were made; false for -WhatIf, a failure, or a user who does not agree.</returns>
    private async Task<bool> RepairAsync(AwsContext context, string[] ids, CancellationToken cancellationToken)
    {
        RepairOptions options = new()
        {
            Reboot = Reboot,
            IncludeWarnings = IncludeWarning,
            InstanceProfileName = InstanceProfileName,
        };
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
        Progress<RegistrationProgress> progress = new(line.Report);
        IAsyncEnumerable<NodeDiagnosis> nodes = wait
            ? doctor.WaitAsync(ids, Timeout, false, progress, cancellationToken)
            : doctor.TestAsync(ids, false, cancellationToken);
        try
        {
            await foreach (NodeDiagnosis diagnosis in nodes.WithCancellation(cancellationToken))
            {
                SsmRegistration node = diagnosis.ToOutput();
                if (wait && !node.Registered)
                {
                    WriteError(RegistrationErrors.Of(node, Stopwatch.GetElapsedTime(began) >= Timeout));
                }

                WriteObject(node);
            }
        }
        catch (EngineException e)
        {
            Report(e, Label(ids));
        }
    }
}
