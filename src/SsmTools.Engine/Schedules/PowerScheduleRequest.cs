namespace SsmTools.Engine.Schedules;

/// <summary>A schedule that is wanted, or what of one is to change: what is null is left as it is, or has its default.</summary>
public sealed record PowerScheduleRequest
{
    /// <summary>The schedule's name: 1 to 32 of letters, digits and <c>-_.</c></summary>
    public required string Name { get; init; }

    /// <summary>The key of the tag that instances must have.</summary>
    public string? TagKey { get; init; }

    /// <summary>The value of that tag.</summary>
    public string? TagValue { get; init; }

    /// <summary>When they are started, since midnight; null: nobody starts them.</summary>
    public TimeSpan? StartTime { get; init; }

    /// <summary>When they are stopped, since midnight; before the start: on the day after. Null: nobody stops them.</summary>
    public TimeSpan? StopTime { get; init; }

    /// <summary>The days; null for Monday to Friday.</summary>
    public IReadOnlyList<DayOfWeek>? Days { get; init; }

    /// <summary>The IANA name of the time zone; null for this machine's.</summary>
    public string? TimeZone { get; init; }

    /// <summary>How many minutes later it may be, 0 to 1,440; null for 0.</summary>
    public int? FlexibleMinutes { get; init; }

    /// <summary>Whether it is on; null for true.</summary>
    public bool? Enabled { get; init; }

    /// <summary>How many instances at a time: a number or a share; null for 10.</summary>
    public string? MaxConcurrency { get; init; }

    /// <summary>How many may fail before no more are begun: a number or a share; null for 25%.</summary>
    public string? MaxErrors { get; init; }

    /// <summary>Whether it may overlap with another schedule on the same tag.</summary>
    public bool AllowOverlap { get; init; }
}
