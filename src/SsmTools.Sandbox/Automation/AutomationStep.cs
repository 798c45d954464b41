using System.Text.Json.Nodes;

namespace SsmTools.Sandbox.Automation;

/// <summary>A step of a run that was begun.</summary>
internal sealed class AutomationStep
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Action { get; init; }

    public required string OnFailure { get; init; }

    public required int TimeoutSeconds { get; init; }

    /// <summary>Gets the inputs with their placeholders filled in.</summary>
    public required JsonObject Inputs { get; init; }

    public required DateTimeOffset Started { get; init; }

    public required bool IsLast { get; init; }

    public DateTimeOffset? Ended { get; set; }

    public string Status { get; set; } = "InProgress";

    public string? Failure { get; set; }
}
