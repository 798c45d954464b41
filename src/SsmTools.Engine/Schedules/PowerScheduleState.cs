using SsmTools.Engine.Aws.Scheduler;

namespace SsmTools.Engine.Schedules;

/// <summary>What there is of a schedule: its two halves as the service has them.</summary>
internal sealed record PowerScheduleState(PowerScheduleNames Names, GetScheduleResponse? Start, GetScheduleResponse? Stop)
{
    public bool IsThere => Start is not null || Stop is not null;

    /// <summary>Gets the half that carries our name and not our mark; null where there is none.</summary>
    public string? Foreign => new[] { Start, Stop }.FirstOrDefault(half => half is not null && !IsOurs(half))?.Name;

    private GetScheduleResponse Any => Start ?? Stop!;

    /// <summary>What it says, as far as it is ours to read.</summary>
    public PowerScheduleDescription Describe()
    {
        (TimeSpan Time, IReadOnlyList<DayOfWeek> Days)? start = PowerTimes.Read(Start?.ScheduleExpression);
        (TimeSpan Time, IReadOnlyList<DayOfWeek> Days)? stop = PowerTimes.Read(Stop?.ScheduleExpression);
        PowerScheduleDescription? target = PowerTarget.Read(Names.Name, Any.Target?.Input);
        PowerScheduleDescription read = (target ?? new PowerScheduleDescription { Name = Names.Name }) with
        {
            StartTime = start?.Time,
            StopTime = stop?.Time,
            Days = start?.Days ?? stop?.Days ?? [],
            TimeZone = Any.ScheduleExpressionTimezone ?? "UTC",
            FlexibleMinutes = Any.FlexibleTimeWindow?.MaximumWindowInMinutes ?? 0,
            Enabled = Any.State != ScheduleState.DISABLED,
            SchedulerRoleArn = Any.Target?.RoleArn,
        };
        return read with { Problem = ProblemOf(read, target, start, stop) };
    }

    private static bool IsOurs(GetScheduleResponse half) =>
        half.Description?.StartsWith(PowerScheduleNames.Mark, StringComparison.Ordinal) == true;

    private string? ProblemOf(
        PowerScheduleDescription read,
        PowerScheduleDescription? target,
        (TimeSpan Time, IReadOnlyList<DayOfWeek> Days)? start,
        (TimeSpan Time, IReadOnlyList<DayOfWeek> Days)? stop)
    {
        if (Foreign is { } foreign)
        {
            return $"{foreign} was not made by SsmTools.";
        }

        if (target is null || (Start is not null && start is null) || (Stop is not null && stop is null))
        {
            return "It was changed by hand into something that SsmTools does not make; Set-SsmPowerSchedule makes it whole.";
        }

        bool differ = Start is not null && Stop is not null
            && (Start.ScheduleExpressionTimezone != Stop.ScheduleExpressionTimezone
                || Start.State != Stop.State
                || PowerTarget.Read(Names.Name, Stop.Target?.Input) != target
                || !new PowerTimes(read.StartTime, read.StopTime, read.Days).StopDays.ToHashSet().SetEquals(stop!.Value.Days));
        return differ ? "Its start and its stop do not fit each other; Set-SsmPowerSchedule makes it whole." : null;
    }
}
