using System.Globalization;
using SsmTools.Sandbox.Scheduler;
using Xunit;

namespace SsmTools.Tests.Sandbox.Scheduler;

public sealed class CronExpressionTests
{
    [Theory]
    [InlineData("0 19 ? * MON-FRI *", "2026-11-20T18:00:00Z", "2026-11-20T19:00:00Z")]
    [InlineData("0 19 ? * MON-FRI *", "2026-11-20T19:00:00Z", "2026-11-23T19:00:00Z")]
    [InlineData("15/20 8 * * ? *", "2026-11-20T08:16:00Z", "2026-11-20T08:35:00Z")]
    [InlineData("0 0 L 2 ? *", "2026-11-20T00:00:00Z", "2027-02-28T00:00:00Z")]
    [InlineData("30 6 ? * 2#1 *", "2026-11-20T00:00:00Z", "2026-12-07T06:30:00Z")]
    [InlineData("0 12 29 FEB ? *", "2026-11-20T00:00:00Z", "2028-02-29T12:00:00Z")]
    [InlineData("0 12 ? * sun,WED 2027", "2026-11-20T00:00:00Z", "2027-01-03T12:00:00Z")]
    public void The_next_time_is_found(string fields, string after, string next) =>
        Assert.Equal(Time(next), CronExpression.Parse(fields)!.After(Time(after), TimeZoneInfo.Utc));

    [Theory]
    [InlineData("0 12 1 1 ? 2020")]
    [InlineData("0 12 31 FEB ? *")]
    public void There_may_be_none(string fields) =>
        Assert.Null(CronExpression.Parse(fields)!.After(Time("2026-11-20T00:00:00Z"), TimeZoneInfo.Utc));

    [Theory]
    [InlineData("0 19 * * MON-FRI *")]
    [InlineData("0 19 ? * ? *")]
    [InlineData("0 19 ? * MON-FRI")]
    [InlineData("60 19 ? * MON *")]
    [InlineData("0 24 ? * MON *")]
    [InlineData("0 1 ? * MOON *")]
    [InlineData("0 1 ? * 8 *")]
    [InlineData("0/0 1 ? * MON *")]
    [InlineData("5-1 1 ? * MON *")]
    [InlineData("")]
    public void What_is_no_expression_is_refused(string fields) => Assert.Null(CronExpression.Parse(fields));

    [Fact]
    public void A_time_that_a_clock_change_skips_is_left_out()
    {
        // Clocks in Berlin go from 02:00 to 03:00 on 28 March 2027.
        TimeZoneInfo berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        CronExpression half = CronExpression.Parse("30 2 * * ? *")!;

        DateTimeOffset? before = half.After(Time("2027-03-26T12:00:00Z"), berlin);
        Assert.Equal(Time("2027-03-27T01:30:00Z"), before);
        Assert.Equal(Time("2027-03-29T00:30:00Z"), half.After(before!.Value, berlin));
    }

    [Fact]
    public void A_time_that_a_clock_change_repeats_comes_once()
    {
        // Clocks in Berlin go from 03:00 back to 02:00 on 31 October 2027.
        TimeZoneInfo berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        CronExpression half = CronExpression.Parse("30 2 * * ? *")!;

        DateTimeOffset? first = half.After(Time("2027-10-30T12:00:00Z"), berlin);
        Assert.Equal(Time("2027-10-31T00:30:00Z"), first);
        Assert.Equal(Time("2027-11-01T01:30:00Z"), half.After(first!.Value, berlin));
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
