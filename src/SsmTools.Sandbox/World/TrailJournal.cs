namespace SsmTools.Sandbox.World;

/// <summary>The account's event history: ninety days of it, and no more than can be kept.</summary>
internal sealed class TrailJournal(TimeProvider clock)
{
    private const int Most = 20_000;
    private static readonly TimeSpan s_kept = TimeSpan.FromDays(90);

    private readonly object _gate = new();
    private readonly LinkedList<TrailEvent> _events = new();

    /// <summary>Gets or sets a value indicating whether a trail logs: without one, rules hear of no call.</summary>
    public bool HasTrail { get; set; } = true;

    /// <summary>Gets who is told of each call that changes something, while a trail logs.</summary>
    public List<Action<TrailEvent>> Listeners { get; } = [];

    public void Add(TrailEvent one)
    {
        lock (_gate)
        {
            _events.AddFirst(one);
            while (_events.Count > Most || _events.Last!.Value.Time < clock.GetUtcNow() - s_kept)
            {
                _events.RemoveLast();
            }
        }

        if (HasTrail && !one.ReadOnly)
        {
            foreach (Action<TrailEvent> listener in Listeners)
            {
                listener(one);
            }
        }
    }

    /// <summary>What happened within ninety days, newest first.</summary>
    public IReadOnlyList<TrailEvent> Read()
    {
        DateTimeOffset first = clock.GetUtcNow() - s_kept;
        lock (_gate)
        {
            return [.. _events.Where(one => one.Time >= first)];
        }
    }
}
