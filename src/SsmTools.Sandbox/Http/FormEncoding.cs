namespace SsmTools.Sandbox.Http;

/// <summary>Reads <c>name=value&amp;…</c> as queries and form bodies have it.</summary>
internal static class FormEncoding
{
    /// <summary>The pairs in order, decoded; a name without a value has an empty one.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Parse(string text)
    {
        List<KeyValuePair<string, string>> pairs = [];
        foreach (string part in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] sides = part.Split('=', 2);
            pairs.Add(new KeyValuePair<string, string>(Decode(sides[0]), sides.Length == 2 ? Decode(sides[1]) : string.Empty));
        }

        return pairs;
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
