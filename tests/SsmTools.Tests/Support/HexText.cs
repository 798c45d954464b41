namespace SsmTools.Tests.Support;

/// <summary>Lower-case hex, as the documents of protocols print it.</summary>
internal static class HexText
{
    /// <summary>Two digits for each byte.</summary>
    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexString(bytes).ToLowerInvariant();
}
