using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.World;

public sealed class SandboxClockTests
{
    private readonly ManualTimeProvider _below = new();
    private readonly SandboxClock _clock;
    private readonly List<(string Name, TimeSpan At)> _fired = [];

    public SandboxClockTests()
    {
        _clock = new SandboxClock(_below);
    }

    [Fact]
    public void It_shows_the_time_below_plus_what_was_added()
    {
        DateTimeOffset start = _clock.GetUtcNow();
        _clock.Advance(TimeSpan.FromHours(2));
        _below.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(start + new TimeSpan(2, 3, 0), _clock.GetUtcNow());
        Assert.Equal(new TimeSpan(2, 3, 0), _clock.GetElapsedTime(0));
    }

    [Fact]
    public void Timers_fire_on_advance_in_order_each_at_its_own_time()
    {
        using ITimer late = Timer("late", TimeSpan.FromMinutes(30));
        using ITimer soon = Timer("soon", TimeSpan.FromMinutes(1));
        using ITimer never = Timer("never", TimeSpan.FromHours(2));
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal([("soon", TimeSpan.FromMinutes(1)), ("late", TimeSpan.FromMinutes(30))], _fired);
        Assert.Equal(TimeSpan.FromHours(1), _clock.Elapsed);
    }

    [Fact]
    public void Timers_fire_by_the_time_below_too_sooner_when_the_clock_was_put_forward()
    {
        using ITimer timer = Timer("one", TimeSpan.FromMinutes(10));
        _clock.Advance(TimeSpan.FromMinutes(9));
        _below.Advance(TimeSpan.FromSeconds(59));
        Assert.Empty(_fired);
        _below.Advance(TimeSpan.FromSeconds(1));
        Assert.Single(_fired);
    }

    [Fact]
    public void A_timer_started_by_a_timer_fires_in_the_same_advance()
    {
        ITimer? second = null;
        using ITimer first = _clock.CreateTimer(
            _ => second = Timer("second", TimeSpan.FromMinutes(1)), null, TimeSpan.FromMinutes(1), Timeout.InfiniteTimeSpan);
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal([("second", TimeSpan.FromMinutes(2))], _fired);
        second!.Dispose();
    }

    [Fact]
    public void A_periodic_timer_fires_for_every_period()
    {
        using ITimer timer = Timer("tick", TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([10, 30, 50], _fired.Select(one => (int)one.At.TotalSeconds));
    }

    [Fact]
    public void A_disposed_or_stopped_timer_does_not_fire()
    {
        ITimer disposed = Timer("disposed", TimeSpan.FromMinutes(1));
        using ITimer stopped = Timer("stopped", TimeSpan.FromMinutes(1));
        disposed.Dispose();
        stopped.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Empty(_fired);
        Assert.False(disposed.Change(TimeSpan.Zero, TimeSpan.Zero));
    }

    [Fact]
    public async Task Delays_on_it_end_when_it_is_put_forward()
    {
        Task delay = Task.Delay(TimeSpan.FromMinutes(30), _clock, TestTimeout.Token);
        Assert.False(delay.IsCompleted);
        _clock.Advance(TimeSpan.FromMinutes(30));
        await delay.WaitAsync(TestTimeout.Token);
    }

    [Fact]
    public async Task Timers_may_be_changed_from_many_sides_while_it_is_put_forward()
    {
        int fired = 0;
        SandboxClock clock = new();
        Task[] sides =
        [
            .. Enumerable.Range(0, 4).Select(side => Task.Run(() =>
            {
                for (int i = 0; i < 500; i++)
                {
                    using ITimer timer = clock.CreateTimer(
                        _ => Interlocked.Increment(ref fired), null, TimeSpan.FromMilliseconds(side), TimeSpan.FromMilliseconds(3));
                    timer.Change(TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
                    clock.Advance(TimeSpan.FromMilliseconds(2));
                }
            })),
        ];
        await Task.WhenAll(sides).WaitAsync(TestTimeout.Token);
        Assert.InRange(fired, 1, int.MaxValue);
    }

    [Fact]
    public async Task On_real_time_a_timer_fires_by_itself()
    {
        await Task.Delay(TimeSpan.FromMilliseconds(5), new SandboxClock(), TestTimeout.Token).WaitAsync(TestTimeout.Token);
    }

    private ITimer Timer(string name, TimeSpan due, TimeSpan? period = null)
    {
        return _clock.CreateTimer(_ => _fired.Add((name, _clock.Elapsed)), null, due, period ?? Timeout.InfiniteTimeSpan);
    }
}
