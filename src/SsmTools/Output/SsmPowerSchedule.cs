using System;

namespace SsmTools.Output;

/// <summary>A schedule that starts and stops the instances with a tag.</summary>
public sealed class SsmPowerSchedule
{
    /// <summary>Its name.</summary>
    public string Name { get; internal init; } = "";

    /// <summary>The tag: <c>Env=test</c>.</summary>
    public string Tag { get; internal init; } = "";

    /// <summary>When instances are started, in its time zone; null: nobody starts them.</summary>
    public TimeSpan? StartTime { get; internal init; }

    /// <summary>When they are stopped, in its time zone; null: nobody stops them.</summary>
    public TimeSpan? StopTime { get; internal init; }

    /// <summary>The days on which they are started; where nobody starts them, on which they are stopped.</summary>
    public DayOfWeek[] DayOfWeek { get; internal init; } = [];

    /// <summary>The IANA name of its time zone.</summary>
    public string TimeZone { get; internal init; } = "";

    /// <summary>How many minutes later than its times it may be.</summary>
    public int FlexibleWindow { get; internal init; }

    /// <summary>How many instances are at it at the same time, a number or a share.</summary>
    public string MaxConcurrency { get; internal init; } = "";

    /// <summary>How many may fail before no more are begun, a number or a share.</summary>
    public string MaxErrors { get; internal init; } = "";

    /// <summary>Whether it is on.</summary>
    public bool Enabled { get; internal init; }

    /// <summary>The next start, in this machine's time; null where there is none.</summary>
    public DateTime? NextStart { get; internal init; }

    /// <summary>The next stop, in this machine's time; null where there is none.</summary>
    public DateTime? NextStop { get; internal init; }

    /// <summary>How many hours a week an instance is off by it; null where it only starts or only stops.</summary>
    public double? HoursOff { get; internal init; }

    /// <summary>How many instances have the tag now; null where that may not be asked.</summary>
    public int? InstanceCount { get; internal init; }

    /// <summary>Both multiplied: instance hours saved in a week.</summary>
    public double? HoursSaved { get; internal init; }

    /// <summary>The ARN of the role that switches the instances.</summary>
    public string? AutomationRoleArn { get; internal init; }

    /// <summary>The ARN of the role that starts the runbooks.</summary>
    public string? SchedulerRoleArn { get; internal init; }

    /// <summary>What is not as this module makes it, in a sentence; null where all is.</summary>
    public string? Problem { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
