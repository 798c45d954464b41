using System.IO.Enumeration;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SsmTools.Sandbox.Events;

/// <summary>
/// EventBridge's patterns (EventBridge user guide, "Event patterns", "Comparison operators"): lists are alternatives,
/// objects name fields, all of which must fit.
/// </summary>
internal static class EventPattern
{
    private static readonly string[] s_comparisons = ["=", "<", "<=", ">", ">="];

    /// <summary>Reads a pattern; null where it is none.</summary>
    public static JsonObject? Read(string text)
    {
        try
        {
            return JsonNode.Parse(text) is JsonObject { Count: > 0 } pattern && IsPattern(pattern) ? pattern : null;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Whether an event fits.</summary>
    public static bool Fits(JsonObject pattern, JsonNode? value) => pattern.All(field => field switch
    {
        { Key: "$or", Value: JsonArray many } => many.OfType<JsonObject>().Any(one => Fits(one, value)),
        { Value: JsonObject inner } => Fits(inner, (value as JsonObject)?[field.Key]),
        _ => FitsOne((JsonArray)field.Value!, value as JsonObject, field.Key),
    });

    private static bool IsPattern(JsonObject pattern) => pattern.All(field => field.Value switch
    {
        JsonArray many when field.Key == "$or" => many.Count > 0 && many.All(one => one is JsonObject inner && IsPattern(inner)),
        JsonArray many => many.Count > 0 && many.All(IsFilter),
        JsonObject inner => inner.Count > 0 && IsPattern(inner),
        _ => false,
    });

    private static bool IsFilter(JsonNode? filter) => filter switch
    {
        JsonObject { Count: 1 } one => IsTextOperator(one) || one.First() switch
        {
            { Key: "anything-but", Value: JsonObject { Count: 1 } but } => IsTextOperator(but),
            { Key: "anything-but", Value: JsonArray many } => many.Count > 0 && many.All(each => each is JsonValue),
            { Key: "anything-but", Value: JsonValue } => true,
            { Key: "exists", Value: JsonValue flag } => flag.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
            { Key: "numeric", Value: JsonArray limits } => limits.Count is 2 or 4 && limits.Chunk(2).All(IsLimit),
            _ => false,
        },
        JsonObject or JsonArray => false,
        _ => true,
    };

    private static bool IsTextOperator(JsonObject filter) =>
        filter.First() is { Key: "prefix" or "suffix" or "equals-ignore-case" or "wildcard", Value: JsonValue text }
        && text.GetValueKind() == JsonValueKind.String;

    private static bool IsLimit(JsonNode?[] limit) => limit is [JsonValue comparison, JsonValue value]
        && s_comparisons.Contains(comparison.ToString()) && value.GetValueKind() == JsonValueKind.Number;

    private static bool FitsOne(JsonArray filters, JsonObject? parent, string name)
    {
        bool exists = parent is not null && parent.ContainsKey(name) && parent[name] is not JsonObject;
        JsonNode? value = parent?[name];
        IEnumerable<JsonNode?> values = value is JsonArray many ? many : new[] { value };
        return filters.Any(filter => filter is JsonObject one && one.First() is { Key: "exists", Value: { } wanted }
            ? wanted.GetValue<bool>() == exists
            : exists && values.Any(item => Fits(filter, item)));
    }

    private static bool Fits(JsonNode? filter, JsonNode? value)
    {
        if (filter is not JsonObject one)
        {
            return (filter, value) switch
            {
                (null, null) => true,
                (JsonValue wished, JsonValue given) => wished.ToJsonString() == given.ToJsonString(),
                _ => false,
            };
        }

        (string name, JsonNode? wanted) = one.First();
        string? text = value is JsonValue plain && plain.TryGetValue(out string? found) ? found : null;
        return name switch
        {
            "prefix" => text?.StartsWith(wanted!.ToString(), StringComparison.Ordinal) == true,
            "suffix" => text?.EndsWith(wanted!.ToString(), StringComparison.Ordinal) == true,
            "equals-ignore-case" => string.Equals(text, wanted!.ToString(), StringComparison.OrdinalIgnoreCase),
            "wildcard" => text is not null && FileSystemName.MatchesSimpleExpression(wanted!.ToString(), text, ignoreCase: false),
            "anything-but" => wanted is JsonArray many ? !many.Any(each => Fits(each, value)) : !Fits(wanted, value),
            "numeric" => value is JsonValue number && number.TryGetValue(out double amount) && wanted is JsonArray limits && Compare(limits, amount),
            _ => false,
        };
    }

    private static bool Compare(JsonArray limits, double value)
    {
        for (int i = 0; i + 1 < limits.Count; i += 2)
        {
            int order = value.CompareTo(limits[i + 1]!.GetValue<double>());
            bool holds = limits[i]!.ToString() switch
            {
                "=" => order == 0,
                "<" => order < 0,
                "<=" => order <= 0,
                ">" => order > 0,
                ">=" => order >= 0,
                _ => false,
            };
            if (!holds)
            {
                return false;
            }
        }

        return true;
    }
}
