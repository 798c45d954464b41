using System.IO.Enumeration;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;

namespace SsmTools.Sandbox.Ec2;

/// <summary>Filters of Describe calls: all names must fit, any of a name's values may, with * and ? in values.</summary>
internal static class Ec2Filters
{
    /// <summary>What a thing has under a filter's name; null when the call knows no such filter.</summary>
    public delegate string?[]? Field<in T>(T item, string name);

    public static IEnumerable<T> Apply<T>(
        IEnumerable<T> items, JsonObject input, string member, Field<T> field, Func<T, IReadOnlyDictionary<string, string>?> tags)
    {
        List<(string Name, IReadOnlyList<string> Values)> filters = [];
        foreach (JsonObject filter in input.Parts(member))
        {
            string name = filter.Text("Name") ?? throw new ServiceError("InvalidParameter", "The filter name must be given.");
            filters.Add((name, filter.Texts("Values")));
        }

        return filters.Count == 0 ? items : items.Where(item => filters.TrueForAll(filter => Fits(item, filter.Name, filter.Values)));

        bool Fits(T item, string name, IReadOnlyList<string> patterns)
        {
            string?[] values = tags(item) switch
            {
                { } all when name == "tag-key" => [.. all.Keys],
                { } all when name == "tag-value" => [.. all.Values],
                { } all when name.StartsWith("tag:", StringComparison.Ordinal) => [all.TryGetValue(name[4..], out string? value) ? value : null],
                _ => field(item, name) ?? throw Ec2Errors.InvalidValue($"The filter '{name}' is invalid"),
            };
            return values.OfType<string>().Any(value => patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, value, false)));
        }
    }

    public static string Flag(bool value) => value ? "true" : "false";
}
