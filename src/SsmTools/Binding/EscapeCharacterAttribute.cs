using System;
using System.Management.Automation;

namespace SsmTools.Binding;

/// <summary>
/// For a parameter that takes an escape character as ssh's -e does: a character, a control character as ^X, or None.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EscapeCharacterAttribute : ValidateArgumentsAttribute
{
    private const char FirstControl = '@';
    private const char LastControl = '_';

    /// <summary>Reads what the attribute lets pass; null is none.</summary>
    internal static char? Read(string text) => text switch
    {
        [char one] => one,
        ['^', char letter] => (char)(char.ToUpperInvariant(letter) - FirstControl),
        _ => null,
    };

    /// <inheritdoc/>
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        if (arguments is not string text || !IsUsable(text))
        {
            throw new ValidationMetadataException(
                $"'{arguments}' cannot begin an escape: give one ASCII character other than . and ?, a control character such as ^], or None.");
        }
    }

    private static bool IsUsable(string text) => text switch
    {
        "." or "?" => false, // the second character of an escape
        [> ' ' and <= '~'] => true,

        // Not those that end a line or begin what a key of its own sends.
        ['^', char letter] => char.ToUpperInvariant(letter) is >= FirstControl and <= LastControl and not ('J' or 'M' or '['),
        _ => text.Equals("None", StringComparison.OrdinalIgnoreCase),
    };
}
