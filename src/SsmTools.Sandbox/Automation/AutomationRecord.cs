using System.Text.Json.Nodes;
using SsmTools.Sandbox.Security;

namespace SsmTools.Sandbox.Automation;

/// <summary>A run of a runbook: one for itself, one with many targets, or the part that one of those has in it.</summary>
internal sealed class AutomationRecord
{
    public required string Id { get; init; }

    public required long Sequence { get; init; }

    public required string DocumentName { get; init; }

    public required int DocumentVersion { get; init; }

    /// <summary>Gets the document's content.</summary>
    public required JsonObject Document { get; init; }

    /// <summary>Gets what was asked for: names and lists of texts.</summary>
    public required JsonObject Parameters { get; init; }

    /// <summary>Gets the request that it came from, for what is shown as it was asked.</summary>
    public required JsonObject Request { get; init; }

    /// <summary>Gets whose rights the steps use: the assumed role's, or the caller's.</summary>
    public required Principal Actor { get; init; }

    public required string ExecutedBy { get; init; }

    public required DateTimeOffset Started { get; init; }

    public DateTimeOffset? Ended { get; set; }

    public string Status { get; set; } = "Pending";

    public string? Failure { get; set; }

    /// <summary>Gets the run that this is a part of.</summary>
    public AutomationRecord? Parent { get; init; }

    /// <summary>Gets what of that run's targets this is for.</summary>
    public string? Target { get; init; }

    /// <summary>Gets the values that targets came to; null for a run without.</summary>
    public IReadOnlyList<string>? Targets { get; init; }

    /// <summary>Gets the parts that were started, in order.</summary>
    public List<AutomationRecord> Children { get; } = [];

    /// <summary>Gets the steps that were begun.</summary>
    public List<AutomationStep> Steps { get; } = [];

    public bool IsOver => Ended is not null;

    /// <summary>Gets a value indicating whether it was called off and only awaits its parts.</summary>
    public bool IsEnding => Status == "Cancelling";
}
