namespace SsmTools.Engine.Auditing;

/// <summary>Which sessions are wanted: those that all of its members fit.</summary>
public sealed record SessionLogQuery
{
    /// <summary>The nodes by id; empty for all.</summary>
    public IReadOnlyList<string> InstanceIds { get; init; } = [];

    /// <summary>Whose: an ARN, or a name with or without wildcards; null for everybody's.</summary>
    public string? Owner { get; init; }

    /// <summary>One session by its id; null for any.</summary>
    public string? SessionId { get; init; }

    /// <summary>Started then or later.</summary>
    public DateTimeOffset? After { get; init; }

    /// <summary>Started before.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>Whether only those that go on now are wanted.</summary>
    public bool ActiveOnly { get; init; }

    /// <summary>Whether the text that was logged is read, too.</summary>
    public bool WithText { get; init; }
}
