namespace SsmTools.Engine.Access;

/// <summary>An operator's policy, and what the policy simulator said of it.</summary>
public sealed record AccessPolicy
{
    /// <summary>The managed policy's name; null where none was made.</summary>
    public string? Name { get; init; }

    /// <summary>The managed policy's ARN; null where none was made.</summary>
    public string? Arn { get; init; }

    /// <summary>The policy's document, JSON.</summary>
    public string Json { get; init; } = string.Empty;

    /// <summary>Its length as IAM counts: without white space.</summary>
    public int Length { get; init; }

    /// <summary>What was asked of the policy simulator; empty where it may not be asked.</summary>
    public IReadOnlyList<AccessCheck> Checks { get; init; } = [];

    /// <summary>Whether every check came out as it must; null where the simulator may not be asked.</summary>
    public bool? Verified { get; init; }

    /// <summary>Whom it is attached to: <c>user/ann</c>, <c>role/ops</c>, <c>group/operators</c>.</summary>
    public IReadOnlyList<string> AttachedTo { get; init; } = [];

    /// <summary>Whether this run made the managed policy.</summary>
    public bool Created { get; init; }

    /// <summary>What whoever it is attached to has beside it that spoils it.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
