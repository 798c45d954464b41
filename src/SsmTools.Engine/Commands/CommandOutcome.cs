namespace SsmTools.Engine.Commands;

/// <summary>What a command did on one node.</summary>
public sealed record CommandOutcome
{
    /// <summary>The command's id.</summary>
    public required string CommandId { get; init; }

    /// <summary>The node's id.</summary>
    public required string InstanceId { get; init; }

    /// <summary>The node's name; null where it has none.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// The service's word, in detail: Success, Failed, ExecutionTimedOut, DeliveryTimedOut, Cancelled, Terminated,
    /// Undeliverable, InvalidPlatform, AccessDenied.
    /// </summary>
    public required string Status { get; init; }

    /// <summary>What it exited with; null where it did not run to its end.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Its standard output, as far as the service keeps it; all of it where it was put elsewhere, too.</summary>
    public string Output { get; init; } = "";

    /// <summary>Its standard error, likewise.</summary>
    public string Error { get; init; } = "";

    /// <summary>Whether one of the two is not whole.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>What each step wrote, where one of the texts is not whole; else none.</summary>
    internal IReadOnlyList<StepOutput> Steps { get; init; } = [];

    /// <summary>When its first step began on the node, UTC; null where none did.</summary>
    public DateTime? StartedAt { get; init; }

    /// <summary>When its last step ended, UTC.</summary>
    public DateTime? EndedAt { get; init; }

    /// <summary>Whether it did what it should.</summary>
    public bool IsSuccess => Status == "Success";
}
