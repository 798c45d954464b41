using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
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
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Says whether instances are registered with Systems Manager, and why not, or waits until they are.</summary>
[Cmdlet(VerbsDiagnostic.Test, "SsmRegistration", DefaultParameterSetName = "State")]
[OutputType(typeof(SsmRegistration), ParameterSetName = ["State", "Wait"])]
[OutputType(typeof(bool), ParameterSetName = ["State", "Wait"])]
public sealed class TestSsmRegistrationCommand : AwsCmdlet
{
    private readonly PendingTargets _pending = new();
    private bool _allRegistered = true;
    private bool _any;
    private long _waitBegan;

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Target", "Id")]
    [SsmTargetTransformation]
    [ArgumentCompleter(typeof(TargetCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public SsmTargetParameter[] InstanceId { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = "Wait")]
    public SwitchParameter Wait { get; set; }

    [Parameter(ParameterSetName = "Wait")]
    [Duration]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(10);

    [Parameter]
    public SwitchParameter Detailed { get; set; }

    [Parameter]
    public SwitchParameter Quiet { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        if (Wait)
        {
            _pending.Add(GetContext(), InstanceId);
            return;
        }

        await _pending.AddAsync(
            GetContext(), InstanceId, (context, targets) => ResolveAndTestAsync(context, targets, cancellationToken));
    }

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        await _pending.HandOnRestAsync(
            emptyIsAll: false, (context, targets) => ResolveAndTestAsync(context, targets, cancellationToken));
        if (Quiet)
        {
            WriteObject(_any && _allRegistered);
        }
    }

    private async Task ResolveAndTestAsync(
        AwsContext context, IReadOnlyList<string> targets, CancellationToken cancellationToken)
    {
        (string[] ids, bool isWhole) = await ResolveAsync(context, targets, cancellationToken);
        _allRegistered &= isWhole;
        if (ids.Length > 0)
        {
            await TestAsync(context, ids, cancellationToken);
        }
    }

    private async Task TestAsync(AwsContext context, string[] ids, CancellationToken cancellationToken)
    {
        using ProgressLine line = new(this, "Awaiting registration");
        Progress<RegistrationProgress> progress = new(line.Report);
        Doctor doctor = new(context);
        _waitBegan = Stopwatch.GetTimestamp();
        HashSet<string> awaited = new(ids, StringComparer.Ordinal);
        try
        {
            if (Quiet && !Wait)
            {
                await foreach (NodeRegistration node in new RegistrationProbe(context).TestAsync(ids, cancellationToken))
                {
                    Write(node.ToOutput());
                }

                return;
            }

            IAsyncEnumerable<NodeDiagnosis> nodes = Wait
                ? doctor.WaitAsync(ids, Timeout, Detailed, progress, cancellationToken)
                : doctor.TestAsync(ids, Detailed, cancellationToken);
            await foreach (NodeDiagnosis node in nodes.WithCancellation(cancellationToken))
            {
                awaited.Remove(node.Node.InstanceId);
                Write(node.ToOutput());
            }
        }
        catch (EngineException e)
        {
            _allRegistered = false;
            Report(e, Label(ids));
        }
        catch (OperationCanceledException) when (Wait && Stopping)
        {
            SayWhatRuns(awaited);
            throw;
        }
    }

    /// <summary>In a pipeline that starts instances nobody has seen their ids yet, and they go on costing.</summary>
    private void SayWhatRuns(HashSet<string> ids)
    {
        string named = Label(ids) + (ids.Count > 3 ? ", ..." : "");

        // A stopped pipeline takes no more warnings; the host does.
        Host.UI?.WriteWarningLine(string.Format(
            CultureInfo.CurrentCulture,
            "Stopped waiting for {0}, which stays as it is. To go on: Test-SsmRegistration {1} -Wait",
            named,
            ids.Count > 3 ? "<id>" : named));
    }

    private void Write(SsmRegistration node)
    {
        _any = true;
        _allRegistered &= node.Registered;
        if (Quiet)
        {
            return;
        }

        if (Wait && !node.Registered)
        {
            WriteError(RegistrationErrors.Of(node, Stopwatch.GetElapsedTime(_waitBegan) >= Timeout));
        }

        WriteObject(node);
    }
}
