using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace SsmTools.Binding;

/// <summary>Reads tags that were given as a hash table.</summary>
internal static class TagTable
{
    internal static Dictionary<string, string> Read(Hashtable? tags) =>
        (tags ?? []).Cast<DictionaryEntry>().ToDictionary(
            entry => entry.Key.ToString() ?? "",
            entry => entry.Value?.ToString() ?? "");

    /// <summary>The same where a key may have several values.</summary>
    internal static Dictionary<string, IReadOnlyList<string>> ReadMany(Hashtable? tags) =>
        (tags ?? []).Cast<DictionaryEntry>().ToDictionary(
            entry => entry.Key.ToString() ?? "",
            entry => (IReadOnlyList<string>)(entry.Value is IEnumerable many and not string
                ? many.Cast<object?>().Select(value => value?.ToString() ?? "").ToArray()
                : [entry.Value?.ToString() ?? ""]));
}
