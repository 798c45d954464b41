using System.Globalization;
using System.Text.RegularExpressions;

namespace SsmTools.Sandbox.Scheduler;

/// <summary>When a schedule is due: <c>cron(…)</c>, <c>rate(…)</c> or <c>at(…)</c> in a time zone.</summary>
internal sealed partial class ScheduleTimes
{
    private readonly CronExpression? _cron;
    private readonly TimeSpan _rate;
    private readonly DateTimeOffset? _once;
    private readonly TimeZoneInfo _zone;

    private ScheduleTimes(TimeZoneInfo zone, CronExpression? cron, TimeSpan rate, DateTimeOffset? once)
    {
        _zone = zone;
        _cron = cron;
        _rate = rate;
        _once = once;
    }

    /// <summary>Reads an expression; null where it is none.</summary>
    public static ScheduleTimes? Parse(string expression, TimeZoneInfo zone)
    {
        Match form = Form().Match(expression);
        string inner = form.Groups[2].Value;
        switch (form.Groups[1].Value)
        {
            case "cron":
                return CronExpression.Parse(inner) is { } cron ? new ScheduleTimes(zone, cron, default, null) : null;
            case "rate":
                Match rate = Rate().Match(inner);
                return rate.Success && int.TryParse(rate.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0
                    ? new ScheduleTimes(zone, null, count * Unit(rate.Groups[2].Value), null)
                    : null;
            case "at":
                return DateTime.TryParseExact(
                    inner, "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime local)
                    ? new ScheduleTimes(zone, null, default, new DateTimeOffset(local, zone.GetUtcOffset(local)))
                    : null;
            default:
                return null;
        }
    }

    /// <summary>The first time after another one, if there is one.</summary>
    /// <param name="time">The other one.</param>
    /// <param name="start">When a rate began to count.</param>
    public DateTimeOffset? After(DateTimeOffset time, DateTimeOffset start)
    {
        if (_cron is not null)
        {
            return _cron.After(time, _zone);
        }

        return _once is { } once
            ? once > time ? once : null
            : time < start ? start : start + (_rate * (Math.Floor((time - start) / _rate) + 1));
    }

    private static TimeSpan Unit(string unit) => unit.TrimEnd('s') switch
    {
        "minute" => TimeSpan.FromMinutes(1),
        "hour" => TimeSpan.FromHours(1),
        _ => TimeSpan.FromDays(1),
    };

    [GeneratedRegex(@"\A(cron|rate|at)\((.*)\)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();

    [GeneratedRegex(@"\A([0-9]{1,6}) (minutes?|hours?|days?)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Rate();
}
