namespace SsmTools.Engine.Auditing;

/// <summary>What was logged of a session.</summary>
/// <param name="Location">Where: <c>s3://…</c> or <c>logs:group/stream</c>.</param>
/// <param name="Text">The text, or its beginning.</param>
/// <param name="IsCut">Whether there is more.</param>
internal sealed record SessionText(string Location, string Text, bool IsCut);
