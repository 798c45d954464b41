namespace SsmTools.Engine.Commands;

/// <summary>What happened; exactly one of the members is there.</summary>
public sealed record RunCommandEvent
{
    /// <summary>A command went out to some nodes.</summary>
    public SentCommand? Sent { get; init; }

    /// <summary>A node is done. Nothing follows from it.</summary>
    public CommandOutcome? Outcome { get; init; }

    /// <summary>
    /// The command did not reach <see cref="EngineException.Target"/>, and nothing follows from it; or, behind its outcome, its
    /// output could not be had whole.
    /// </summary>
    public EngineException? Failure { get; init; }

    /// <summary>How far it is.</summary>
    public CommandProgress? Progress { get; init; }
}
