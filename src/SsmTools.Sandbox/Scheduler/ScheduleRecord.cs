using System.Text.Json.Nodes;

namespace SsmTools.Sandbox.Scheduler;

/// <summary>A schedule. Read and changed under the world's lock.</summary>
internal sealed class ScheduleRecord
{
    public required string Name { get; init; }

    public required string Group { get; init; }

    public required string Arn { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Modified { get; set; }

    /// <summary>Gets or sets what was asked for last: the request without what addresses it.</summary>
    public required JsonObject Request { get; set; }

    public required ScheduleTimes Times { get; set; }

    public string? ClientToken { get; set; }

    /// <summary>Gets or sets a number that grows with each change: a late timer knows it is late.</summary>
    public int Epoch { get; set; }

    /// <summary>Gets when it came due, and what became of it: a run's id, or an error's code and words.</summary>
    public List<(DateTimeOffset Time, string? Execution, string? Error)> Calls { get; } = [];
}
