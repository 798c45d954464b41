namespace SsmTools.Engine.Registration;

/// <summary>Finds the names that somebody may have meant who typed another one.</summary>
internal static class NearNames
{
    private const int Most = 3;

    /// <summary>Those that differ by case, by a slip or two, or have the name in them: the nearest first, three at most.</summary>
    public static IReadOnlyList<string> Find(string name, IEnumerable<string> names) =>
    [
        .. names.Distinct(StringComparer.Ordinal)
            .Select(other => (other, distance: Distance(name.ToUpperInvariant(), other.ToUpperInvariant())))
            .Where(near => near.distance <= Tolerance(name) || Contains(near.other, name))
            .OrderBy(near => near.distance)
            .ThenBy(near => near.other, StringComparer.Ordinal)
            .Take(Most)
            .Select(near => near.other),
    ];

    // Of a short name little is left after two slips.
    private static int Tolerance(string name) => name.Length switch
    {
        < 3 => 0,
        < 5 => 1,
        _ => 2,
    };

    private static bool Contains(string other, string name) =>
        name.Length > 2 && other.Contains(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>How many characters must be put in, left out or changed (Levenshtein).</summary>
    private static int Distance(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int changed = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[to.Length];
    }
}
