namespace SsmTools.Engine.HostManagement;

/// <summary>One task of a set, and how it stands.</summary>
public sealed record HostManagementState
{
    /// <summary>The set's name; the association's, where SsmTools did not make it.</summary>
    public required string Name { get; init; }

    /// <summary>AgentUpdate, Inventory, PatchScan, CloudWatchAgent, CloudWatchConfig or DefaultHostManagement.</summary>
    public required string Task { get; init; }

    /// <summary>The association's id; null for Default Host Management.</summary>
    public string? AssociationId { get; init; }

    /// <summary>What runs: a document, or the role that Default Host Management gives.</summary>
    public string? Document { get; init; }

    /// <summary>When, for example <c>rate(14 days)</c>; null for once.</summary>
    public string? Schedule { get; init; }

    /// <summary>On what: <c>all</c>, <c>tag Env=prod</c>, ids.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>Success, Failed, Pending; On or Off for Default Host Management.</summary>
    public string? Status { get; init; }

    /// <summary>On how many nodes it went well the last time.</summary>
    public int Succeeded { get; init; }

    /// <summary>On how many it failed.</summary>
    public int Failed { get; init; }

    /// <summary>How many it has not reached yet.</summary>
    public int Pending { get; init; }

    /// <summary>When it ran last, UTC.</summary>
    public DateTime? LastRun { get; init; }

    /// <summary>SsmTools, QuickSetup or Other; Unknown where the role of Default Host Management may not be read.</summary>
    public required string MadeBy { get; init; }
}
