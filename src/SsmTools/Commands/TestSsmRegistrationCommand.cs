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
    /// <summary>As many ids as the engine describes at a time: few calls, and memory that does not grow.</summary>
    private const int BatchSize = 1000;

    private readonly Dictionary<AwsContext, List<string>> _pending = new();
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
        AwsContext context = GetContext();
        if (!_pending.TryGetValue(context, out List<string>? targets))
        {
            _pending.Add(context, targets = []);
        }

        targets.AddRange(InstanceId.Select(target => target.Value));
        if (!Wait && targets.Count >= BatchSize)
        {
            await ResolveAndTestAsync(context, targets, cancellationToken);
            targets.Clear();
        }
    }

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        foreach ((AwsContext context, List<string> targets) in _pending)
        {
            if (targets.Count > 0)
            {
                await ResolveAndTestAsync(context, targets, cancellationToken);
            }
        }

        if (Quiet)
        {
            WriteObject(_any && _allRegistered);
        }
    }

    /// <summary>Many names are resolved at a time, since each call takes hundreds of them.</summary>
    private async Task ResolveAndTestAsync(AwsContext context, List<string> targets, CancellationToken cancellationToken)
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
                    _allRegistered = false;
                    Report(error, match.Target);
                }
            }
        }
        catch (EngineException e)
        {
            _allRegistered = false;
            Report(e, string.Join(", ", targets.Take(3)));
        }

        if (ids.Count > 0)
        {
            await TestAsync(context, ids, cancellationToken);
        }
    }

    private async Task TestAsync(AwsContext context, List<string> ids, CancellationToken cancellationToken)
    {
        using ProgressLine line = new(this, "Awaiting registration");
        Progress<RegistrationProgress> progress = new(state => Draw(line, state));
        Doctor doctor = new(context);
        _waitBegan = Stopwatch.GetTimestamp();
        string[] distinct = ids.Distinct(StringComparer.Ordinal).ToArray();
        HashSet<string> awaited = new(distinct, StringComparer.Ordinal);
        try
        {
            if (Quiet && !Wait)
            {
                await foreach (NodeRegistration node in new RegistrationProbe(context).TestAsync(distinct, cancellationToken))
                {
                    Write(node.ToOutput());
                }

                return;
            }

            IAsyncEnumerable<NodeDiagnosis> nodes = Wait
                ? doctor.WaitAsync(distinct, Timeout, Detailed, progress, cancellationToken)
                : doctor.TestAsync(distinct, Detailed, cancellationToken);
            await foreach (NodeDiagnosis node in nodes.WithCancellation(cancellationToken))
            {
                awaited.Remove(node.Node.InstanceId);
                Write(node.ToOutput());
            }
        }
        catch (EngineException e)
        {
            _allRegistered = false;
            Report(e, distinct.Length == 1 ? distinct[0] : string.Join(", ", distinct.Take(3)));
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
        string named = string.Join(", ", ids.Take(3)) + (ids.Count > 3 ? ", ..." : "");

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
            WriteError(NotRegistered(node));
        }

        WriteObject(node);
    }

    /// <summary>One that will not come any more is told of at once, the others when the time is over.</summary>
    private ErrorRecord NotRegistered(SsmRegistration node)
    {
        string reason = node.Reason ?? "no reason is known";
        ErrorRecord record = Stopwatch.GetElapsedTime(_waitBegan) < Timeout
            ? ErrorRecords.Create(
                ErrorIds.RegistrationImpossible,
                ErrorCategory.ResourceUnavailable,
                node.InstanceId,
                node.InstanceId,
                reason)
            : ErrorRecords.Create(
                ErrorIds.RegistrationTimeout,
                ErrorCategory.OperationTimeout,
                node.InstanceId,
                node.InstanceId,
                reason);
        if (node.Findings.FirstOrDefault(finding => finding.Status == "Fail") is { Fix: { } fix } failure)
        {
            record.ErrorDetails.RecommendedAction = failure.Command is null ? $"{fix}." : $"{fix}: {failure.Command}";
        }

        return record;
    }

    private static void Draw(ProgressLine line, RegistrationProgress state) => line.Report(
        state.Waiting,
        state.Total == 0 ? -1 : 100 * (state.Total - state.Remaining) / state.Total,
        state.Timeout - state.Elapsed);
}
