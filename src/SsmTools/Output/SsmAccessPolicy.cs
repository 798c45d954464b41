using System.Collections.Generic;

namespace SsmTools.Output;

/// <summary>A policy for operators, and how it was proven.</summary>
public sealed class SsmAccessPolicy
{
    /// <summary>The managed policy's name; null where only the document was asked for.</summary>
    public string? Name { get; internal init; }

    /// <summary>The managed policy's ARN; null where none was made.</summary>
    public string? Arn { get; internal init; }

    /// <summary>The document, JSON.</summary>
    public string Json { get; internal init; } = "";

    /// <summary>Its characters as IAM counts them, of which it takes 6144.</summary>
    public int Length { get; internal init; }

    /// <summary>Whether the policy simulator confirmed it; null where it may not be asked.</summary>
    public bool? Verified { get; internal init; }

    /// <summary>What the simulator was asked, and what it said.</summary>
    public IReadOnlyList<SsmAccessCheck> Checks { get; internal init; } = [];

    /// <summary>Whom it is attached to: user/ann, role/ops, group/operators.</summary>
    public IReadOnlyList<string> AttachedTo { get; internal init; } = [];

    /// <summary>True where this call made it; false where it was there.</summary>
    public bool Created { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => Name ?? Json;
}
