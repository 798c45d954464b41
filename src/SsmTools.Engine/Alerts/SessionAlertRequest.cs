namespace SsmTools.Engine.Alerts;

/// <summary>Who is to be told when a session starts, and on which nodes.</summary>
public sealed record SessionAlertRequest
{
    /// <summary>The alert's name, which its rule gets.</summary>
    public required string Name { get; init; }

    /// <summary>Tags that a node must have, all of them, each with one of the values; they are looked up when the alert is made.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> NodeTags { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>The nodes by id.</summary>
    public IReadOnlyList<string> InstanceIds { get; init; } = [];

    /// <summary>Whether every node of the region is meant, also those that are yet to come.</summary>
    public bool AllNodes { get; init; }

    /// <summary>The topic that is told; null to have one made.</summary>
    public string? TopicArn { get; init; }

    /// <summary>The addresses that are subscribed: of mail, or <c>https://…</c>.</summary>
    public IReadOnlyList<string> Subscribers { get; init; } = [];
}
