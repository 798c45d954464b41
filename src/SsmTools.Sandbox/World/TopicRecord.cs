namespace SsmTools.Sandbox.World;

/// <summary>A topic of SNS, whom it tells, and what it told.</summary>
internal sealed class TopicRecord
{
    public const int MostMessages = 1000;

    public required string Name { get; init; }

    public required string Arn { get; init; }

    /// <summary>Gets or sets who may publish, JSON.</summary>
    public required string Policy { get; set; }

    public string DisplayName { get; set; } = "";

    /// <summary>Gets or sets the key that messages are encrypted with; empty for none. It is told, and encrypts nothing here.</summary>
    public string KmsKeyId { get; set; } = "";

    public SortedDictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

    public List<SubscriptionRecord> Subscriptions { get; } = [];

    /// <summary>Gets what was published, oldest first; the last thousand.</summary>
    public List<TopicMessage> Messages { get; } = [];
}
