using System;
using System.Linq;
using SsmTools.Engine.Automation;
using SsmTools.Engine.Schedules;

namespace SsmTools.Output;

/// <summary>From what the engine knows of starts, stops and schedules to what users see.</summary>
internal static class PowerConversion
{
    internal static SsmPowerSchedule ToOutput(this PowerScheduleDescription schedule) => new()
    {
        Name = schedule.Name,
        Tag = schedule.TagKey.Length == 0 ? "" : $"{schedule.TagKey}={schedule.TagValue}",
        StartTime = schedule.StartTime,
        StopTime = schedule.StopTime,
        DayOfWeek = schedule.Days.ToArray(),
        TimeZone = schedule.TimeZone,
        FlexibleWindow = schedule.FlexibleMinutes,
        MaxConcurrency = schedule.MaxConcurrency,
        MaxErrors = schedule.MaxErrors,
        Enabled = schedule.Enabled,
        NextStart = schedule.NextStart?.LocalDateTime,
        NextStop = schedule.NextStop?.LocalDateTime,
        HoursOff = schedule.HoursOff,
        InstanceCount = schedule.InstanceCount,
        HoursSaved = schedule.HoursSaved,
        AutomationRoleArn = schedule.AutomationRoleArn,
        SchedulerRoleArn = schedule.SchedulerRoleArn,
        Problem = schedule.Problem,
    };

    internal static SsmPowerResult ToOutput(this PowerOutcome outcome) => new()
    {
        InstanceId = outcome.InstanceId,
        Name = outcome.Name,
        PreviousState = outcome.PreviousState,
        State = outcome.State,
        Status = outcome.Status.ToString(),
        ExecutionId = outcome.ExecutionId,

        // A look comes every few seconds: fractions of one say nothing.
        Duration = outcome.Duration is { } duration ? TimeSpan.FromSeconds(Math.Round(duration.TotalSeconds)) : null,
        Message = outcome.Error?.Message,
    };
}
