namespace SsmTools.Engine.Sessions;

/// <summary>What happened on one of the nodes; exactly one of the last three is there.</summary>
public sealed record FleetCommandEvent
{
    /// <summary>The node's id.</summary>
    public required string Target { get; init; }

    /// <summary>The node's name; null where it has none, or it may not be known.</summary>
    public string? Name { get; init; }

    /// <summary>The command wrote something.</summary>
    public CommandText? Text { get; init; }

    /// <summary>The command is over. Nothing follows from this node.</summary>
    public CommandResult? Result { get; init; }

    /// <summary>The command could not be run, or was lost. Nothing follows from this node.</summary>
    public EngineException? Failure { get; init; }
}
