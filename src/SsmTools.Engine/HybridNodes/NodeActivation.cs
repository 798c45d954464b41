namespace SsmTools.Engine.HybridNodes;

/// <summary>Leave for machines to become nodes. Code and script are secret, so that this shows neither by itself.</summary>
public sealed class NodeActivation
{
    /// <summary>The name that the nodes get.</summary>
    public required string Name { get; init; }

    /// <summary>The activation's id, which is no secret.</summary>
    public required string ActivationId { get; init; }

    /// <summary>The secret that goes with it; the service tells it once.</summary>
    public required string ActivationCode { get; init; }

    /// <summary>The role that the nodes get.</summary>
    public required string RoleName { get; init; }

    /// <summary>How many machines may register.</summary>
    public required int RegistrationLimit { get; init; }

    /// <summary>Until when, UTC.</summary>
    public required DateTime Expires { get; init; }

    /// <summary>The region that they register in.</summary>
    public required string Region { get; init; }

    /// <summary><c>standard</c> or <c>advanced</c>; null where it could not be read.</summary>
    public string? Tier { get; init; }

    /// <summary>What the script runs on.</summary>
    public JoinPlatform Platform { get; init; }

    /// <summary>The script, with the code in it.</summary>
    public required string Script { get; init; }

    /// <summary>The file that it was written to, or null.</summary>
    public string? ScriptPath { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({ActivationId})";
}
