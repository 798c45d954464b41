namespace SsmTools.Engine.Automation;

/// <summary>How far a run is.</summary>
/// <param name="Total">How many instances there are.</param>
/// <param name="Done">How many are in the state that was asked for.</param>
/// <param name="Failed">How many will not be.</param>
/// <param name="Elapsed">How long it has taken.</param>
/// <param name="Timeout">How long it may take.</param>
public sealed record PowerProgress(int Total, int Done, int Failed, TimeSpan Elapsed, TimeSpan Timeout);
