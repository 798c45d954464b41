using System.Globalization;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Diagnosis;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Repair;

/// <summary>
/// Instances that are off are started; those whose agent sleeps are rebooted where the user allows it. Both come last: an
/// agent that comes up before all else is mended sleeps again.
/// </summary>
internal sealed class PowerPart(
    AwsContext context,
    RepairOptions options,
    IReadOnlyList<NodeDiagnosis> all,
    IReadOnlySet<string> hopeless,
    HashSet<string> restarted) : RepairPart
{
    private const int BatchSize = 100;

    private readonly List<string> _stopped = [];
    private readonly Dictionary<string, DateTimeOffset> _sleeping = new(StringComparer.Ordinal);
    private readonly List<string> _silent = [];

    /// <inheritdoc/>
    public override bool Take(NodeDiagnosis node, Finding finding)
    {
        switch (finding.Cause)
        {
            case FindingCause.InstanceNotRunning { State: InstanceStateName.Stopped } stopped:
                _stopped.Add(stopped.InstanceId);
                return true;
            case FindingCause.AgentSleeps sleeps:
                _sleeping[sleeps.InstanceId] = sleeps.Until;
                return true;
            case FindingCause.AgentNotRunning silent:
                _silent.Add(silent.InstanceId);
                return true;
            default:
                return false;
        }
    }

    /// <inheritdoc/>
    public override Task PlanAsync(RepairDraft draft, CancellationToken cancellationToken)
    {
        string[] start = [.. _stopped.Where(id => !hopeless.Contains(id))];
        string[] mended =
        [
            .. all.Select(one => one.Node).Where(node =>
                    !node.Registered && node.State == InstanceStateName.Running && draft.Mended.Contains(node.InstanceId))
                .Select(node => node.InstanceId).Where(id => !hopeless.Contains(id)),
        ];
        string[] asleep = [.. _sleeping.Keys.Where(id => IsLeft(id, mended))];
        string[] silent = [.. _silent.Where(id => IsLeft(id, mended) && !asleep.Contains(id))];
        foreach (string[] batch in start.Chunk(BatchSize))
        {
            Change(draft, batch, "Start", (ids, token) => context.Ec2.StartInstancesAsync(
                new StartInstancesRequest { InstanceIds = ids }, token));
        }

        if (options.Reboot)
        {
            foreach (string[] batch in mended.Concat(asleep).Concat(silent).Chunk(BatchSize))
            {
                Change(draft, batch, "Reboot", (ids, token) => context.Ec2.RebootInstancesAsync(
                    new RebootInstancesRequest { InstanceIds = ids }, token));
            }
        }
        else
        {
            Tell(draft, mended, asleep, silent);
        }

        return Task.CompletedTask;
    }

    private bool IsLeft(string id, string[] mended) =>
        !hopeless.Contains(id) && !mended.Contains(id) && !restarted.Contains(id);

    private void Change<T>(
        RepairDraft draft, string[] batch, string verb, Func<List<string>, CancellationToken, Task<T>> call)
    {
        string action = batch.Length == 1 ? $"{verb} the instance" : $"{verb} {batch.Length} instances";
        draft.Change(batch, RepairDraft.Some(batch), action, async token =>
        {
            await draft.SettleAsync(token).ConfigureAwait(false);
            await ServiceCall.RunAsync(
                inner => call([.. batch], inner), batch.Length == 1 ? batch[0] : null, token).ConfigureAwait(false);
            restarted.UnionWith(batch);
        });
    }

    private void Tell(RepairDraft draft, string[] mended, string[] asleep, string[] silent)
    {
        if (mended.Length > 0)
        {
            draft.Warnings.Add(
                $"{RepairDraft.Some(mended)}: an agent that was refused tries again after up to 30 minutes. -Reboot restarts"
                + " the instances, which ends the wait.");
        }

        if (silent.Length > 0)
        {
            draft.Warnings.Add(
                $"{RepairDraft.Some(silent)}: the agent was stopped, or the machine hangs. Start the agent there; or -Reboot"
                + " restarts the instance, and with it an agent that is enabled.");
        }

        foreach (IGrouping<string, string> group in asleep.GroupBy(id =>
            _sleeping[id].UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture)))
        {
            draft.Warnings.Add(
                $"{RepairDraft.Some(group)}: the agent was refused when it started and tries again by {group.Key} UTC."
                + " -Reboot restarts the instance, which ends the wait.");
        }
    }
}
