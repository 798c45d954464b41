namespace SsmTools.Engine.Automation;

/// <summary>What happened; exactly one of the members is there.</summary>
public sealed record PowerEvent
{
    /// <summary>An instance is done with.</summary>
    public PowerOutcome? Outcome { get; init; }

    /// <summary>How far it is.</summary>
    public PowerProgress? Progress { get; init; }
}
