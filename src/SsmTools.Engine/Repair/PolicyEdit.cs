using System.IO.Enumeration;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SsmTools.Engine.Repair;

/// <summary>Adds to policies; what is in them stays, word for word.</summary>
internal static class PolicyEdit
{
    // A policy is no web page: + and ' stay readable.
    private static readonly JsonWriterOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The policy with one statement more; null where the document is none.</summary>
    /// <param name="document">The policy, percent-encoded as IAM hands it out, or plain.</param>
    /// <param name="statement">The statement.</param>
    public static string? Add(string? document, JsonObject statement)
    {
        if (Parse(document) is not JsonObject policy || policy["Statement"] is not { } present)
        {
            return null;
        }

        if (present is JsonArray many)
        {
            many.Add(statement);
        }
        else
        {
            policy["Statement"] = new JsonArray(present.DeepClone(), statement);
        }

        return Write(policy);
    }

    /// <summary>Whether the policy has that very statement.</summary>
    public static bool Has(string? document, JsonObject statement) =>
        Statements(document).Any(one => JsonNode.DeepEquals(one, statement));

    /// <summary>Whether a statement denies one of the actions.</summary>
    public static bool Denies(string? document, IReadOnlyCollection<string> actions) => Statements(document).Any(statement =>
        Texts(statement["Effect"]).Contains("Deny")
        && (statement.ContainsKey("NotAction")
            ? actions.Any(action => !Texts(statement["NotAction"]).Any(pattern => Matches(pattern, action)))
            : actions.Any(action => Texts(statement["Action"]).Any(pattern => Matches(pattern, action)))));

    private static IEnumerable<JsonObject> Statements(string? document) => Parse(document)?["Statement"] switch
    {
        JsonObject one => [one],
        JsonArray many => many.OfType<JsonObject>(),
        _ => [],
    };

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonArray many => many.OfType<JsonValue>().Select(value => value.ToString()),
        JsonValue one => [one.ToString()],
        _ => [],
    };

    private static bool Matches(string pattern, string action) => FileSystemName.MatchesSimpleExpression(pattern, action);

    private static JsonObject? Parse(string? document)
    {
        if (string.IsNullOrWhiteSpace(document))
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(document.TrimStart().StartsWith('{') ? document : Uri.UnescapeDataString(document)) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Write(JsonObject policy)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, s_plain))
        {
            policy.WriteTo(writer);
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
