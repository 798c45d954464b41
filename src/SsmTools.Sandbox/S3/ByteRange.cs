using System.Globalization;

namespace SsmTools.Sandbox.S3;

/// <summary>The one range that S3 gives at a time (RFC 9110, 14).</summary>
internal static class ByteRange
{
    /// <summary>Where the range begins and how long it is; null for everything, which is also what malformed ones get.</summary>
    public static (int Start, int Count)? Read(string? field, int length)
    {
        if (field is null || !field.StartsWith("bytes=", StringComparison.Ordinal) || field["bytes=".Length..].Split('-') is not [string first, string last])
        {
            return null;
        }

        bool hasFirst = long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out long start);
        bool hasLast = long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out long end);
        if ((!hasFirst && first.Length > 0) || (!hasLast && last.Length > 0) || (!hasFirst && !hasLast) || (hasFirst && hasLast && end < start))
        {
            return null;
        }

        // Without a first byte it is so many from the end.
        long from = hasFirst ? start : Math.Max(0, length - end);
        long to = hasFirst && hasLast ? Math.Min(end, length - 1) : length - 1;
        return from > to
            ? throw StorageError.Create("InvalidRange", "The requested range is not satisfiable", 416)
            : ((int)from, (int)(to - from + 1));
    }
}
