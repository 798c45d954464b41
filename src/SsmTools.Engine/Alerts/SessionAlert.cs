namespace SsmTools.Engine.Alerts;

/// <summary>An alert as it is.</summary>
public sealed record SessionAlert
{
    /// <summary>The alert's name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether its rules are on.</summary>
    public bool Enabled { get; init; }

    /// <summary>The topic that is told; null where no rule has one.</summary>
    public string? TopicArn { get; init; }

    /// <summary>The names of its rules: a pattern holds 75 nodes, so there may be several.</summary>
    public IReadOnlyList<string> RuleNames { get; init; } = [];

    /// <summary>The nodes that it is about; empty for all.</summary>
    public IReadOnlyList<string> InstanceIds { get; init; } = [];

    /// <summary>Who is subscribed to the topic; empty also where that may not be asked.</summary>
    public IReadOnlyList<string> Subscribers { get; init; } = [];

    /// <summary>Of these, who has yet to confirm it.</summary>
    public IReadOnlyList<string> Pending { get; init; } = [];
}
