using SsmTools.Engine.Protocol;
using Xunit;

namespace SsmTools.Tests.Protocol;

/// <summary>How much may be under way.</summary>
public sealed class SendWindowTests
{
    private const int Most = 1024 * 1024;

    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(50);

    [Fact]
    public void It_doubles_with_every_quick_round_trip_up_to_its_bound()
    {
        SendWindow window = new(Most);
        Assert.Equal(128 * 1024, window.Size);

        window.OnAcknowledged(128 * 1024, s_shortest, s_shortest, 1, 8);
        Assert.Equal(256 * 1024, window.Size);
        window.OnAcknowledged(2 * Most, s_shortest, s_shortest, 2, 8);
        Assert.Equal(Most, window.Size);
    }

    [Fact]
    public void It_stays_where_round_trips_are_neither_short_nor_long()
    {
        SendWindow window = new(Most);
        window.OnAcknowledged(1000, TimeSpan.FromMilliseconds(200), s_shortest, 1, 8);
        Assert.Equal(128 * 1024, window.Size);
    }

    [Fact]
    public void It_shrinks_once_for_all_that_was_under_way_when_round_trips_grow_long()
    {
        SendWindow window = new(Most);
        TimeSpan queued = TimeSpan.FromMilliseconds(301);
        window.OnAcknowledged(1000, queued, s_shortest, 1, 8);
        Assert.Equal(96 * 1024, window.Size);
        window.OnAcknowledged(1000, queued, s_shortest, 8, 20);
        Assert.Equal(96 * 1024, window.Size);

        window.OnAcknowledged(1000, queued, s_shortest, 9, 20);
        Assert.Equal(72 * 1024, window.Size);
        window.OnTimeout(20);
        Assert.Equal(64 * 1024, window.Size);
    }

    [Fact]
    public void A_small_bound_is_never_exceeded()
    {
        SendWindow window = new(100);
        window.OnAcknowledged(5000, s_shortest, s_shortest, 1, 1);
        window.OnTimeout(1);
        Assert.Equal(100, window.Size);
    }
}
