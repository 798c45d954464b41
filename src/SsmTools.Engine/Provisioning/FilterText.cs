namespace SsmTools.Engine.Provisioning;

/// <summary>Text in EC2's filters, where <c>*</c> and <c>?</c> stand for others.</summary>
internal static class FilterText
{
    /// <summary>A value that stands for itself alone.</summary>
    public static string Literal(string value) => value
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("*", "\\*", StringComparison.Ordinal)
        .Replace("?", "\\?", StringComparison.Ordinal);
}
