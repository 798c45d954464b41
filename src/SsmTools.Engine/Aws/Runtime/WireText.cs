using System.Globalization;
using System.Text;

namespace SsmTools.Engine.Aws.Runtime;

/// <summary>Text that is encoded once more inside its field, and timestamps.</summary>
internal static class WireText
{
    /// <summary>Base64 of UTF-8; bytes that are not UTF-8 become U+FFFD.</summary>
    public static string? FromBase64(string? text) =>
        text is null ? null : Encoding.UTF8.GetString(Convert.FromBase64String(text));

    /// <summary>Percent-encoding as in a path (RFC 3986): a plus sign is a plus sign.</summary>
    public static string? FromPercent(string? text) => text is null ? null : Uri.UnescapeDataString(text);

    public static DateTime ParseTimestamp(string text)
    {
        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal seconds))
        {
            return DateTime.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
        }

        return DateTime.Parse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
    }
}
