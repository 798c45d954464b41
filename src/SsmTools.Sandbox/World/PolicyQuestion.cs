namespace SsmTools.Sandbox.World;

/// <summary>What policies are asked: one action on one resource, and what is known around it.</summary>
internal sealed class PolicyQuestion(string action, string resource)
{
    private readonly Dictionary<string, IReadOnlyList<string>> _context = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedSet<string> _missing = new(StringComparer.Ordinal);

    /// <summary>Gets for example <c>ssm:StartSession</c>.</summary>
    public string Action => action;

    /// <summary>Gets the resource's ARN, or <c>*</c> for an action that is about none.</summary>
    public string Resource => resource;

    /// <summary>Gets the context keys that statements asked for in vain.</summary>
    public IReadOnlyCollection<string> Missing => _missing;

    /// <summary>Puts a context key.</summary>
    public PolicyQuestion With(string key, params string[] values)
    {
        _context[key] = values;
        return this;
    }

    /// <summary>Puts the tags of the resource, under the names of IAM and of Systems Manager.</summary>
    public PolicyQuestion WithTags(IEnumerable<KeyValuePair<string, string>> tags)
    {
        foreach ((string key, string value) in tags)
        {
            With($"aws:ResourceTag/{key}", value).With($"ssm:resourceTag/{key}", value);
        }

        return this;
    }

    /// <summary>The values of a context key; none where it is not known.</summary>
    public IReadOnlyList<string> Values(string key)
    {
        if (_context.TryGetValue(key, out IReadOnlyList<string>? values))
        {
            return values;
        }

        _missing.Add(key);
        return [];
    }
}
