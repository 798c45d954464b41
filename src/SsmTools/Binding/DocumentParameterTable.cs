using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;

namespace SsmTools.Binding;

/// <summary>Reads a document's parameters that were given as a hash table: texts, or lists of them.</summary>
internal static class DocumentParameterTable
{
    internal static Dictionary<string, IReadOnlyList<string>>? Read(Hashtable? table) => table?.Cast<DictionaryEntry>()
        .ToDictionary(entry => Text(entry.Key), entry => (IReadOnlyList<string>)Values(entry.Value));

    private static string[] Values(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        null => [""],
        string text => [text],
        IEnumerable many => many.Cast<object?>().Select(Text).ToArray(),
        { } one => [Text(one)],
    };

    /// <summary>As documents have it: a truth value in small letters, a number without a culture's marks.</summary>
    private static string Text(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        bool truth => truth ? "true" : "false",
        SwitchParameter given => given ? "true" : "false",
        var other => Convert.ToString(other, CultureInfo.InvariantCulture) ?? "",
    };
}
