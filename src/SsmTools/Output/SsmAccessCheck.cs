namespace SsmTools.Output;

/// <summary>Something that somebody with a policy may try, and whether that ends as it must.</summary>
public sealed class SsmAccessCheck
{
    /// <summary>True where it came out as it must.</summary>
    public bool Passed { get; internal init; }

    /// <summary>How it must end: Allowed or Denied.</summary>
    public string Expected { get; internal init; } = "";

    /// <summary>The simulator's word: allowed, implicitDeny or explicitDeny.</summary>
    public string Decision { get; internal init; } = "";

    /// <summary>The action.</summary>
    public string Action { get; internal init; } = "";

    /// <summary>What it is tried on, in words.</summary>
    public string Case { get; internal init; } = "";

    /// <summary>The resource's ARN, or a star.</summary>
    public string Resource { get; internal init; } = "";

    /// <summary>Whose policies were asked: null for the policy by itself, else for example user/ann.</summary>
    public string? Principal { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Action} {Case}: {Decision}";
}
