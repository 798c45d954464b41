using System.Globalization;

namespace SsmTools.Sandbox.Wire;

/// <summary>Times as the protocols write them.</summary>
internal static class Timestamps
{
    public static bool TryParse(string text, out DateTimeOffset time)
    {
        return DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
    }

    public static bool TryFromEpoch(double seconds, out DateTimeOffset time)
    {
        // The limits of DateTimeOffset, a little inside.
        bool possible = seconds is > -62_000_000_000 and < 250_000_000_000;
        time = possible ? DateTimeOffset.UnixEpoch.AddSeconds(seconds) : default;
        return possible;
    }

    /// <summary>ISO 8601: whole seconds, or three digits after the point as EC2 writes them.</summary>
    public static string ToIso(DateTimeOffset time, bool milliseconds)
    {
        string format = milliseconds ? "yyyy-MM-dd'T'HH:mm:ss.fff'Z'" : "yyyy-MM-dd'T'HH:mm:ss'Z'";
        return time.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>Seconds since 1970 with milliseconds, as JSON 1.1 has them.</summary>
    public static double ToEpoch(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;
}
