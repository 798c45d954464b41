namespace SsmTools.Engine.Automation;

/// <summary>What became of one instance.</summary>
public sealed record PowerOutcome
{
    /// <summary>The instance's id.</summary>
    public required string InstanceId { get; init; }

    /// <summary>Its Name tag; null where it has none.</summary>
    public string? Name { get; init; }

    /// <summary>Its state before, in EC2's words.</summary>
    public required string PreviousState { get; init; }

    /// <summary>Its state when it was last looked at.</summary>
    public required string State { get; init; }

    /// <summary>How far it came.</summary>
    public required PowerStatus Status { get; init; }

    /// <summary>The run of Automation that has it; null where none does.</summary>
    public string? ExecutionId { get; init; }

    /// <summary>How long it took, to a poll's length; null where nobody waited.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>What is wrong; null where nothing is.</summary>
    public EngineException? Error { get; init; }
}
