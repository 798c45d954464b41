namespace SsmTools.Sandbox.World;

/// <summary>
/// The time of the sandbox: that of the provider below it plus whatever <see cref="Advance"/> added. Timers made here
/// keep to the sum, so that thirty minutes of back-off pass in one call.
/// </summary>
internal sealed class SandboxClock : TimeProvider
{
    private readonly TimeProvider _inner;
    private readonly object _gate = new();

    /// <summary>The timers that wait, the next one first. Timers take their own lock before this one, never after.</summary>
    private readonly SortedSet<(TimeSpan Due, long Order, SandboxTimer Timer)> _waiting = new(
        Comparer<(TimeSpan Due, long Order, SandboxTimer Timer)>.Create(
            static (a, b) => a.Due != b.Due ? a.Due.CompareTo(b.Due) : a.Order.CompareTo(b.Order)));

    private TimeSpan _added;
    private long _orders;

    public SandboxClock(TimeProvider? inner = null)
    {
        _inner = inner ?? System;
        Origin = _inner.GetTimestamp();
    }

    /// <summary>Gets the time on this clock since it was made, monotonic.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            lock (_gate)
            {
                return _inner.GetElapsedTime(Origin) + _added;
            }
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => _inner.LocalTimeZone;

    internal TimeProvider Inner => _inner;

    private long Origin { get; }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _inner.GetUtcNow() + _added;
        }
    }

    public override long GetTimestamp() => Elapsed.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        SandboxTimer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>
    /// Puts the clock forward. Timers that fall due on the way fire on the calling thread in the order of their times,
    /// each seeing its own time, and so do those that they start.
    /// </summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        TimeSpan target = Elapsed + by;
        while (true)
        {
            SandboxTimer? next;
            lock (_gate)
            {
                (TimeSpan due, _, SandboxTimer? first) = _waiting.Min;
                next = due <= target ? first : null;
                TimeSpan step = (next is null ? target : due) - (_inner.GetElapsedTime(Origin) + _added);
                if (step > TimeSpan.Zero)
                {
                    _added += step;
                }
            }

            if (next is null)
            {
                break;
            }

            next.FireIfDue();
        }

        Rearm();
    }

    internal long NextOrder() => Interlocked.Increment(ref _orders);

    /// <summary>A timer has another time; <see cref="TimeSpan.MaxValue"/> is none.</summary>
    internal void Move(SandboxTimer timer, TimeSpan from, TimeSpan to)
    {
        lock (_gate)
        {
            _waiting.Remove((from, timer.Order, timer));
            if (to != TimeSpan.MaxValue)
            {
                _waiting.Add((to, timer.Order, timer));
            }
        }
    }

    private void Rearm()
    {
        SandboxTimer[] timers;
        lock (_gate)
        {
            timers = [.. _waiting.Select(entry => entry.Timer)];
        }

        foreach (SandboxTimer timer in timers)
        {
            timer.Arm();
        }
    }
}
