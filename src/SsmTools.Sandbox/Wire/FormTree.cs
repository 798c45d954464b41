using System.Globalization;

namespace SsmTools.Sandbox.Wire;

/// <summary>Form parameters by the dots in their names: <c>Tag.1.Key=a</c> is a leaf three levels down.</summary>
internal sealed class FormTree
{
    private const int DeepestName = 24;

    private readonly Dictionary<string, FormTree> _children = new(StringComparer.Ordinal);

    public string? Value { get; private set; }

    public IReadOnlyDictionary<string, FormTree> Children => _children;

    /// <summary>Gets the children that are numbers, in their order.</summary>
    public IEnumerable<FormTree> Numbered => _children
        .Select(pair => (Number: int.TryParse(pair.Key, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : -1, pair.Value))
        .Where(pair => pair.Number >= 0)
        .OrderBy(pair => pair.Number)
        .Select(pair => pair.Value);

    /// <summary>Sorts parameters into a tree; null when one is nested deeper than any request is.</summary>
    public static FormTree? From(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        FormTree root = new();
        foreach ((string name, string value) in parameters)
        {
            FormTree node = root;
            string[] parts = name.Split('.');
            if (parts.Length > DeepestName)
            {
                return null;
            }

            foreach (string part in parts)
            {
                if (!node._children.TryGetValue(part, out FormTree? child))
                {
                    child = new FormTree();
                    node._children.Add(part, child);
                }

                node = child;
            }

            node.Value = value;
        }

        return root;
    }

    public FormTree? Child(string name) => _children.GetValueOrDefault(name);
}
