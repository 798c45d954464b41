namespace SsmTools.Engine.Registration;

/// <summary>Names that are looked for, and the nodes that were found to have them.</summary>
internal sealed class TargetSearch
{
    private readonly Dictionary<string, (NamePattern Pattern, List<TargetNode> Found)> _names = new(StringComparer.Ordinal);

    /// <summary>Nothing is found yet.</summary>
    /// <param name="names">Names and patterns; none is an id.</param>
    public TargetSearch(IEnumerable<string> names)
    {
        foreach (string name in names)
        {
            _names.TryAdd(name, (new NamePattern(name), []));
        }
    }

    /// <summary>Each name once.</summary>
    public IReadOnlyCollection<string> Names => _names.Keys;

    /// <summary>Those that nothing is found for, as they were given.</summary>
    public IEnumerable<string> Missing => _names.Where(one => one.Value.Found.Count == 0).Select(one => one.Key);

    /// <summary>Whether nodes elsewhere may still be meant: a pattern can have any number, a name is content with what it has.</summary>
    public bool GoesOn => _names.Values.Any(one => one.Found.Count == 0 || one.Pattern.HasWildcards);

    /// <summary>What EC2 is to be asked for.</summary>
    public IEnumerable<string> FilterValues =>
        _names.Values.SelectMany(one => one.Pattern.FilterValues).Distinct(StringComparer.Ordinal);

    /// <summary>The names among those missing that are no patterns.</summary>
    public IEnumerable<string> MissingNames => _names
        .Where(one => one.Value.Found.Count == 0 && !one.Value.Pattern.HasWildcards)
        .Select(one => one.Key);

    /// <summary>Adds a node to all that mean its name.</summary>
    public void Add(TargetNode node)
    {
        foreach ((NamePattern pattern, List<TargetNode> found) in _names.Values)
        {
            if (node.Name is not null && pattern.Matches(node.Name))
            {
                found.Add(node);
            }
        }
    }

    /// <summary>Adds a node to a name that is known to be its own.</summary>
    public void Add(string name, TargetNode node) => _names[name].Found.Add(node);

    /// <summary>What was found for a name, each node once.</summary>
    public IReadOnlyList<TargetNode> Of(string name) =>
        _names.TryGetValue(name, out (NamePattern, List<TargetNode> Found) one) ? [.. one.Found.DistinctBy(node => node.InstanceId)] : [];
}
