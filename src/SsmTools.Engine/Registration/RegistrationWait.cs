using System.Runtime.CompilerServices;

namespace SsmTools.Engine.Registration;

/// <summary>One poller for a batch of nodes: round after round over those that are still awaited.</summary>
internal sealed class RegistrationWait(
    NodeReader reader, TimeProvider timeProvider, Random random, IWaitingRoom? room = null)
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(10);

    // EC2 may not list an instance for some seconds after its launch: unknown is not believed before.
    private static readonly TimeSpan s_newborn = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, NodeRegistration> _last = [];
    private readonly Dictionary<string, string?> _reasons = [];
    private int _registered;
    private int _givenUp;

    /// <summary>Runs the wait.</summary>
    public async IAsyncEnumerable<NodeRegistration> RunAsync(
        IReadOnlyList<string> ids,
        TimeSpan timeout,
        IProgress<RegistrationProgress>? progress,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long start = timeProvider.GetTimestamp();
        List<string> waiting = [.. ids.Distinct()];
        int total = waiting.Count;
        TimeSpan pause = s_firstPause;
        while (waiting.Count > 0)
        {
            List<string> still = [];
            await foreach (NodeSnapshot snapshot in RoundAsync(waiting, cancellationToken).ConfigureAwait(false))
            {
                NodeRegistration node = snapshot.Node;
                room?.Note(snapshot);
                _last[node.InstanceId] = WithReason(node);
                if (!IsSettled(snapshot.Outlook, timeProvider.GetElapsedTime(start)))
                {
                    still.Add(node.InstanceId);
                    continue;
                }

                _last.Remove(node.InstanceId);
                _ = snapshot.Outlook == NodeOutlook.Registered ? _registered++ : _givenUp++;
                yield return node;
            }

            foreach (NodeRegistration node in
                await VisitAsync(still, timeProvider.GetElapsedTime(start), timeout, cancellationToken).ConfigureAwait(false))
            {
                yield return node;
            }

            waiting = still;
            TimeSpan elapsed = timeProvider.GetElapsedTime(start);
            progress?.Report(Progress(total, waiting, elapsed, timeout));
            if (waiting.Count == 0 || elapsed >= timeout)
            {
                break;
            }

            // Between half and the whole, so that many waiters do not ask in step; never beyond the time-out, when a
            // last look is taken.
            TimeSpan next = pause * (0.5 + (random.NextDouble() / 2));
            pause = pause * 1.5 < s_longestPause ? pause * 1.5 : s_longestPause;
            await Task.Delay(next < timeout - elapsed ? next : timeout - elapsed, timeProvider, cancellationToken)
                .ConfigureAwait(false);
        }

        foreach (string id in waiting)
        {
            yield return Overdue(id, timeout);
        }
    }

    /// <summary>Has the room see to those that are still awaited.</summary>
    /// <returns>Those that are given up, which are awaited no longer.</returns>
    private async Task<IReadOnlyList<NodeRegistration>> VisitAsync(
        List<string> still, TimeSpan elapsed, TimeSpan timeout, CancellationToken cancellationToken)
    {
        List<NodeRegistration> lost = [];
        if (room is null || still.Count == 0)
        {
            return lost;
        }

        foreach ((string id, (NodeRegistration node, bool isHopeless)) in
            await room.VisitAsync(still, elapsed, elapsed >= timeout, cancellationToken).ConfigureAwait(false))
        {
            _last[id] = node;
            _reasons[id] = node.Reason;
            if (isHopeless)
            {
                _givenUp++;
                still.Remove(id);
                lost.Add(node);
            }
        }

        return lost;
    }

    // What the last visit found says more than a look does.
    private NodeRegistration WithReason(NodeRegistration node) =>
        !node.Registered && _reasons.GetValueOrDefault(node.InstanceId) is { } reason ? node with { Reason = reason } : node;

    // A round that is throttled beyond the client's own patience leaves the nodes where they were.
    private async IAsyncEnumerable<NodeSnapshot> RoundAsync(
        List<string> ids,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        HashSet<string> seen = [];
        IAsyncEnumerator<NodeSnapshot> round = reader.ReadAsync(ids, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        await using (round.ConfigureAwait(false))
        {
            while (await NextAsync(round).ConfigureAwait(false))
            {
                seen.Add(round.Current.Node.InstanceId);
                yield return round.Current;
            }
        }

        foreach (string id in ids.Where(id => !seen.Contains(id)))
        {
            NodeRegistration node = _last.GetValueOrDefault(id)
                ?? new NodeRegistration { InstanceId = id, Reason = "Systems Manager is throttling requests" };
            yield return new NodeSnapshot(node, NodeOutlook.Pending);
        }
    }

    private static async Task<bool> NextAsync(IAsyncEnumerator<NodeSnapshot> round)
    {
        try
        {
            return await round.MoveNextAsync().ConfigureAwait(false);
        }
        catch (EngineException exception) when (exception.Kind == ErrorKind.LimitsExceeded)
        {
            return false;
        }
    }

    private static bool IsSettled(NodeOutlook outlook, TimeSpan elapsed) =>
        outlook is NodeOutlook.Registered or NodeOutlook.Hopeless
        || (outlook == NodeOutlook.Unknown && elapsed >= s_newborn);

    private RegistrationProgress Progress(int total, List<string> waiting, TimeSpan elapsed, TimeSpan timeout) => new()
    {
        Total = total,
        Registered = _registered,
        GivenUp = _givenUp,
        Elapsed = elapsed,
        Timeout = timeout,
        Waiting = waiting.Count == 0 ? string.Empty : Label(_last[waiting[0]]),
    };

    private NodeRegistration Overdue(string id, TimeSpan timeout)
    {
        NodeRegistration node = _last[id];
        return node with { Reason = $"{node.Reason}; waited {RegistrationReason.Span(timeout)}" };
    }

    private static string Label(NodeRegistration node) => node.Name is { Length: > 0 } name
        ? $"{node.InstanceId} ({name}): {node.Reason}"
        : $"{node.InstanceId}: {node.Reason}";
}
