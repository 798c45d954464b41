namespace SsmTools.Engine.Logs;

/// <summary>A log stream as a listing tells of it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="First">The time of its first event, UTC; null where it has none.</param>
/// <param name="Last">The time of its last event, likewise.</param>
internal sealed record LogStreamEntry(string Name, DateTime? First, DateTime? Last);
