using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Provisioning;
using Instance = SsmTools.Engine.Aws.Ec2.Instance;

namespace SsmTools.Engine.Automation;

/// <summary>
/// Looks how far runs are, in few calls whatever their number: the runs first, then what failed in them, then the states
/// at EC2. In that order an instance that is neither there nor failed when its run has ended had no turn.
/// </summary>
internal sealed class PowerWatch(AwsContext context, PowerAction action)
{
    /// <summary>A filter of Automation takes ten values.</summary>
    private const int FilterValues = 10;

    private readonly string _verb = PowerPlanner.Verb(action);
    private readonly string _wanted = action == PowerAction.Start ? "running" : "stopped";

    /// <summary>What is new since the last look.</summary>
    /// <param name="batches">The runs; what is told of is taken from them.</param>
    /// <param name="elapsed">How long it has taken.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    public async Task<IReadOnlyList<PowerOutcome>> LookAsync(
        IReadOnlyList<PowerBatch> batches, TimeSpan elapsed, CancellationToken cancellationToken)
    {
        List<PowerOutcome> outcomes = [];
        PowerBatch[] left = [.. batches.Where(batch => batch.Left.Count > 0)];
        foreach (PowerBatch[] some in left.Chunk(FilterValues))
        {
            await ReadRunsAsync(some, cancellationToken).ConfigureAwait(false);
            await ReadFailuresAsync(some, elapsed, outcomes, cancellationToken).ConfigureAwait(false);
        }

        Dictionary<string, Instance> now = await InstanceReader.FindAsync(
            context, left.SelectMany(batch => batch.Left.Keys), cancellationToken).ConfigureAwait(false);
        foreach (PowerBatch batch in left)
        {
            foreach (Instance instance in batch.Left.Values.ToArray())
            {
                string state = now.GetValueOrDefault(instance.InstanceId!)?.State?.Name ?? InstanceStateName.Terminated;
                batch.States[instance.InstanceId!] = state;
                if (Tell(batch, instance, state) is { } outcome)
                {
                    batch.Left.Remove(instance.InstanceId!);
                    outcomes.Add(outcome with { Duration = elapsed });
                }
            }
        }

        return outcomes;
    }

    private PowerOutcome? Tell(PowerBatch batch, Instance instance, string state)
    {
        if (state == _wanted)
        {
            return PowerRun.Of(instance, state, PowerStatus.Success, batch);
        }

        if (state is InstanceStateName.ShuttingDown or InstanceStateName.Terminated)
        {
            return PowerRun.Of(instance, state, PowerStatus.Failed, batch) with { Error = PowerErrors.Gone(instance, state, _verb) };
        }

        return batch.Ended is null or AutomationExecutionStatus.Success
            ? null
            : PowerRun.Of(instance, state, PowerStatus.NotStarted, batch) with
            {
                Error = PowerErrors.NotStarted(InstanceReader.Label(instance), instance.InstanceId!, _verb, batch.Ended),
            };
    }

    private async Task ReadRunsAsync(PowerBatch[] batches, CancellationToken cancellationToken)
    {
        foreach (AutomationExecutionMetadata run in await DescribeAsync(
            cancellationToken, new AutomationExecutionFilter { Key = "ExecutionId", Values = Ids(batches) }).ConfigureAwait(false))
        {
            if (run.AutomationExecutionStatus is AutomationExecutionStatus.Success or AutomationExecutionStatus.Failed
                or AutomationExecutionStatus.Cancelled or AutomationExecutionStatus.TimedOut
                && Array.Find(batches, batch => batch.ExecutionId == run.AutomationExecutionId) is { } ended)
            {
                ended.Ended = run.AutomationExecutionStatus;
            }
        }
    }

    private async Task ReadFailuresAsync(
        PowerBatch[] batches, TimeSpan elapsed, List<PowerOutcome> outcomes, CancellationToken cancellationToken)
    {
        foreach (AutomationExecutionMetadata part in await DescribeAsync(
            cancellationToken,
            new AutomationExecutionFilter { Key = "ParentExecutionId", Values = Ids(batches) },
            new AutomationExecutionFilter
            {
                Key = "ExecutionStatus",
                Values = [AutomationExecutionStatus.Failed, AutomationExecutionStatus.TimedOut, AutomationExecutionStatus.Cancelled],
            }).ConfigureAwait(false))
        {
            PowerBatch? batch = Array.Find(batches, one => one.ExecutionId == part.ParentAutomationExecutionId);
            if (batch is not null && part.Target is { } id && batch.Left.Remove(id, out Instance? instance))
            {
                outcomes.Add(PowerRun.Of(instance, instance.State?.Name, PowerStatus.Failed, batch) with
                {
                    Duration = elapsed,
                    Error = PowerErrors.Failed(InstanceReader.Label(instance), id, _verb, part.FailureMessage ?? part.AutomationExecutionStatus),
                });
            }
        }
    }

    private static List<string> Ids(PowerBatch[] batches) => [.. batches.Select(batch => batch.ExecutionId)];

    private Task<List<AutomationExecutionMetadata>> DescribeAsync(
        CancellationToken cancellationToken, params AutomationExecutionFilter[] filters) => ServiceCall.ListAsync(
            token => context.Ssm.DescribeAutomationExecutionsItemsAsync(
                new DescribeAutomationExecutionsRequest { Filters = [.. filters], MaxResults = 50 }, token),
            null,
            cancellationToken);
}
