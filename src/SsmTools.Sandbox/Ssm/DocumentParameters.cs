using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SsmTools.Sandbox.Wire;

namespace SsmTools.Sandbox.Ssm;

/// <summary>A document's parameters: what a caller may give, and where it goes.</summary>
internal static partial class DocumentParameters
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    /// <summary>The value of every parameter, as text or, for lists, as an array of texts.</summary>
    /// <param name="document">The document's content.</param>
    /// <param name="given">Names and lists of texts.</param>
    /// <exception cref="ServiceError">InvalidParameters: one is missing, unknown or not of the form that is asked for.</exception>
    public static Dictionary<string, JsonNode> Resolve(JsonObject document, JsonObject given)
    {
        JsonObject declared = document["parameters"] as JsonObject ?? [];
        foreach ((string name, JsonNode? _) in given)
        {
            if (!declared.ContainsKey(name))
            {
                throw SsmErrors.InvalidParameters($"Parameter \"{name}\" is not defined in the document");
            }
        }

        Dictionary<string, JsonNode> values = [];
        foreach ((string name, JsonNode? node) in declared)
        {
            JsonObject parameter = node as JsonObject ?? [];
            values.Add(name, given.ContainsKey(name)
                ? Check(name, parameter, given.Texts(name))
                : parameter["default"]?.DeepClone() ?? throw Refusal(name, "requires a value"));
        }

        return values;
    }

    /// <summary>A copy with every placeholder filled in. A text that is nothing but one becomes the value as it is.</summary>
    public static JsonNode Substitute(JsonNode node, IReadOnlyDictionary<string, JsonNode> values) => node switch
    {
        JsonObject map => new JsonObject(map.Select(
            pair => KeyValuePair.Create(pair.Key, pair.Value is null ? null : (JsonNode?)Substitute(pair.Value, values)))),
        JsonArray list => new JsonArray([.. list.Select(item => item is null ? null : Substitute(item, values))]),
        JsonValue value when value.TryGetValue(out string? text) => Substitute(text, values),
        _ => node.DeepClone(),
    };

    /// <summary>The names that a text's placeholders have.</summary>
    public static IEnumerable<string> Names(string text) => Placeholder().Matches(text).Select(match => match.Groups[1].Value);

    private static JsonNode Substitute(string text, IReadOnlyDictionary<string, JsonNode> values)
    {
        Match only = Placeholder().Match(text);
        if (only.Success && only.Length == text.Length && values.TryGetValue(only.Groups[1].Value, out JsonNode? whole))
        {
            return whole.DeepClone();
        }

        return JsonValue.Create(Placeholder().Replace(text, match =>
            values.TryGetValue(match.Groups[1].Value, out JsonNode? value)
                ? value is JsonArray list ? list.ToJsonString() : value.ToString()
                : match.Value));
    }

    private static JsonNode Check(string name, JsonObject parameter, IReadOnlyList<string> given)
    {
        bool isList = parameter.Text("type") == "StringList";
        if (!isList && given.Count != 1)
        {
            throw Refusal(name, given.Count == 0 ? "requires a value" : "takes one value");
        }

        if (Limit(parameter, "minItems") > given.Count || Limit(parameter, "maxItems") < given.Count)
        {
            throw Refusal(name, "has too few or too many items");
        }

        foreach (string value in given)
        {
            Check(name, parameter, value);
        }

        return isList ? given.ToJson() : JsonValue.Create(given[0]);
    }

    private static void Check(string name, JsonObject parameter, string value)
    {
        if (parameter.Text("type") == "Boolean" && value is not ("true" or "false"))
        {
            throw Refusal(name, "must be true or false");
        }

        if (parameter["allowedValues"] is JsonArray { Count: > 0 } allowed &&
            !allowed.Any(one => string.Equals(one?.ToString(), value, StringComparison.Ordinal)))
        {
            throw Refusal(name, $"must be one of {string.Join(", ", allowed.Select(one => one?.ToString()))}");
        }

        if (Limit(parameter, "minChars") > value.Length || Limit(parameter, "maxChars") < value.Length)
        {
            throw Refusal(name, "is too short or too long");
        }

        if (parameter.Text("allowedPattern") is { Length: > 0 } pattern && !Fits(value, pattern))
        {
            throw Refusal(name, $"must match the pattern {pattern}");
        }
    }

    private static bool Fits(string value, string pattern)
    {
        try
        {
            return Regex.IsMatch(value, pattern, RegexOptions.CultureInvariant, s_patience);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static int? Limit(JsonObject parameter, string name) =>
        int.TryParse(parameter[name]?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int limit) ? limit : null;

    private static ServiceError Refusal(string name, string text) => SsmErrors.InvalidParameters($"Parameter \"{name}\" {text}");

    [GeneratedRegex(@"\{\{\s*([a-zA-Z0-9]+)\s*\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
