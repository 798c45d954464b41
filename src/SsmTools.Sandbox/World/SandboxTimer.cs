namespace SsmTools.Sandbox.World;

/// <summary>A timer of <see cref="SandboxClock"/>: due on the sandbox's time, woken by a timer of the time below.</summary>
internal sealed class SandboxTimer : ITimer
{
    private static readonly TimeSpan s_longestWait = TimeSpan.FromDays(20);

    private readonly SandboxClock _clock;
    private readonly TimerCallback _callback;
    private readonly object? _state;
    private readonly object _gate = new();
    private readonly ITimer _alarm;
    private TimeSpan _due = TimeSpan.MaxValue;
    private TimeSpan _period = Timeout.InfiniteTimeSpan;
    private bool _disposed;

    public SandboxTimer(SandboxClock clock, TimerCallback callback, object? state)
    {
        _clock = clock;
        _callback = callback;
        _state = state;
        _alarm = clock.Inner.CreateTimer(
            static timer => ((SandboxTimer)timer!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Gets the time on the sandbox's clock at which this fires next.</summary>
    public TimeSpan Due
    {
        get
        {
            lock (_gate)
            {
                return _due;
            }
        }
    }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return false;
            }

            _due = dueTime == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : _clock.Elapsed + dueTime;
            _period = period;
        }

        _clock.Track(this, Due != TimeSpan.MaxValue);
        Arm();
        return true;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _due = TimeSpan.MaxValue;
        }

        _clock.Track(this, false);
        _alarm.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Calls back once if the time has come, and sets the next time of a periodic timer.</summary>
    public void FireIfDue()
    {
        bool fire;
        bool more;
        lock (_gate)
        {
            fire = !_disposed && _due <= _clock.Elapsed;
            if (fire)
            {
                bool periodic = _period > TimeSpan.Zero;
                _due = periodic ? _due + _period : TimeSpan.MaxValue;
            }

            more = _due != TimeSpan.MaxValue;
        }

        if (fire)
        {
            if (!more)
            {
                _clock.Track(this, false);
            }

            _callback(_state);
        }
    }

    /// <summary>Sets the alarm below to the time that is left.</summary>
    public void Arm()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            if (_due == TimeSpan.MaxValue)
            {
                _alarm.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                return;
            }

            TimeSpan left = _due - _clock.Elapsed;
            left = left < TimeSpan.Zero ? TimeSpan.Zero : left > s_longestWait ? s_longestWait : left;

            // Rounded up: the alarm counts whole milliseconds and must not wake before the time.
            _alarm.Change(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        }
    }

    private void Wake()
    {
        FireIfDue();
        Arm();
    }
}
