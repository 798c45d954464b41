namespace SsmTools.Engine.Registration;

/// <summary>What one of several targets stands for.</summary>
public sealed record TargetMatch
{
    /// <summary>The target as it was given.</summary>
    public required string Target { get; init; }

    /// <summary>The nodes; empty exactly where there is an error.</summary>
    public required IReadOnlyList<TargetNode> Nodes { get; init; }

    /// <summary>TargetNotFound; null where something was found.</summary>
    public EngineException? Error { get; init; }
}
