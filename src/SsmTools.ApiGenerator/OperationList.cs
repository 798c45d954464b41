namespace SsmTools.ApiGenerator;

/// <summary>What clients are generated for: lines of <c>service Operation</c>; # begins a comment.</summary>
internal static class OperationList
{
    /// <returns>The operations by service, each sorted by name, so that the order of lines does not matter.</returns>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Parse(string text)
    {
        Dictionary<string, IReadOnlyList<string>> result = new(StringComparer.Ordinal);
        foreach (IGrouping<string, (string Service, string Operation)> service in
            Lines(text).GroupBy(line => line.Service, StringComparer.Ordinal))
        {
            result[service.Key] =
                service.Select(line => line.Operation).Distinct().Order(StringComparer.Ordinal).ToArray();
        }

        return result;
    }

    private static IEnumerable<(string Service, string Operation)> Lines(string text)
    {
        foreach (string line in text.Split('\n'))
        {
            string content = line.Split('#', 2)[0].Trim();
            if (content.Length == 0)
            {
                continue;
            }

            string[] words = content.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length != 2)
            {
                throw new InvalidDataException($"\"{content}\" is not a service and an operation.");
            }

            yield return (words[0], words[1]);
        }
    }
}
