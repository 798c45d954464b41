using System.Text.Json.Nodes;

namespace SsmTools.Sandbox.World;

/// <summary>A document that is to be run on nodes again and again.</summary>
internal sealed class AssociationRecord
{
    /// <summary>As many runs as are remembered.</summary>
    public const int Remembered = 60;

    public required string Id { get; init; }

    public required long Sequence { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>Gets or sets the version: one more with each change.</summary>
    public int Version { get; set; } = 1;

    public DateTimeOffset Updated { get; set; }

    /// <summary>Gets or sets all that it was made with: Name, Targets, Parameters, ScheduleExpression…</summary>
    public required JsonObject Request { get; set; }

    /// <summary>Gets its tags.</summary>
    public SortedDictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the runs, the latest one last.</summary>
    public List<AssociationRun> Runs { get; } = [];

    /// <summary>Gets the run that was the last one for each node.</summary>
    public Dictionary<string, AssociationRun> LastByNode { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets or sets what starts the next run.</summary>
    public ITimer? Timer { get; set; }

    /// <summary>Gets or sets a value indicating whether it was deleted.</summary>
    public bool IsGone { get; set; }

    public AssociationRun? LastRun => Runs.Count > 0 ? Runs[^1] : null;
}
