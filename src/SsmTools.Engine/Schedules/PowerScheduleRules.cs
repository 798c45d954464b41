using System.Text.RegularExpressions;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Schedules;

/// <summary>What a schedule may be, whatever is there.</summary>
internal static partial class PowerScheduleRules
{
    private static readonly DayOfWeek[] s_workingDays =
        [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday];

    /// <summary>What is wanted in full: what the request leaves out is as it was, or has its default.</summary>
    /// <param name="request">The request.</param>
    /// <param name="there">What there is; null for nothing.</param>
    /// <exception cref="EngineException">
    /// PowerScheduleTagInvalid, PowerScheduleTimeInvalid, PowerScheduleTimeMissing, TimeZoneUnknown.
    /// </exception>
    public static PowerScheduleDescription Complete(PowerScheduleRequest request, PowerScheduleDescription? there)
    {
        PowerScheduleDescription wanted = new()
        {
            Name = request.Name,
            TagKey = request.TagKey ?? there?.TagKey ?? "",
            TagValue = request.TagKey is null ? there?.TagValue ?? "" : request.TagValue ?? "",
            StartTime = request.StartTime ?? there?.StartTime,
            StopTime = request.StopTime ?? there?.StopTime,
            Days = [.. (request.Days ?? (there?.Days is { Count: > 0 } days ? days : s_workingDays)).Distinct()],
            TimeZone = Iana(request.TimeZone ?? there?.TimeZone ?? TimeZoneInfo.Local.Id),
            FlexibleMinutes = request.FlexibleMinutes ?? there?.FlexibleMinutes ?? 0,
            Enabled = request.Enabled ?? there?.Enabled ?? true,
            MaxConcurrency = request.MaxConcurrency ?? there?.MaxConcurrency ?? "10",
            MaxErrors = request.MaxErrors ?? there?.MaxErrors ?? "25%",
        };
        Check(wanted);
        return wanted;
    }

    /// <exception cref="EngineException">PowerScheduleNameInvalid.</exception>
    public static void CheckName(string name)
    {
        if (!Name().IsMatch(name))
        {
            throw PowerScheduleErrors.BadName(name);
        }
    }

    private static void Check(PowerScheduleDescription wanted)
    {
        if (wanted.TagKey.Length is 0 or > 128 || wanted.TagValue.Length > 256
            || (SsmToolsTag.IsReserved(wanted.TagKey) && wanted.TagKey != SsmToolsTag.Key))
        {
            throw PowerScheduleErrors.NoTag(wanted.Name);
        }

        foreach (TimeSpan time in new[] { wanted.StartTime, wanted.StopTime }.OfType<TimeSpan>())
        {
            if (time < TimeSpan.Zero || time >= TimeSpan.FromDays(1) || time.Ticks % TimeSpan.TicksPerMinute != 0)
            {
                throw PowerScheduleErrors.BadTime(wanted.Name, time);
            }
        }

        if ((wanted.StartTime ?? wanted.StopTime) is null || wanted.Days.Count == 0)
        {
            throw PowerScheduleErrors.NoTime(wanted.Name);
        }

        if (wanted.StartTime == wanted.StopTime)
        {
            throw PowerScheduleErrors.SameTime(wanted.Name);
        }

        if (!TimeZoneInfo.TryFindSystemTimeZoneById(wanted.TimeZone, out _))
        {
            throw PowerScheduleErrors.BadZone(wanted.Name, wanted.TimeZone);
        }
    }

    /// <summary>AWS knows zones by their IANA names; Windows has others.</summary>
    private static string Iana(string zone) => zone != "UTC" && TimeZoneInfo.TryConvertWindowsIdToIanaId(zone, out string? iana) ? iana : zone;

    [GeneratedRegex(@"\A[0-9a-zA-Z][0-9a-zA-Z._-]{0,31}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
