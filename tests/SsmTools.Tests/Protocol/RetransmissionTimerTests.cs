using SsmTools.Engine.Protocol;
using Xunit;

namespace SsmTools.Tests.Protocol;

public sealed class RetransmissionTimerTests
{
    [Fact]
    public void It_begins_as_the_references_do()
    {
        RetransmissionTimer timer = new(RetransmissionTimer.ReferenceCeiling);

        Assert.Equal(100, timer.RoundTrip.TotalMilliseconds);
        Assert.Equal(0, timer.Variation.TotalMilliseconds);
        Assert.Equal(200, timer.Timeout.TotalMilliseconds);
    }

    [Fact]
    public void Samples_move_it_along_the_known_values()
    {
        RetransmissionTimer timer = new(RetransmissionTimer.ReferenceCeiling);

        AssertAfter(timer, 140, 105, 10, 145);
        AssertAfter(timer, 140, 109.375, 16.25, 174.375);
        AssertAfter(timer, 5, 96.328125, 38.28125, 249.453125);
        AssertAfter(timer, 2000, 334.287109375, 504.62890625, 1000);
    }

    [Fact]
    public void Backing_off_doubles_up_to_the_ceiling_and_a_sample_ends_it()
    {
        RetransmissionTimer timer = new(TimeSpan.FromMilliseconds(700));

        timer.BackOff();
        Assert.Equal(400, timer.Timeout.TotalMilliseconds);
        timer.BackOff();
        Assert.Equal(700, timer.Timeout.TotalMilliseconds);

        timer.Sample(TimeSpan.FromMilliseconds(100));
        Assert.Equal(110, timer.Timeout.TotalMilliseconds);
    }

    private static void AssertAfter(
        RetransmissionTimer timer, double sample, double roundTrip, double variation, double timeout)
    {
        timer.Sample(TimeSpan.FromMilliseconds(sample));

        // A TimeSpan counts 100 ns, the known values go further.
        Assert.Equal(roundTrip, timer.RoundTrip.TotalMilliseconds, 0.0001);
        Assert.Equal(variation, timer.Variation.TotalMilliseconds, 0.0001);
        Assert.Equal(timeout, timer.Timeout.TotalMilliseconds, 0.0001);
    }
}
