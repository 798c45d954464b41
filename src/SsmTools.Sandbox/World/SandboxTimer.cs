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
        Order = clock.NextOrder();
        _callback = callback;
        _state = state;
        _alarm = clock.Inner.CreateTimer(
            static timer => ((SandboxTimer)timer!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Gets the order in which timers of one time fire: that of their making.</summary>
    public long Order { get; }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return false;
            }

            SetDue(dueTime == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : _clock.Elapsed + dueTime);
            _period = period;
        }

        Arm();
        return true;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            SetDue(TimeSpan.MaxValue);
        }

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
        lock (_gate)
        {
            if (_disposed || _due > _clock.Elapsed)
            {
                return;
            }

            SetDue(_period > TimeSpan.Zero ? _due + _period : TimeSpan.MaxValue);
        }

        _callback(_state);
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

    private void SetDue(TimeSpan due)
    {
        _clock.Move(this, _due, due);
        _due = due;
    }

    private void Wake()
    {
        FireIfDue();
        Arm();
    }
}
