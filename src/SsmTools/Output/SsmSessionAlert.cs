using System.Collections.Generic;

namespace SsmTools.Output;

/// <summary>An alert: who is told when a session starts on which nodes.</summary>
public sealed class SsmSessionAlert
{
    /// <summary>The alert's name, and that of its first rule.</summary>
    public string Name { get; internal init; } = "";

    /// <summary>Whether its rules are on.</summary>
    public bool Enabled { get; internal init; }

    /// <summary>The topic that is told.</summary>
    public string? TopicArn { get; internal init; }

    /// <summary>The nodes, by the ids that they had when the alert was made; empty for all.</summary>
    public IReadOnlyList<string> InstanceId { get; internal init; } = [];

    /// <summary>How many nodes that are, or all.</summary>
    public string Nodes => InstanceId.Count == 0 ? "all" : $"{InstanceId.Count}";

    /// <summary>Who is subscribed to the topic.</summary>
    public IReadOnlyList<string> Subscriber { get; internal init; } = [];

    /// <summary>Of these, who has yet to confirm it.</summary>
    public IReadOnlyList<string> Pending { get; internal init; } = [];

    /// <summary>The names of its rules.</summary>
    public IReadOnlyList<string> RuleName { get; internal init; } = [];

    /// <inheritdoc/>
    public override string ToString() => Name;
}
