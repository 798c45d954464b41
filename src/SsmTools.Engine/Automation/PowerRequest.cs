namespace SsmTools.Engine.Automation;

/// <summary>Which instances are to be started or stopped, and how many at a time.</summary>
public sealed record PowerRequest
{
    /// <summary>What is to become of them.</summary>
    public required PowerAction Action { get; init; }

    /// <summary>Ids and names, with wildcards or without; empty for all that have the tags.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>Tags that they must have, all of them; values may have EC2's wildcards <c>*</c> and <c>?</c>.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>How many at a time: <c>10</c>, or a share such as <c>25%</c>.</summary>
    public string MaxConcurrency { get; init; } = "10";

    /// <summary>How many may fail before no more are begun: a number or a share.</summary>
    public string MaxErrors { get; init; } = "25%";

    /// <summary>The role whose rights Automation uses, its name or ARN; null for the caller's rights.</summary>
    public string? AssumeRole { get; init; }
}
