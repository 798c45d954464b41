namespace SsmTools.Engine.Commands;

/// <summary>A command as it went out to at most fifty nodes.</summary>
/// <param name="CommandId">The service's id of it.</param>
/// <param name="DocumentName">The document.</param>
/// <param name="InstanceIds">The nodes.</param>
/// <param name="RequestedAt">When, UTC.</param>
public sealed record SentCommand(string CommandId, string DocumentName, IReadOnlyList<string> InstanceIds, DateTime RequestedAt);
