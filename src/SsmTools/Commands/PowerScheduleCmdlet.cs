using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using SsmTools.Binding;
using SsmTools.Completion;
using SsmTools.Engine.Schedules;

namespace SsmTools.Commands;

/// <summary>What New-SsmPowerSchedule and Set-SsmPowerSchedule have in common: when, and how many at a time.</summary>
public abstract class PowerScheduleCmdlet : PlanCmdlet
{
    [Parameter]
    public TimeSpan? StartTime { get; set; }

    [Parameter]
    public TimeSpan? StopTime { get; set; }

    [Parameter]
    [Alias("Day", "Weekday")]
    [ValidateNotNullOrEmpty]
    public DayOfWeek[]? DayOfWeek { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    [ValidateNotNullOrEmpty]
    public string? TimeZone { get; set; }

    [Parameter]
    [ValidateRange(0, 1440)]
    public int? FlexibleWindow { get; set; }

    [Parameter]
    [NodeLimit(1)]
    public string? MaxConcurrency { get; set; }

    [Parameter]
    [NodeLimit(0)]
    public string? MaxErrors { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>What was asked for.</summary>
    /// <param name="name">The schedule's name.</param>
    /// <param name="tag">The tag; null for the one that it has.</param>
    private protected PowerScheduleRequest Read(string name, Hashtable? tag)
    {
        KeyValuePair<string, string>[] tags = TagTable.Read(tag).ToArray();
        return new PowerScheduleRequest
        {
            Name = name,
            TagKey = tag is null ? null : tags.Length == 1 ? tags[0].Key : "",
            TagValue = tags.Length == 1 ? tags[0].Value : null,
            StartTime = StartTime,
            StopTime = StopTime,
            Days = DayOfWeek,
            TimeZone = TimeZone,
            FlexibleMinutes = FlexibleWindow,
            MaxConcurrency = MaxConcurrency,
            MaxErrors = MaxErrors,
            AllowOverlap = Force,
        };
    }
}
