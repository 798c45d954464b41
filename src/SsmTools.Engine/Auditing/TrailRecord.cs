namespace SsmTools.Engine.Auditing;

/// <summary>What CloudTrail tells of the start of a session.</summary>
/// <param name="SourceAddress">From where; null where it does not tell.</param>
/// <param name="UserAgent">With what.</param>
/// <param name="Mfa">Whether a second factor had been asked for; null where it does not tell.</param>
internal sealed record TrailRecord(string? SourceAddress, string? UserAgent, bool? Mfa);
