using Xunit;

namespace SsmTools.Tests.Support;

/// <summary>The clock that other tests rely on.</summary>
public sealed class ManualTimeProviderTests
{
    [Fact]
    public void Timers_fire_in_order_each_at_its_own_time()
    {
        ManualTimeProvider time = new();
        DateTimeOffset start = time.GetUtcNow();
        List<string> fired = [];
        void Note(object? name) => fired.Add($"{name}@{(time.GetUtcNow() - start).TotalSeconds}");
        using ITimer late = time.CreateTimer(Note, "late", TimeSpan.FromSeconds(3), Timeout.InfiniteTimeSpan);
        using ITimer periodic = time.CreateTimer(Note, "tick", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        using ITimer gone = time.CreateTimer(Note, "gone", TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        gone.Dispose();

        time.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal(["tick@1", "late@3", "tick@3"], fired);
        Assert.Equal(TimeSpan.FromSeconds(1), time.NextDue);
        Assert.Equal(TimeSpan.FromSeconds(4), time.GetElapsedTime(0));
    }

    [Fact]
    public async Task A_delay_ends_when_the_clock_is_turned_far_enough()
    {
        using CancellationTokenSource timeout = new(TimeSpan.FromSeconds(10));
        ManualTimeProvider time = new();
        Task found = time.WhenTimerAsync(left => left == TimeSpan.FromMinutes(1), timeout.Token);
        Assert.False(found.IsCompleted);

        Task delay = Task.Delay(TimeSpan.FromMinutes(1), time, timeout.Token);
        await found;
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(delay.IsCompleted);

        time.Advance(TimeSpan.FromSeconds(1));
        await delay;
        Assert.Null(time.NextDue);
    }

    [Fact]
    public void A_callback_may_set_a_timer_that_is_due_in_the_same_turn()
    {
        ManualTimeProvider time = new();
        int fired = 0;
        ITimer? timer = null;
        timer = time.CreateTimer(
            _ =>
            {
                fired++;
                timer!.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
            },
            null,
            TimeSpan.FromSeconds(1),
            Timeout.InfiniteTimeSpan);

        time.Advance(TimeSpan.FromSeconds(5));
        timer.Dispose();

        Assert.Equal(5, fired);
        Assert.False(time.AdvanceToNextTimer());
    }
}
