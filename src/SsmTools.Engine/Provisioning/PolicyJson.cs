using System.Text.Json;

namespace SsmTools.Engine.Provisioning;

/// <summary>Policies as IAM hands them out and takes them.</summary>
internal static class PolicyJson
{
    /// <summary>Reads a policy; null where the text is none.</summary>
    /// <param name="document">The policy, percent-encoded as IAM hands it out, or plain.</param>
    public static JsonElement? Parse(string? document)
    {
        if (string.IsNullOrWhiteSpace(document))
        {
            return null;
        }

        try
        {
            string json = document.TrimStart().StartsWith('{') ? document : Uri.UnescapeDataString(document);
            using JsonDocument parsed = JsonDocument.Parse(json);
            return parsed.RootElement.ValueKind == JsonValueKind.Object ? parsed.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// Whether two policies mean the same: one value is a list of one, neither the order of statements, members and values
    /// nor the names of statements count, and actions have no case.
    /// </summary>
    public static bool IsSame(string? left, string? right) =>
        Parse(left) is { } one && Parse(right) is { } other
        && string.Equals(Canonical(one, false), Canonical(other, false), StringComparison.Ordinal);

    /// <summary>The statements of a policy.</summary>
    public static IEnumerable<JsonElement> Statements(string? document) =>
        Parse(document) is { } root && root.TryGetProperty("Statement", out JsonElement statement)
            ? Items(statement).Where(item => item.ValueKind == JsonValueKind.Object)
            : [];

    /// <summary>The strings under a name: one, or a list of them.</summary>
    public static IReadOnlyList<string> Texts(JsonElement statement, string name) =>
        statement.TryGetProperty(name, out JsonElement value)
            ? [.. Items(value).Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]
            : [];

    private static IEnumerable<JsonElement> Items(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : new[] { value };

    private static string Canonical(JsonElement value, bool noCase) => value.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(",", value.EnumerateObject()
            .Where(member => member.Name is not ("Sid" or "Id"))
            .OrderBy(member => member.Name, StringComparer.Ordinal)
            .Select(member => Quote(member.Name) + ":" + List(member.Value, noCase || member.Name is "Action" or "NotAction"))) + "}",
        JsonValueKind.Array => List(value, noCase),
        JsonValueKind.String => Quote(noCase ? value.GetString()!.ToLowerInvariant() : value.GetString()!),

        // "true" and true are one to IAM.
        _ => Quote(value.GetRawText()),
    };

    private static string List(JsonElement value, bool noCase) => "[" + string.Join(",", Items(value)
        .Select(item => Canonical(item, noCase))
        .Distinct(StringComparer.Ordinal)
        .Order(StringComparer.Ordinal)) + "]";

    private static string Quote(string text) => JsonSerializer.Serialize(text, PolicyJsonContext.Default.String);
}
