using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Registration;

/// <summary>Which nodes are wanted: those that all of its members fit. What a member leaves out is not asked for.</summary>
public sealed record NodeQuery
{
    /// <summary>Ids (<c>i-…</c>, <c>mi-…</c>), names, and names with wildcards; empty for every node.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>Names, with wildcards or without; one of them has to fit.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Tags; values may have wildcards, and all have to fit.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary><c>Linux</c>, <c>Windows</c> or <c>MacOS</c>.</summary>
    public string? PlatformType { get; init; }

    /// <summary>Of <c>Online</c>, <c>ConnectionLost</c> and <c>Inactive</c>, those that are wanted.</summary>
    public IReadOnlyList<string> PingStatuses { get; init; } = [];

    /// <summary>EC2's words for the states that are wanted; empty for all but those of instances that are gone.</summary>
    public IReadOnlyList<string> States { get; init; } = [];

    /// <summary>True for nodes that Systems Manager knows, false for those that it does not.</summary>
    public bool? Managed { get; init; }

    /// <summary>Whether only what EC2 knows can answer it.</summary>
    internal bool NeedsEc2 => Managed == false || States.Count > 0 || Tags.Count > 0;

    /// <summary>Whether only what Systems Manager knows can answer it.</summary>
    internal bool NeedsSystemsManager => Managed is not null || PingStatuses.Count > 0;

    /// <summary>Whether Systems Manager can narrow it down best: nothing is asked that EC2 could filter by.</summary>
    internal bool IsForSystemsManager => (Managed == true || PingStatuses.Count > 0) && Names.Count == 0 && !NeedsEc2;

    /// <summary>Whether a node that is no instance may fit.</summary>
    internal bool MayBeHybrid => Managed != false && States.Count == 0;

    /// <summary>Whether a node is wanted.</summary>
    /// <param name="node">The node.</param>
    /// <param name="isNamed">Whether it was asked for by its id, so that being gone is no reason to leave it out.</param>
    internal bool Fits(InventoryNode node, bool isNamed)
    {
        string? state = node.Instance?.State;
        return (Managed is null || node.Managed == Managed)
            && (PlatformType is null || string.Equals(node.PlatformType, PlatformType, StringComparison.OrdinalIgnoreCase))
            && (PingStatuses.Count == 0 || PingStatuses.Contains(node.PingStatus, StringComparer.OrdinalIgnoreCase))
            && (States.Count > 0
                ? States.Contains(state, StringComparer.OrdinalIgnoreCase)
                : isNamed || state is not ("terminated" or "shutting-down"))
            && (Names.Count == 0 || Names.Any(name => node.Name is { } has && new NamePattern(name).Matches(has)))
            && HasTags(node.Instance);
    }

    // Of a node that is no instance the tags are not told; the service has filtered by them.
    private bool HasTags(InstanceDescription? instance) => instance is null || Tags.All(tag =>
        instance.Tags.TryGetValue(tag.Key, out string? value) && new NamePattern(tag.Value).Matches(value));
}
