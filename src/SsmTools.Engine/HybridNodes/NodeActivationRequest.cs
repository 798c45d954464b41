namespace SsmTools.Engine.HybridNodes;

/// <summary>What machines are to be let in, and how.</summary>
public sealed record NodeActivationRequest
{
    /// <summary>The name that the nodes get: 1 to 256 letters, digits, spaces and the characters <c>_.:/=+-@</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The role that the nodes get, by name; null for one that is made for the Region.</summary>
    public string? RoleName { get; init; }

    /// <summary>How many machines may register with the activation: 1 to 1,000.</summary>
    public int RegistrationLimit { get; init; } = 1;

    /// <summary>How long machines may register with it: up to 30 days.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromDays(1);

    /// <summary><c>Standard</c> or <c>Advanced</c>: the tier that all hybrid nodes of the Region are to be in; null to leave it.</summary>
    public string? Tier { get; init; }

    /// <summary>What the join script is to run on.</summary>
    public JoinPlatform Platform { get; init; }

    /// <summary>Where the script is written, for its owner's eyes alone; null where it is not.</summary>
    public string? ScriptPath { get; init; }

    /// <summary>More tags, for the nodes and for what is made.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}
