using System.Globalization;

namespace SsmTools.Engine.Schedules;

/// <summary>What can be wrong with a schedule.</summary>
internal static class PowerScheduleErrors
{
    public static EngineException BadName(string name) => new(
        "PowerScheduleNameInvalid",
        ErrorKind.InvalidArgument,
        $"'{name}' cannot be a schedule's name.",
        $"Names have 1 to {PowerScheduleNames.Longest} letters, digits, hyphens, underscores and dots.",
        name);

    public static EngineException BadTime(string name, TimeSpan time) => new(
        "PowerScheduleTimeInvalid",
        ErrorKind.InvalidArgument,
        $"{time} is no time of a day in whole minutes.",
        "Give hours and minutes, for example 07:30; 24:00 is 00:00.",
        name);

    public static EngineException NoTime(string name) => new(
        "PowerScheduleTimeMissing",
        ErrorKind.InvalidArgument,
        $"Schedule {name} has neither a start nor a stop.",
        "Give -StartTime, -StopTime or both.",
        name);

    public static EngineException Unreadable(string name, string what, string? expression, string parameter) => new(
        "PowerScheduleTimeMissing",
        ErrorKind.InvalidArgument,
        $"The {what} of schedule {name} was changed by hand into {expression}, which is no time on days of the week.",
        $"Say when it is to be: Set-SsmPowerSchedule {name} {parameter} 07:30",
        name);

    public static EngineException SameTime(string name) => new(
        "PowerScheduleTimeInvalid",
        ErrorKind.InvalidArgument,
        $"Schedule {name} would start and stop instances at the same time.",
        "Give two times that differ.",
        name);

    public static EngineException BadZone(string name, string zone) => new(
        "TimeZoneUnknown",
        ErrorKind.InvalidArgument,
        $"'{zone}' is not the name of a time zone.",
        "Give an IANA name such as Europe/Berlin or UTC; the Tab key completes them.",
        name);

    public static EngineException NoTag(string name) => new(
        "PowerScheduleTagInvalid",
        ErrorKind.InvalidArgument,
        $"Schedule {name} is for one tag: a key of 1 to 128 characters and a value of up to 256.",
        "Give one, for example -Tag @{ Env = 'test' }.",
        name);

    public static EngineException NotFound(string name, string region) => new(
        "PowerScheduleNotFound",
        ErrorKind.ObjectNotFound,
        $"There is no schedule {name} in {region}.",
        "Get-SsmPowerSchedule lists those that there are; New-SsmPowerSchedule makes one.",
        name);

    public static EngineException Exists(string name, string what) => new(
        "PowerScheduleExists",
        ErrorKind.ResourceExists,
        $"Schedule {name} exists with {what}.",
        $"Change it with Set-SsmPowerSchedule {name}, or choose another name.",
        name);

    public static EngineException Foreign(string name, string schedule) => new(
        "PowerScheduleNotManaged",
        ErrorKind.InvalidOperation,
        $"Schedule {schedule} was not made by SsmTools: its description does not say so.",
        $"Choose another name; Remove-SsmPowerSchedule {name} -Force deletes it all the same.",
        name);

    public static EngineException RoleTaken(string name, string role) => new(
        "PowerScheduleRoleTaken",
        ErrorKind.ResourceExists,
        $"Role {role} exists and was not made by SsmTools for schedule {name}.",
        "Choose another name for the schedule.",
        name);

    public static EngineException Overlap(string name, PowerScheduleDescription other) => new(
        "PowerScheduleOverlap",
        ErrorKind.ResourceExists,
        $"Schedule {other.Name} switches instances with the tag {other.TagKey}={other.TagValue} on some of the same days.",
        $"Change that one with Set-SsmPowerSchedule {other.Name}; or use -Force to have both, and whichever comes last counts.",
        name);

    /// <summary>A time that clocks jump over.</summary>
    public static string Skipped(string what, TimeSpan time, string zone, DateOnly day) => string.Create(
        CultureInfo.InvariantCulture,
        $"On {day:yyyy-MM-dd} clocks in {zone} jump over {time:hh\\:mm}: AWS leaves that {what} out, and the next one comes on the next of its days.");
}
