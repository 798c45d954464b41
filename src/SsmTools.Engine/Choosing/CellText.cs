using System.Globalization;
using System.Text;

namespace SsmTools.Engine.Choosing;

/// <summary>Text in the cells of a terminal: names come from tags, where anything may stand.</summary>
internal static class CellText
{
    private const string Cut = "…";

    /// <summary>The text in one line and without anything that a terminal would obey.</summary>
    public static string Plain(string text) =>
        text.Any(IsObeyed) ? string.Concat(text.Select(one => IsObeyed(one) ? '\uFFFD' : one)) : text;

    /// <summary>How many cells the text takes.</summary>
    public static int Width(string text)
    {
        int width = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            width += Width(rune);
        }

        return width;
    }

    /// <summary>The text in exactly so many cells: filled with blanks, or cut with a sign that it is.</summary>
    public static string Fit(string text, int cells)
    {
        int width = Width(text);
        if (width <= cells)
        {
            return text + new string(' ', cells - width);
        }

        StringBuilder kept = new();
        int left = cells - 1;
        foreach (Rune rune in text.EnumerateRunes())
        {
            int needed = Width(rune);
            if (needed > left)
            {
                break;
            }

            kept.Append(rune.ToString());
            left -= needed;
        }

        return cells < 1 ? string.Empty : kept + Cut + new string(' ', left);
    }

    private static bool IsObeyed(char one) =>
        char.IsControl(one) || one is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    private static int Width(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => 0,
        _ => IsWide(rune.Value) ? 2 : 1,
    };

    // East Asian Width W and F (Unicode Standard Annex 11), by blocks.
    private static bool IsWide(int code) => code
        is (>= 0x1100 and <= 0x115F)
        or (>= 0x2E80 and <= 0xA4CF and not 0x303F)
        or (>= 0xA960 and <= 0xA97F)
        or (>= 0xAC00 and <= 0xD7A3)
        or (>= 0xF900 and <= 0xFAFF)
        or (>= 0xFE30 and <= 0xFE6F)
        or (>= 0xFF00 and <= 0xFF60)
        or (>= 0xFFE0 and <= 0xFFE6)
        or (>= 0x1F300 and <= 0x1FAFF)
        or (>= 0x20000 and <= 0x3FFFD);
}
