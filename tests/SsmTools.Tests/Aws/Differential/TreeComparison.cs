using System.Globalization;
using System.Text.Json.Nodes;
using Xunit.Sdk;

namespace SsmTools.Tests.Aws.Differential;

/// <summary>Holds two trees against each other.</summary>
internal static class TreeComparison
{
    /// <returns>How many values were compared.</returns>
    public static int AssertEqual(JsonNode? expected, JsonNode? actual, string path)
    {
        switch (expected, actual)
        {
            case (JsonObject left, JsonObject right):
                string[] names = left.Select(p => p.Key).Union(right.Select(p => p.Key), StringComparer.Ordinal).ToArray();
                return names.Sum(name => AssertEqual(left[name], right[name], $"{path}.{name}"));
            case (JsonArray left, JsonArray right) when left.Count == right.Count:
                return left.Select((item, i) => AssertEqual(item, right[i], string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"))).Sum();
            default:
                return expected is JsonValue && actual is JsonValue && Text(expected) == Text(actual)
                    ? 1
                    : throw new XunitException($"{path}: expected {Text(expected)}, was {Text(actual)}.");
        }
    }

    private static string Text(JsonNode? node) => node switch
    {
        null => "nothing",
        JsonValue value when value.TryGetValue(out double number) && !value.TryGetValue(out long _) =>
            number.ToString("R", CultureInfo.InvariantCulture),
        _ => node.ToJsonString(),
    };
}
