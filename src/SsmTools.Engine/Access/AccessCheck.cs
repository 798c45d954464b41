namespace SsmTools.Engine.Access;

/// <summary>One question to the policy simulator, and its answer.</summary>
public sealed record AccessCheck
{
    /// <summary>Whose policies were asked: null for this policy by itself, else for example <c>user/ann</c>.</summary>
    public string? Principal { get; init; }

    /// <summary>The action, for example <c>ssm:StartSession</c>.</summary>
    public required string Action { get; init; }

    /// <summary>What the case is, in words: <c>a node with Team=web</c>.</summary>
    public required string Case { get; init; }

    /// <summary>The resource's ARN, or <c>*</c>.</summary>
    public required string Resource { get; init; }

    /// <summary>Whether it must be allowed.</summary>
    public required bool MustBeAllowed { get; init; }

    /// <summary>The simulator's word: <c>allowed</c>, <c>implicitDeny</c> or <c>explicitDeny</c>.</summary>
    public required string Decision { get; init; }

    /// <summary>Whether that is as it must be.</summary>
    public bool Passed => MustBeAllowed ? Decision == "allowed" : Decision is "implicitDeny" or "explicitDeny";
}
