namespace SsmTools.Engine.Sessions;

/// <summary>
/// Wakes somebody in time. What moves the deadline away does not touch the timer, because with every message it does: it
/// wakes too soon then, once, and is to be set again. Not safe for several threads at once but for its waking.
/// </summary>
internal sealed class LazyTimer : IDisposable
{
    private readonly TimeProvider _timeProvider;
    private readonly Action _wake;
    private readonly ITimer _timer;
    private long _at = long.MaxValue;

    /// <summary>Makes one that sleeps.</summary>
    /// <param name="wake">Called on a thread of the pool: clocks are not held up.</param>
    /// <param name="timeProvider">The clock.</param>
    public LazyTimer(Action wake, TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        _wake = wake;
        _timer = timeProvider.CreateTimer(
            static self => ThreadPool.UnsafeQueueUserWorkItem(static timer => timer.Wake(), (LazyTimer)self!, preferLocal: false),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    /// <summary>Sees to it that it wakes not later than that; null for no matter when.</summary>
    public void Set(TimeSpan? wait)
    {
        if (wait is { } span)
        {
            long at = _timeProvider.GetTimestamp() + (long)(span.TotalSeconds * _timeProvider.TimestampFrequency);
            if (at < Volatile.Read(ref _at))
            {
                Volatile.Write(ref _at, at);
                _timer.Change(span, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Wake()
    {
        Volatile.Write(ref _at, long.MaxValue);
        _wake();
    }
}
