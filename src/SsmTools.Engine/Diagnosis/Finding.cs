namespace SsmTools.Engine.Diagnosis;

/// <summary>What one check found out about one node.</summary>
public sealed record Finding
{
    /// <summary>The check's stable name, for example <c>VpcEndpoint</c>.</summary>
    public required string Check { get; init; }

    /// <summary>How it ended.</summary>
    public required FindingStatus Status { get; init; }

    /// <summary>The ids, rules and values that were looked at.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];

    /// <summary>Why it ended so, in one sentence without a full stop.</summary>
    public required string Because { get; init; }

    /// <summary>What to do, in words; null where there is nothing to do.</summary>
    public string? Fix { get; init; }

    /// <summary>The line that does it; null where none does.</summary>
    public string? Command { get; init; }

    /// <summary>What exactly is wrong, for whoever repairs it; null where nothing is.</summary>
    internal FindingCause? Cause { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Check}: {Status}: {Because}";
}
