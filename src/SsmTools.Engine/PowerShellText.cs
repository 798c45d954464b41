using System.Text.RegularExpressions;

namespace SsmTools.Engine;

/// <summary>Text as PowerShell reads it, for lines and scripts that are meant to be run as they stand.</summary>
internal static partial class PowerShellText
{
    /// <summary>In single quotes, where nothing has a meaning.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>As an argument: bare where it means itself, in quotes where it does not.</summary>
    public static string Argument(string text) => Plain().IsMatch(text) ? text : Quote(text);

    [GeneratedRegex(@"\A[A-Za-z0-9/][A-Za-z0-9/_.:=+-]*\z")]
    private static partial Regex Plain();
}
