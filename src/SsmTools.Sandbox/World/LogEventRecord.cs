namespace SsmTools.Sandbox.World;

/// <summary>One event of a log stream.</summary>
/// <param name="Timestamp">When it happened: milliseconds since 1970.</param>
/// <param name="Sequence">Its place among all events of the account.</param>
/// <param name="Message">The text.</param>
/// <param name="Ingested">When it arrived, likewise.</param>
internal sealed record LogEventRecord(long Timestamp, long Sequence, string Message, long Ingested);
