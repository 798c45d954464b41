using SsmTools.Engine.Sessions;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sessions;

/// <summary>What is read in pieces, and what is not; and the pauses in between.</summary>
public sealed class TrickleTests
{
    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData(1000, 1150, true)] // a real agent's kilobyte a millisecond
    [InlineData(300, 800, true)]
    [InlineData(50, 1150, false)] // seldom enough to be woken for each
    [InlineData(1000, 130, false)] // a dialogue, byte by byte
    [InlineData(3000, 1150, false)] // faster than real agents: another's window may wait for the acknowledgements
    [InlineData(500, 32_000, false)] // large ones
    public void A_trickle_is_told_by_size_and_rate(int perSecond, int length, bool isTrickle)
    {
        TrickleGauge gauge = new(_time);
        for (int i = 0; i < perSecond / 10; i++)
        {
            gauge.Count(length);
            Assert.Null(gauge.Look(0)); // nothing is known before a tenth of a second
        }

        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(isTrickle, gauge.Look(0) is not null);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(gauge.Look(0)); // nothing came
    }

    [Fact]
    public void A_trickle_may_falter_for_a_moment()
    {
        TrickleGauge gauge = new(_time);
        Pass(gauge, 100, 1150);
        Assert.Equal(TimeSpan.Zero, gauge.Look(0));

        for (int tenths = 1; tenths <= 5; tenths++)
        {
            Pass(gauge, 1, 1150);
            Assert.Equal(TimeSpan.FromMilliseconds(100 * tenths), gauge.Look(0));
        }

        Pass(gauge, 1, 1150);
        Assert.Null(gauge.Look(0)); // that was no moment
        Pass(gauge, 100, 1150);
        Assert.Equal(TimeSpan.Zero, gauge.Look(0));
        Pass(gauge, 10, 130);
        Assert.Null(gauge.Look(0)); // something else comes now
    }

    [Fact]
    public async Task Pauses_end_one_after_the_other_upon_one_thread()
    {
        using TricklePacer pacer = new();
        Assert.Equal(["SsmTools trickle"], await PauseAsync(pacer));
    }

    [Fact]
    public async Task Nobody_pauses_for_ever_whose_pacer_is_disposed_of()
    {
        TricklePacer pacer = new();
        ValueTask pause = pacer.PauseAsync(TimeSpan.FromMilliseconds(1));
        pacer.Dispose();
        await pause.AsTask().WaitAsync(TestTimeout.Token);
        await pacer.PauseAsync(TimeSpan.FromHours(1)).AsTask().WaitAsync(TestTimeout.Token);
    }

    [Fact]
    public async Task A_timer_whose_deadline_moves_away_wakes_too_soon_once_and_then_in_time()
    {
        using SemaphoreSlim woken = new(0);
        using LazyTimer timer = new(() => woken.Release(), _time);
        timer.Set(TimeSpan.FromSeconds(1));
        timer.Set(TimeSpan.FromSeconds(5));
        timer.Set(null);
        _time.Advance(TimeSpan.FromSeconds(1));
        await woken.WaitAsync(TestTimeout.Token);

        timer.Set(TimeSpan.FromSeconds(4));
        timer.Set(TimeSpan.FromSeconds(2));
        _time.Advance(TimeSpan.FromSeconds(2));
        await woken.WaitAsync(TestTimeout.Token);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, woken.CurrentCount);
    }

    [Fact]
    public void Answers_to_questions_are_no_trickle()
    {
        TrickleGauge gauge = new(_time);
        Pass(gauge, 60, 1150);
        Assert.NotNull(gauge.Look(3)); // some are always sent: windows, signs of life
        Pass(gauge, 60, 1150);
        Assert.Null(gauge.Look(13));
        Pass(gauge, 60, 1150);
        Assert.NotNull(gauge.Look(13));
    }

    private void Pass(TrickleGauge gauge, int messages, int length)
    {
        for (int i = 0; i < messages; i++)
        {
            gauge.Count(length);
        }

        _time.Advance(TimeSpan.FromMilliseconds(100));
    }

    private static async Task<HashSet<string?>> PauseAsync(TricklePacer pacer)
    {
        HashSet<string?> names = [];
        while (Thread.CurrentThread.Name != "SsmTools trickle")
        {
            // One that is over before anybody waits for it leaves the waiter where he is.
            TestTimeout.Token.ThrowIfCancellationRequested();
            await pacer.PauseAsync(TimeSpan.FromMilliseconds(5)).ConfigureAwait(false);
        }

        for (int i = 0; i < 5; i++)
        {
            await pacer.PauseAsync(TimeSpan.FromMilliseconds(1)).ConfigureAwait(false);
            names.Add(Thread.CurrentThread.Name);
        }

        return names;
    }
}
