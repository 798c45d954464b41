namespace SsmTools.Binding;

/// <summary>An instance or node as the user named it: an id, or the value of a Name tag.</summary>
public sealed class SsmTargetParameter
{
    /// <summary>Takes an id or a name.</summary>
    /// <param name="value">For example <c>i-0123456789abcdef0</c>, <c>mi-0123456789abcdef0</c> or <c>web</c>.</param>
    public SsmTargetParameter(string value)
    {
        Value = value;
    }

    /// <summary>The id or name.</summary>
    public string Value { get; }

    /// <summary>Why it is known not to be registered; null where nothing is known.</summary>
    internal string? NotRegisteredBecause { get; init; }

    /// <summary>True where it is known to run Windows.</summary>
    internal bool IsWindows { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
