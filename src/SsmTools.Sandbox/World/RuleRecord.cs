using System.Text.Json.Nodes;

namespace SsmTools.Sandbox.World;

/// <summary>A rule of EventBridge on the default bus.</summary>
internal sealed class RuleRecord
{
    public required string Name { get; init; }

    public required string Arn { get; init; }

    public string? Pattern { get; set; }

    public string? Schedule { get; set; }

    public string? Description { get; set; }

    public bool Enabled { get; set; } = true;

    public SortedDictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the targets by their ids, as they were put.</summary>
    public SortedDictionary<string, JsonObject> Targets { get; } = new(StringComparer.Ordinal);
}
