using System.Text.Json.Nodes;

namespace SsmTools.Sandbox.Events;

/// <summary>What a target is given of an event: all of it, a part, or a text that is filled in.</summary>
internal static class EventText
{
    public static string Of(JsonObject target, JsonObject happened)
    {
        if (target["Input"] is JsonValue fixedText)
        {
            return fixedText.ToString();
        }

        if (target["InputTransformer"] is not JsonObject transformer)
        {
            return happened.ToJsonString();
        }

        string text = transformer["InputTemplate"]?.ToString() ?? "";
        foreach ((string name, JsonNode? path) in transformer["InputPathsMap"] as JsonObject ?? [])
        {
            JsonNode? value = Find(happened, path?.ToString() ?? "");
            text = text.Replace($"<{name}>", value is JsonObject or JsonArray ? value.ToJsonString() : value?.ToString() ?? "", StringComparison.Ordinal);
        }

        // A template that is one JSON string is delivered as its text.
        return text.Length > 1 && text[0] == '"' && text[^1] == '"' ? text[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal) : text;
    }

    private static JsonNode? Find(JsonObject from, string path)
    {
        JsonNode? node = from;
        foreach (string name in path.TrimStart('$').Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            node = (node as JsonObject)?[name];
        }

        return node;
    }
}
