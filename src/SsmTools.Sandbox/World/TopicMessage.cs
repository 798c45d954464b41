namespace SsmTools.Sandbox.World;

/// <summary>Something that a topic told.</summary>
internal sealed record TopicMessage(string Id, string? Subject, string Text, DateTimeOffset Time);
