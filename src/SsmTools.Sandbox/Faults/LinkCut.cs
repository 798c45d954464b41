namespace SsmTools.Sandbox.Faults;

/// <summary>How a link is to end.</summary>
/// <param name="IsHalfOpen">It stays open, and dead.</param>
/// <param name="CloseCode">The code of its close frame; null for none.</param>
internal sealed record LinkCut(bool IsHalfOpen, int? CloseCode);
