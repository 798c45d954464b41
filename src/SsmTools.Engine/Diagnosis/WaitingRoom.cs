using SsmTools.Engine.Aws;
using SsmTools.Engine.Registration;

namespace SsmTools.Engine.Diagnosis;

/// <summary>
/// Examines nodes while they are waited for: soon after the beginning, then ever less often. What fails twice in a row,
/// some time apart, and does not mend by itself makes waiting pointless; once would not do, since what was made a moment
/// ago may not be seen yet.
/// </summary>
internal sealed class WaitingRoom(AwsContext context, TimeProvider timeProvider) : IWaitingRoom
{
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_apart = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, NodeSnapshot> _snapshots = [];
    private readonly Dictionary<string, (string Failure, TimeSpan Since)> _failures = [];
    private readonly Dictionary<string, IReadOnlyList<Finding>> _findings = [];
    private readonly RegionSearch _regions = new(context);
    private TimeSpan _next = s_first;
    private TimeSpan _pause = s_apart;

    /// <inheritdoc/>
    public void Note(NodeSnapshot snapshot) => _snapshots[snapshot.Node.InstanceId] = snapshot;

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, (NodeRegistration Node, bool IsHopeless)>> VisitAsync(
        IReadOnlyList<string> ids, TimeSpan elapsed, bool isLast, CancellationToken cancellationToken)
    {
        Dictionary<string, (NodeRegistration Node, bool IsHopeless)> seen = [];
        if (elapsed < _next && !isLast)
        {
            return seen;
        }

        _next = elapsed + _pause;
        _pause = _pause * 2 < s_longest ? _pause * 2 : s_longest;
        foreach (NodeDiagnosis diagnosis in await ExamineAsync(ids, isDetailed: false, cancellationToken).ConfigureAwait(false))
        {
            string id = diagnosis.Node.InstanceId;
            _findings[id] = diagnosis.Findings;
            seen[id] = (diagnosis.Node, IsHopeless(id, diagnosis.FirstFailure, elapsed));
        }

        return seen;
    }

    /// <summary>What was found of a node, now or when it was last seen to.</summary>
    public async Task<NodeDiagnosis> DescribeAsync(NodeRegistration node, bool isDetailed, CancellationToken cancellationToken)
    {
        if (node.Registered ? !isDetailed : _findings.ContainsKey(node.InstanceId) || !_snapshots.ContainsKey(node.InstanceId))
        {
            return new NodeDiagnosis
            {
                Node = node,
                Findings = node.Registered ? [] : _findings.GetValueOrDefault(node.InstanceId) ?? [],
            };
        }

        IReadOnlyList<NodeDiagnosis> one =
            await ExamineAsync([node.InstanceId], isDetailed, cancellationToken).ConfigureAwait(false);
        return new NodeDiagnosis { Node = node, Findings = one[0].Findings };
    }

    /// <summary>Whether a failure goes away by itself, or by what may be under way already.</summary>
    private static bool MayPass(Finding failure) => failure.Cause is null
        or FindingCause.AgentSleeps or FindingCause.StatusImpaired or FindingCause.AgentNotRunning
        or FindingCause.SessionEndpointMissing
        or FindingCause.EndpointNotAvailable { State: "pending" or "Pending" }
        or FindingCause.InstanceNotRunning { State: "pending" or "stopping" };

    private bool IsHopeless(string id, Finding? failure, TimeSpan elapsed)
    {
        if (failure is null || MayPass(failure))
        {
            _failures.Remove(id);
            return false;
        }

        // Words rather than causes: a cause holds lists, which are compared by their identity.
        string what = $"{failure.Check}: {failure.Because}";
        if (_failures.TryGetValue(id, out (string Failure, TimeSpan Since) before) && before.Failure == what)
        {
            return elapsed - before.Since >= s_apart;
        }

        _failures[id] = (what, elapsed);
        return false;
    }

    // Each visit looks anew: somebody may be mending what the last one found.
    private Task<IReadOnlyList<NodeDiagnosis>> ExamineAsync(
        IReadOnlyList<string> ids, bool isDetailed, CancellationToken cancellationToken) => Doctor.ExamineAsync(
            [.. ids.Where(_snapshots.ContainsKey).Select(id => _snapshots[id])],
            new SceneReader(context, timeProvider),
            isDetailed,
            _regions,
            cancellationToken);
}
