using System.Text;

namespace SsmTools.Sandbox.Wire;

/// <summary>
/// Cuts listings into pages. A token names the last item given rather than a position, so that what comes and goes between
/// two pages neither repeats an item nor skips one.
/// </summary>
internal static class Paging
{
    /// <summary>A page of the items in the order of their keys, and the token of the next one if there is more.</summary>
    /// <param name="items">Everything that fits the request.</param>
    /// <param name="key">By which items are sorted, compared by code units; unlike for each.</param>
    /// <param name="listing">The listing's name: a token of one is no token of another.</param>
    /// <param name="size">Most items in a page.</param>
    /// <param name="token">From the page before.</param>
    /// <param name="badToken">What to throw when the token is none of ours.</param>
    public static (IReadOnlyList<T> Items, string? Next) Page<T>(
        IEnumerable<T> items, Func<T, string> key, string listing, int size, string? token, Func<ServiceError> badToken)
    {
        IEnumerable<T> sorted = items.OrderBy(key, StringComparer.Ordinal);
        if (!string.IsNullOrEmpty(token))
        {
            string after = Read(token, listing) ?? throw badToken();
            sorted = sorted.Where(item => string.CompareOrdinal(key(item), after) > 0);
        }

        List<T> page = [.. sorted.Take(size + 1)];
        if (page.Count <= size)
        {
            return (page, null);
        }

        page.RemoveAt(size);
        return (page, Convert.ToBase64String(Encoding.UTF8.GetBytes($"{listing}\n{key(page[^1])}")));
    }

    /// <summary>A key for things that are listed in the order of their creation.</summary>
    public static string Key(long sequence) => sequence.ToString("D19", System.Globalization.CultureInfo.InvariantCulture);

    private static string? Read(string token, string listing)
    {
        byte[] bytes = new byte[token.Length];
        if (!Convert.TryFromBase64String(token, bytes, out int length))
        {
            return null;
        }

        string text = Encoding.UTF8.GetString(bytes, 0, length);
        return text.StartsWith($"{listing}\n", StringComparison.Ordinal) ? text[(listing.Length + 1)..] : null;
    }
}
