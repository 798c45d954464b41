using System.Text.Json.Nodes;

namespace SsmTools.Sandbox.World;

/// <summary>An API call as CloudTrail writes it down: without secrets.</summary>
internal sealed record TrailEvent
{
    public required string Id { get; init; }

    public required long Sequence { get; init; }

    public required DateTimeOffset Time { get; init; }

    public required string Name { get; init; }

    /// <summary>Gets for example <c>ssm.amazonaws.com</c>.</summary>
    public required string Source { get; init; }

    public required bool ReadOnly { get; init; }

    public required string UserName { get; init; }

    public string? AccessKeyId { get; init; }

    /// <summary>Gets the record, as trails and rules get it.</summary>
    public required JsonObject Record { get; init; }
}
