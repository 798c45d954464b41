namespace SsmTools.Engine.Schedules;

/// <summary>
/// What the parts of a schedule are called. EventBridge Scheduler keeps tags on groups only and gives them out by a call of
/// its own, so that each schedule has a group to itself, and the parts are known by their names together with what their
/// descriptions begin with: neither alone makes anything ours.
/// </summary>
internal sealed class PowerScheduleNames(string name, string region)
{
    /// <summary>What the names of all our schedules begin with, so that one listing has them.</summary>
    public const string Prefix = "ssmtools-";

    /// <summary>What the descriptions of all our schedules begin with.</summary>
    public const string Mark = "SsmTools power schedule ";

    /// <summary>A role's name has 64 characters at most, and the longest ending with a region takes half of them.</summary>
    public const int Longest = 32;

    private const string GroupPrefix = "SsmTools-";

    public string Name => name;

    public string Group => GroupPrefix + name;

    public string Start => $"{Prefix}{name}-start";

    public string Stop => $"{Prefix}{name}-stop";

    /// <summary>Roles are known in all regions, schedules in one.</summary>
    public string AutomationRole => $"{name}-{region}-power-automation";

    public string SchedulerRole => $"{name}-{region}-power-scheduler";

    /// <summary>The name of the schedule that a group is for; null where it is none of ours.</summary>
    public static string? OfGroup(string? group) =>
        group?.StartsWith(GroupPrefix, StringComparison.Ordinal) == true ? group[GroupPrefix.Length..] : null;
}
