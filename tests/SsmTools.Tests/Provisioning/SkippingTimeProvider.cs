using SsmTools.Sandbox.World;

namespace SsmTools.Tests.Provisioning;

/// <summary>Time in which waiting takes none: each timer turns the sandbox's clock to its own end and fires.</summary>
internal sealed class SkippingTimeProvider(SandboxClock clock) : TimeProvider
{
    private int _waits;

    /// <summary>How many waits there were.</summary>
    public int Waits => _waits;

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = clock.CreateTimer(callback, state, dueTime, period);
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            Interlocked.Increment(ref _waits);
            ThreadPool.QueueUserWorkItem(_ => clock.Advance(dueTime));
        }

        return timer;
    }
}
