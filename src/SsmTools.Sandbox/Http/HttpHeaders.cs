using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace SsmTools.Sandbox.Http;

/// <summary>Header fields in the order in which they came; names are compared without regard to case.</summary>
internal sealed class HttpHeaders : IEnumerable<KeyValuePair<string, string>>
{
    private readonly List<KeyValuePair<string, string>> _fields = [];

    /// <summary>How many fields there are, repeated ones counted each.</summary>
    public int Count => _fields.Count;

    /// <summary>The value of a field, repeated ones joined by commas; null where there is none. Setting replaces.</summary>
    public string? this[string name]
    {
        get => TryGetValue(name, out string? value) ? value : null;
        set
        {
            _fields.RemoveAll(field => IsNamed(field, name));
            if (value is not null)
            {
                Add(name, value);
            }
        }
    }

    /// <summary>Adds a field behind those that are there.</summary>
    public void Add(string name, string value) => _fields.Add(new KeyValuePair<string, string>(name, value));

    /// <summary>Whether there is such a field.</summary>
    public bool Contains(string name) => _fields.Exists(field => IsNamed(field, name));

    /// <summary>All values of a field, one for each time it was sent.</summary>
    public IReadOnlyList<string> GetValues(string name) =>
        _fields.Where(field => IsNamed(field, name)).Select(field => field.Value).ToList();

    /// <summary>Reads the value of a field, repeated ones joined by commas.</summary>
    public bool TryGetValue(string name, [NotNullWhen(true)] out string? value)
    {
        IReadOnlyList<string> values = GetValues(name);
        value = values.Count == 0 ? null : string.Join(',', values);
        return value is not null;
    }

    /// <summary>Whether a comma-separated field contains a word, case ignored: <c>Connection: keep-alive, Upgrade</c>.</summary>
    public bool HasToken(string name, string token) =>
        TryGetValue(name, out string? value) &&
        value.Split(',', StringSplitOptions.TrimEntries).Contains(token, StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static bool IsNamed(KeyValuePair<string, string> field, string name) =>
        string.Equals(field.Key, name, StringComparison.OrdinalIgnoreCase);
}
