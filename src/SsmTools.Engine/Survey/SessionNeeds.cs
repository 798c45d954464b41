namespace SsmTools.Engine.Survey;

/// <summary>What the account's session preferences send sessions to.</summary>
/// <param name="LogGroup">The group in CloudWatch Logs; null for none.</param>
/// <param name="Bucket">The bucket for logs; null for none.</param>
/// <param name="KmsKey">The key that sessions are encrypted with; null for none.</param>
internal sealed record SessionNeeds(string? LogGroup, string? Bucket, string? KmsKey);
