using System.Globalization;
using SsmTools.Engine.Schedules;
using SsmTools.Sandbox.Scheduler;
using Xunit;

namespace SsmTools.Tests.Schedules;

public sealed class PowerTimesTests
{
    private static readonly DayOfWeek[] s_working =
        [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday];

    [Theory]
    [InlineData("07:00", "19:00", 108.0)]
    [InlineData("22:00", "06:00", 128.0)]
    [InlineData("00:00", "23:59", 48.083333333333336)]
    [InlineData("07:00", null, null)]
    public void The_hours_off_are_those_outside_of_the_times(string start, string? stop, double? expected)
    {
        PowerTimes times = new(Time(start), stop is null ? null : Time(stop), s_working);
        Assert.Equal(expected, times.HoursOff);
    }

    [Fact]
    public void A_stop_before_the_start_is_one_on_the_day_after()
    {
        PowerTimes times = new(Time("22:00"), Time("06:00"), [DayOfWeek.Friday, DayOfWeek.Saturday]);
        Assert.Equal([DayOfWeek.Saturday, DayOfWeek.Sunday], times.StopDays);
        Assert.Equal("cron(0 6 ? * SAT,SUN *)", PowerTimes.Cron(Time("06:00"), times.StopDays));
    }

    [Theory]
    [InlineData("cron(30 19 ? * MON,WED *)", true)]
    [InlineData("cron(30 19 ? * MON-WED *)", false)]
    [InlineData("cron(30 24 ? * MON *)", false)]
    [InlineData("cron(75 1 ? * MON *)", false)]
    [InlineData("rate(1 days)", false)]
    [InlineData(null, false)]
    public void What_is_ours_is_read_and_nothing_else(string? expression, bool ours)
    {
        (TimeSpan Time, IReadOnlyList<DayOfWeek> Days)? read = PowerTimes.Read(expression);
        Assert.Equal(ours, read is not null);
        Assert.True(!ours || PowerTimes.Cron(read!.Value.Time, read.Value.Days) == expression);
    }

    [Fact]
    public void Times_that_a_clock_change_skips_are_named()
    {
        TimeZoneInfo berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        DateTimeOffset now = DateTimeOffset.Parse("2026-11-22T12:00:00Z", CultureInfo.InvariantCulture);

        Assert.Equal([new DateOnly(2027, 3, 28)], PowerTimes.Skipped(Time("02:30"), [DayOfWeek.Sunday], berlin, now));
        Assert.Empty(PowerTimes.Skipped(Time("02:30"), s_working, berlin, now));
        Assert.Empty(PowerTimes.Skipped(Time("03:00"), [DayOfWeek.Sunday], berlin, now));
    }

    /// <summary>What is told to users against what the sandbox's scheduler makes of the expression, read independently.</summary>
    [Theory]
    [InlineData("Europe/Berlin")]
    [InlineData("America/New_York")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("Asia/Kolkata")]
    [InlineData("America/Santiago")]
    [InlineData("UTC")]
    public void The_next_times_are_the_schedulers_own(string name)
    {
        TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById(name);
        Random random = new(20261122);
        DateTimeOffset begin = DateTimeOffset.Parse("2026-01-01T00:00:00Z", CultureInfo.InvariantCulture);
        for (int i = 0; i < 600; i++)
        {
            // Mostly by night, when clocks change.
            TimeSpan time = TimeSpan.FromMinutes(random.Next(2) == 0 ? random.Next(240) : random.Next(1440));
            DayOfWeek[] days = [.. Enum.GetValues<DayOfWeek>().Where(_ => random.Next(3) > 0).DefaultIfEmpty(DayOfWeek.Sunday)];
            DateTimeOffset after = begin.AddMinutes(random.Next(3 * 366 * 1440));
            string cron = PowerTimes.Cron(time, days);

            DateTimeOffset? expected = ScheduleTimes.Parse(cron, zone)!.After(after, after);
            Assert.Equal(expected, PowerTimes.Next(time, days, zone, after));
        }
    }

    private static TimeSpan Time(string text) => TimeSpan.Parse(text, CultureInfo.InvariantCulture);
}
