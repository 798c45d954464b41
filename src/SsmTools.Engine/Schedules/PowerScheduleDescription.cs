namespace SsmTools.Engine.Schedules;

/// <summary>A schedule that starts and stops the instances with a tag.</summary>
public sealed record PowerScheduleDescription
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The key of the tag.</summary>
    public string TagKey { get; init; } = "";

    /// <summary>The value of the tag.</summary>
    public string TagValue { get; init; } = "";

    /// <summary>When instances are started, since midnight.</summary>
    public TimeSpan? StartTime { get; init; }

    /// <summary>When they are stopped, since midnight.</summary>
    public TimeSpan? StopTime { get; init; }

    /// <summary>The days on which they are started; where nobody starts them, on which they are stopped.</summary>
    public IReadOnlyList<DayOfWeek> Days { get; init; } = [];

    /// <summary>The IANA name of the time zone.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>How many minutes later it may be.</summary>
    public int FlexibleMinutes { get; init; }

    /// <summary>Whether it is on.</summary>
    public bool Enabled { get; init; }

    /// <summary>How many instances at a time.</summary>
    public string MaxConcurrency { get; init; } = "10";

    /// <summary>How many may fail before no more are begun.</summary>
    public string MaxErrors { get; init; } = "25%";

    /// <summary>The next start; null where there is none.</summary>
    public DateTimeOffset? NextStart { get; init; }

    /// <summary>The next stop; null where there is none.</summary>
    public DateTimeOffset? NextStop { get; init; }

    /// <summary>How many hours a week an instance is off by it; null where it only starts or only stops.</summary>
    public double? HoursOff { get; init; }

    /// <summary>How many instances have the tag now; null where that may not be asked.</summary>
    public int? InstanceCount { get; init; }

    /// <summary>Both multiplied.</summary>
    public double? HoursSaved => HoursOff * InstanceCount;

    /// <summary>The role that switches instances.</summary>
    public string? AutomationRoleArn { get; init; }

    /// <summary>The role that starts the runbooks.</summary>
    public string? SchedulerRoleArn { get; init; }

    /// <summary>What is not as SsmTools makes it, in a sentence; null where all is.</summary>
    public string? Problem { get; init; }
}
