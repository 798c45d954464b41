using System.Globalization;

namespace SsmTools.Sandbox.Scheduler;

/// <summary>The six fields of a cron expression: minutes, hours, day of month, month, day of week, year.</summary>
/// <remarks>Source: EventBridge Scheduler User Guide, "Schedule types", "Cron-based schedules".</remarks>
internal sealed class CronExpression
{
    private const int FirstYear = 1970;
    private const int LastYear = 2199;
    private static readonly string[] s_days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
    private static readonly string[] s_months =
        ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

    private readonly SortedSet<int> _minutes;
    private readonly SortedSet<int> _hours;
    private readonly SortedSet<int>? _monthDays;
    private readonly bool _isLastDay;
    private readonly SortedSet<int> _months;
    private readonly SortedSet<int>? _weekDays;
    private readonly (int Day, int Nth)? _nthWeekDay;
    private readonly SortedSet<int> _years;

    private CronExpression(string[] fields)
    {
        _minutes = Field(fields[0], 0, 59);
        _hours = Field(fields[1], 0, 23);
        _isLastDay = fields[2] == "L";
        _monthDays = fields[2] is "?" or "L" ? null : Field(fields[2], 1, 31);
        _months = Field(fields[3], 1, 12, s_months);
        if (fields[4].Split('#') is [string day, string nth])
        {
            _nthWeekDay = (Field(day, 1, 7, s_days).Single(), Field(nth, 1, 5).Single());
        }
        else
        {
            _weekDays = fields[4] == "?" ? null : Field(fields[4], 1, 7, s_days);
        }

        _years = Field(fields[5], FirstYear, LastYear);
    }

    /// <summary>Reads the fields; null where they are no such expression.</summary>
    public static CronExpression? Parse(string text)
    {
        string[] fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        // One of the two kinds of days says nothing, and only one.
        if (fields.Length != 6 || (fields[2] == "?") == (fields[4] == "?"))
        {
            return null;
        }

        try
        {
            return new CronExpression(fields);
        }
        catch (Exception e) when (e is FormatException or OverflowException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>
    /// The first time after another one. A time that a clock change skips is left out, one that it repeats comes once.
    /// </summary>
    public DateTimeOffset? After(DateTimeOffset time, TimeZoneInfo zone)
    {
        DateOnly day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time, zone).DateTime).AddDays(-1);
        for (int i = 0; i < 366 * 9 && day.Year <= LastYear; i++, day = day.AddDays(1))
        {
            // A day's last times may, where clocks change at midnight, come after the next day's first ones.
            if (On(day, time, zone).Concat(On(day.AddDays(1), time, zone)).Order().FirstOrDefault() is { Year: > 1 } next)
            {
                return next;
            }
        }

        return null;
    }

    private IEnumerable<DateTimeOffset> On(DateOnly day, DateTimeOffset after, TimeZoneInfo zone)
    {
        if (!Has(day))
        {
            yield break;
        }

        foreach (int hour in _hours)
        {
            foreach (int minute in _minutes)
            {
                DateTime local = day.ToDateTime(new TimeOnly(hour, minute));
                if (zone.IsInvalidTime(local))
                {
                    continue;
                }

                TimeSpan offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
                DateTimeOffset time = new(local, offset);
                if (time > after)
                {
                    yield return time.ToUniversalTime();
                }
            }
        }
    }

    private bool Has(DateOnly day)
    {
        int weekDay = (int)day.DayOfWeek + 1;
        return _years.Contains(day.Year)
            && _months.Contains(day.Month)
            && (_monthDays is null || _monthDays.Contains(day.Day))
            && (!_isLastDay || day.AddDays(1).Day == 1)
            && (_weekDays is null || _weekDays.Contains(weekDay))
            && (_nthWeekDay is not { } nth || (nth.Day == weekDay && (day.Day - 1) / 7 == nth.Nth - 1));
    }

    private static SortedSet<int> Field(string text, int least, int most, string[]? names = null)
    {
        SortedSet<int> values = [];
        foreach (string part in text.Split(','))
        {
            string[] steps = part.Split('/');
            string[] ends = steps[0].Split('-');
            int from = steps[0] == "*" ? least : Value(ends[0], names);
            int to = steps[0] == "*" || (steps.Length > 1 && ends.Length == 1) ? most : Value(ends[^1], names);
            int step = steps.Length > 1 ? Value(steps[1], null) : 1;
            if (ends.Length > 2 || steps.Length > 2 || from < least || to > most || from > to || step < 1)
            {
                throw new FormatException(part);
            }

            for (int value = from; value <= to; value += step)
            {
                values.Add(value);
            }
        }

        return values;
    }

    private static int Value(string text, string[]? names)
    {
        int named = names is null ? -1 : Array.FindIndex(names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
        return named >= 0 ? named + 1 : int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
