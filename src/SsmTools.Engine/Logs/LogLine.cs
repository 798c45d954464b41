namespace SsmTools.Engine.Logs;

/// <summary>An event of a log stream.</summary>
/// <param name="Time">When it happened, UTC.</param>
/// <param name="Message">Its text: a line, or as many as the writer put into one event.</param>
internal sealed record LogLine(DateTime Time, string Message);
