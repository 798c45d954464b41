namespace SsmTools.Sandbox.Faults;

/// <summary>Ends a link when a fault says so: at once, at its age, or when a message is hit.</summary>
internal sealed class LinkWatch : IDisposable
{
    private readonly SandboxFaults _faults;
    private readonly SideFaults _side;
    private readonly Action<LinkCut> _cutNow;
    private readonly object _gate = new();
    private readonly List<ITimer> _timers = [];
    private volatile LinkCut? _cut;
    private FaultSet? _armed;
    private bool _isOver;

    /// <summary>Watches over a link.</summary>
    /// <param name="faults">What is switched on.</param>
    /// <param name="side">Whose link it is.</param>
    /// <param name="cutNow">Called once, by any thread, when it is to end.</param>
    public LinkWatch(SandboxFaults faults, SideFaults side, Action<LinkCut> cutNow)
    {
        _faults = faults;
        _side = side;
        _cutNow = cutNow;
        faults.Add(this);
    }

    /// <summary>How it is to end; null while it is not.</summary>
    public LinkCut? Cut => _cut;

    /// <summary>Goes by these faults from now on.</summary>
    public void Arm(FaultSet? set)
    {
        List<FaultRule> due = [];
        lock (_gate)
        {
            if (_isOver || (set is not null && set == _armed))
            {
                return;
            }

            _armed = set;
            Disarm();
            foreach (FaultRule rule in (set?.Links ?? []).Where(_side.IsCovered))
            {
                if (rule.Fault.AtTime is TimeSpan age)
                {
                    _timers.Add(_side.Clock.CreateTimer(_ => End(set!, rule), null, age, Timeout.InfiniteTimeSpan));
                }
                else if (rule.Fault.IsTotal)
                {
                    due.Add(rule);
                }
            }
        }

        due.ForEach(rule => End(set!, rule));
    }

    /// <summary>Ends the link if a message is one that ends links.</summary>
    /// <returns>Whether it ended, and the message with it.</returns>
    public bool Meets(FaultSet set, in MessagePlace place)
    {
        foreach (FaultRule rule in set.Links)
        {
            if (rule.Fault.AtTime is null && !rule.Fault.IsTotal && _side.IsCovered(rule) && place.IsHit(set, rule))
            {
                EndHit(rule);
                return true;
            }
        }

        return false;
    }

    /// <summary>The link is gone.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isOver = true;
            Disarm();
        }

        _faults.Remove(this);
    }

    private void End(FaultSet set, FaultRule rule)
    {
        if (_cut is null && set.Acts(rule))
        {
            EndHit(rule);
        }
    }

    private void EndHit(FaultRule rule)
    {
        LinkCut cut = new(rule.Fault.Kind == FaultKind.HalfOpen, rule.Fault.Code);
        lock (_gate)
        {
            if (_isOver || _cut is not null)
            {
                return;
            }

            _cut = cut;
        }

        _cutNow(cut);
    }

    private void Disarm()
    {
        _timers.ForEach(timer => timer.Dispose());
        _timers.Clear();
    }
}
