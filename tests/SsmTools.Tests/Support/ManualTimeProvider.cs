namespace SsmTools.Tests.Support;

/// <summary>
/// A clock that stands still until a test turns it. Timers fire on the turning thread, in the order of their due
/// times, each at its own time.
/// </summary>
internal sealed class ManualTimeProvider : TimeProvider
{
    private readonly object _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly List<(Func<TimeSpan, bool> Matches, TaskCompletionSource Found)> _watchers = [];
    private readonly DateTimeOffset _start;
    private long _ticks;
    private long _nextOrder;

    /// <summary>Creates a clock that shows <paramref name="start"/>, or a fixed day in 2026.</summary>
    public ManualTimeProvider(DateTimeOffset? start = null) =>
        _start = start ?? new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>How long until the next timer is due; null when nobody waits.</summary>
    public TimeSpan? NextDue
    {
        get
        {
            lock (_lock)
            {
                return Next() is { } timer ? TimeSpan.FromTicks(Math.Max(0, timer.DueAt - _ticks)) : null;
            }
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _start.AddTicks(Interlocked.Read(ref _ticks));

    /// <inheritdoc/>
    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ManualTimer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Turns the clock. What is due on the way, or becomes due by a callback on the way, fires.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        long end = Interlocked.Read(ref _ticks) + by.Ticks;
        while (true)
        {
            ManualTimer timer;
            lock (_lock)
            {
                if (Next() is not { } next || next.DueAt > end)
                {
                    Interlocked.Exchange(ref _ticks, Math.Max(_ticks, end));
                    return;
                }

                timer = next;
                Interlocked.Exchange(ref _ticks, Math.Max(_ticks, timer.DueAt));
                Rearm(timer);
            }

            timer.Fire();
        }
    }

    /// <summary>Turns the clock to the next timer and fires it. False when nobody waits.</summary>
    public bool AdvanceToNextTimer()
    {
        if (NextDue is not { } due)
        {
            return false;
        }

        Advance(due);
        return true;
    }

    /// <summary>
    /// Completes when somebody waits on a timer, at once if somebody does already.
    /// </summary>
    /// <param name="matches">Which timers count, by the time they have left; null for any.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task WhenTimerAsync(Func<TimeSpan, bool>? matches, CancellationToken cancellationToken)
    {
        TaskCompletionSource found = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _watchers.Add((matches ?? (_ => true), found));
            NotifyWatchers();
        }

        return found.Task.WaitAsync(cancellationToken);
    }

    private void Schedule(ManualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            _timers.Remove(timer);
            if (dueTime == Timeout.InfiniteTimeSpan)
            {
                return;
            }

            timer.DueAt = _ticks + dueTime.Ticks;
            timer.Period = period;
            timer.Order = _nextOrder++;
            if (dueTime > TimeSpan.Zero)
            {
                _timers.Add(timer);
                NotifyWatchers();
                return;
            }

            Rearm(timer);
        }

        // As with the system's timers: due at once, on another thread.
        ThreadPool.QueueUserWorkItem(_ => timer.Fire());
    }

    private void Rearm(ManualTimer timer)
    {
        _timers.Remove(timer);
        if (timer.Period > TimeSpan.Zero)
        {
            timer.DueAt += timer.Period.Ticks;
            timer.Order = _nextOrder++;
            _timers.Add(timer);
        }
    }

    private ManualTimer? Next() => _timers.OrderBy(timer => timer.DueAt).ThenBy(timer => timer.Order).FirstOrDefault();

    private void NotifyWatchers()
    {
        _watchers.RemoveAll(watcher =>
            _timers.Exists(timer => watcher.Matches(TimeSpan.FromTicks(timer.DueAt - _ticks)))
            && watcher.Found.TrySetResult());
    }

    private sealed class ManualTimer(ManualTimeProvider owner, TimerCallback callback, object? state) : ITimer
    {
        private volatile bool _isDisposed;

        public long DueAt { get; set; }

        public long Order { get; set; }

        public TimeSpan Period { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_isDisposed)
            {
                return false;
            }

            owner.Schedule(this, dueTime, period);
            return true;
        }

        public void Fire()
        {
            if (!_isDisposed)
            {
                callback(state);
            }
        }

        public void Dispose()
        {
            _isDisposed = true;
            owner.Schedule(this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
