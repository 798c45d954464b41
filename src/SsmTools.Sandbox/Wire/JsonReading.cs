using System.Text.Json.Nodes;

namespace SsmTools.Sandbox.Wire;

/// <summary>Short ways into a request's object.</summary>
internal static class JsonReading
{
    public static string? Text(this JsonObject from, string name) => from[name]?.GetValue<string>();

    public static int? Int(this JsonObject from, string name)
    {
        return from[name] is JsonNode node ? (int)Math.Clamp(node.GetValue<long>(), int.MinValue, int.MaxValue) : null;
    }

    public static bool? Flag(this JsonObject from, string name) => from[name]?.GetValue<bool>();

    /// <summary>A structure, empty when it is not there.</summary>
    public static JsonObject Part(this JsonObject from, string name) => from[name] as JsonObject ?? [];

    /// <summary>The structures in a list.</summary>
    public static IEnumerable<JsonObject> Parts(this JsonObject from, string name) => (from[name] as JsonArray ?? []).OfType<JsonObject>();

    /// <summary>The texts in a list.</summary>
    public static IReadOnlyList<string> Texts(this JsonObject from, string name)
    {
        return [.. (from[name] as JsonArray ?? []).OfType<JsonValue>().Select(item => item.GetValue<string>())];
    }

    /// <summary>A list of what each item becomes.</summary>
    public static JsonArray ToJson<T>(this IEnumerable<T> items, Func<T, JsonNode?> convert) => new([.. items.Select(convert)]);

    public static JsonArray ToJson(this IEnumerable<string> items) => new([.. items.Select(item => JsonValue.Create(item))]);

    /// <summary>Tags as a list of Key and Value.</summary>
    public static JsonArray ToJson(this IReadOnlyDictionary<string, string> tags)
    {
        return tags.ToJson(tag => new JsonObject { ["Key"] = tag.Key, ["Value"] = tag.Value });
    }

    /// <summary>Reads a list of Key and Value.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Tags(this JsonObject from, string name)
    {
        return [.. from.Parts(name).Select(tag => KeyValuePair.Create(tag.Text("Key") ?? "", tag.Text("Value") ?? ""))];
    }
}
