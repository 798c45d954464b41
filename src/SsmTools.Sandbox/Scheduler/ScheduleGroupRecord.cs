namespace SsmTools.Sandbox.Scheduler;

/// <summary>A group of schedules.</summary>
internal sealed class ScheduleGroupRecord
{
    public required string Name { get; init; }

    public required string Arn { get; init; }

    public required DateTimeOffset Created { get; init; }

    public SortedDictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

    public string? ClientToken { get; init; }

    public bool IsDeleting { get; set; }
}
