using System.Collections.Generic;

namespace SsmTools.Output;

/// <summary>What one check of the chain from an instance to Systems Manager found out.</summary>
public sealed class SsmFinding
{
    /// <summary>The check's name, for example <c>VpcEndpoint</c>.</summary>
    public string Check { get; internal init; } = "";

    /// <summary><c>Pass</c>, <c>Fail</c>, <c>Warn</c> or <c>Unknown</c>.</summary>
    public string Status { get; internal init; } = "";

    /// <summary>Why it ended so.</summary>
    public string Because { get; internal init; } = "";

    /// <summary>What to do; null where there is nothing to do.</summary>
    public string? Fix { get; internal init; }

    /// <summary>The line that does it; null where none does.</summary>
    public string? Command { get; internal init; }

    /// <summary>The ids, rules and values that were looked at.</summary>
    public IReadOnlyList<string> Evidence { get; internal init; } = [];

    /// <inheritdoc/>
    public override string ToString() => $"{Check}: {Status}";
}
