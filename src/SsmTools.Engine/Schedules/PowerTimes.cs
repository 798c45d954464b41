using System.Globalization;
using System.Text.RegularExpressions;

namespace SsmTools.Engine.Schedules;

/// <summary>When instances are started and stopped, week by week, in local time.</summary>
internal sealed partial record PowerTimes(TimeSpan? Start, TimeSpan? Stop, IReadOnlyList<DayOfWeek> Days)
{
    private const int MinutesAWeek = 7 * 24 * 60;
    private static readonly string[] s_names = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    /// <summary>Gets the days of the stop: those after, where the night lies between.</summary>
    public IReadOnlyList<DayOfWeek> StopDays => IsOvernight ? [.. Days.Select(day => (DayOfWeek)(((int)day + 1) % 7))] : Days;

    private bool IsOvernight => Start is { } start && Stop <= start;

    /// <summary>Gets how many hours a week instances are off; null unless they are both started and stopped.</summary>
    public double? HoursOff
    {
        get
        {
            if (Start is not { } start || Stop is not { } stop)
            {
                return null;
            }

            bool[] on = new bool[MinutesAWeek];
            int length = (int)((stop - start).TotalMinutes + (IsOvernight ? 24 * 60 : 0));
            foreach (DayOfWeek day in Days)
            {
                int first = ((int)day * 24 * 60) + (int)start.TotalMinutes;
                for (int i = 0; i < length; i++)
                {
                    on[(first + i) % MinutesAWeek] = true;
                }
            }

            return on.Count(minute => !minute) / 60.0;
        }
    }

    /// <summary>The expression for a time on some days: six fields, as EventBridge Scheduler has them.</summary>
    public static string Cron(TimeSpan time, IEnumerable<DayOfWeek> days)
    {
        // Weeks begin on Monday for whoever reads it.
        string names = string.Join(',', days.Distinct().OrderBy(day => ((int)day + 6) % 7).Select(day => s_names[(int)day]));
        return string.Create(CultureInfo.InvariantCulture, $"cron({time.Minutes} {time.Hours} ? * {names} *)");
    }

    /// <summary>Reads what <see cref="Cron"/> makes; null where it is something else.</summary>
    public static (TimeSpan Time, IReadOnlyList<DayOfWeek> Days)? Read(string? expression)
    {
        Match form = Form().Match(expression ?? "");
        if (!form.Success)
        {
            return null;
        }

        int[] days = [.. form.Groups[3].Value.Split(',').Select(name => Array.IndexOf(s_names, name))];
        TimeSpan time = new(Number(form.Groups[2].Value), Number(form.Groups[1].Value), 0);
        return days.Contains(-1) || time >= TimeSpan.FromDays(1) || time.Minutes != Number(form.Groups[1].Value)
            ? null
            : (time, [.. days.Select(day => (DayOfWeek)day)]);
    }

    /// <summary>
    /// The next time after another one. One that a clock change skips is left out, one that it repeats comes once, as AWS
    /// does it.
    /// </summary>
    /// <remarks>Source: EventBridge Scheduler User Guide, "Schedule types", "Daylight savings time".</remarks>
    public static DateTimeOffset? Next(TimeSpan time, IReadOnlyList<DayOfWeek> days, TimeZoneInfo zone, DateTimeOffset after)
    {
        DateTime day = TimeZoneInfo.ConvertTime(after, zone).Date.AddDays(-1);
        for (int i = 0; i < 16; i++, day = day.AddDays(1))
        {
            DateTime local = day + time;
            if (!days.Contains(day.DayOfWeek) || zone.IsInvalidTime(local))
            {
                continue;
            }

            DateTimeOffset next = new(local, zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local));
            if (next > after)
            {
                return next;
            }
        }

        return null;
    }

    /// <summary>The days of the coming year on which there is no such time, because clocks jump over it.</summary>
    public static IEnumerable<DateOnly> Skipped(TimeSpan time, IReadOnlyList<DayOfWeek> days, TimeZoneInfo zone, DateTimeOffset from)
    {
        DateTime first = TimeZoneInfo.ConvertTime(from, zone).Date;
        return Enumerable.Range(0, 366).Select(i => first.AddDays(i))
            .Where(day => days.Contains(day.DayOfWeek) && zone.IsInvalidTime(day + time))
            .Select(DateOnly.FromDateTime);
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\Acron\(([0-9]{1,2}) ([0-9]{1,2}) \? \* ([A-Z,]+) \*\)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
