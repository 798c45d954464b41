namespace SsmTools.Engine.Survey;

/// <summary>What is known of a role.</summary>
internal sealed record RoleFacts
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its ARN.</summary>
    public required string Arn { get; init; }

    /// <summary>Who may take it: the document as IAM hands it out.</summary>
    public string? TrustPolicy { get; init; }

    /// <summary>What is attached to it, by name.</summary>
    public IReadOnlyList<string> AttachedPolicies { get; init; } = [];

    /// <summary>All its policies: those attached and those written into it.</summary>
    public Reading<IReadOnlyList<PolicyText>> Policies { get; init; } = new([]);

    /// <summary>The ARN of its permissions boundary; null where it has none, or that is not known.</summary>
    public string? BoundaryArn { get; init; }

    /// <summary>Its permissions boundary; a value of null where it has none, or the policy is gone.</summary>
    public Reading<PolicyText> Boundary { get; init; }

    /// <summary>
    /// The actions of the agent that AWS's own simulation says are denied, by what: an organization's policy shows only
    /// there. Empty where it was not asked, or said nothing of the kind.
    /// </summary>
    public IReadOnlyList<string> DeniedByOrganization { get; init; } = [];
}
