using System;
using System.Globalization;
using System.Management.Automation;

namespace SsmTools.Binding;

/// <summary>For a parameter that takes a number of nodes or a share of them: <c>10</c>, <c>25%</c>.</summary>
/// <param name="least">The least number, and the least share.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NodeLimitAttribute(int least) : ValidateArgumentsAttribute
{
    private const int Most = 9_999_999;

    /// <summary>The least number, and the least share.</summary>
    public int Least { get; } = least;

    /// <inheritdoc/>
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        string text = arguments?.ToString() ?? "";
        bool isShare = text.EndsWith('%');
        if (!int.TryParse(isShare ? text.Substring(0, text.Length - 1) : text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            || number < Least
            || number > (isShare ? 100 : Most))
        {
            throw new ValidationMetadataException(
                $"'{text}' is neither a number of nodes from {Least} on nor a share of them from {Least}% to 100%.");
        }
    }
}
