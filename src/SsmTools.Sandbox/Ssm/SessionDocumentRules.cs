using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SsmTools.Engine.Protocol;
using SsmTools.Sandbox.Wire;

namespace SsmTools.Sandbox.Ssm;

/// <summary>What a session document must look like (user guide, "Session document schema").</summary>
internal static class SessionDocumentRules
{
    private const int MaxSize = 64 * 1024;
    private static readonly string[] s_platforms = ["linux", "windows", "macos"];
    private static readonly string[] s_parameterTypes = ["String", "StringList", "Boolean", "Integer", "MapList", "StringMap"];

    /// <summary>Reads and checks a document's text.</summary>
    /// <exception cref="ServiceError">It is too long, or not a session document.</exception>
    public static JsonObject Read(string text)
    {
        if (text.Length > MaxSize)
        {
            throw new ServiceError("MaxDocumentSizeExceeded", "The size limit of a document is 64 KB.");
        }

        JsonObject content = Parse(text);
        if (Text(content, "schemaVersion") != "1.0")
        {
            throw new ServiceError("InvalidDocumentSchemaVersion", "The version of the document schema isn't supported.");
        }

        string type = Text(content, "sessionType") ?? throw Bad("sessionType is missing");
        JsonNode? part = type switch
        {
            SessionType.StandardStream => content["inputs"] as JsonObject ?? throw Bad("inputs is missing"),
            SessionType.InteractiveCommands or SessionType.NonInteractiveCommands or SessionType.Port =>
                content["properties"] as JsonObject ?? throw Bad("properties is missing"),
            _ => throw Bad($"sessionType {type} is not known"),
        };
        if (type is SessionType.InteractiveCommands or SessionType.NonInteractiveCommands &&
            !Array.Exists(s_platforms, platform => part[platform] is JsonObject commands && Text(commands, "commands") is not null))
        {
            throw Bad("properties has commands for no platform");
        }

        CheckParameters(content);
        return content;
    }

    private static JsonObject Parse(string text)
    {
        try
        {
            JsonObject content = JsonNode.Parse(text) as JsonObject ?? throw Bad("it is no JSON object");
            Visit(content);
            return content;
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            throw Bad("it is not JSON; this AWS reads YAML only where it is JSON, too");
        }
    }

    /// <summary>Looks at everything: nodes are made when they are asked for, and names that appear twice are found only then.</summary>
    private static void Visit(JsonNode? node)
    {
        IEnumerable<JsonNode?> children = node switch
        {
            JsonObject map => map.Select(pair => pair.Value),
            JsonArray list => list,
            _ => [],
        };
        foreach (JsonNode? child in children)
        {
            Visit(child);
        }
    }

    private static void CheckParameters(JsonObject content)
    {
        JsonObject parameters = content["parameters"] is JsonNode node ? node as JsonObject ?? throw Bad("parameters is no map") : [];
        foreach ((string name, JsonNode? parameter) in parameters)
        {
            if (parameter is not JsonObject declared || !s_parameterTypes.Contains(Text(declared, "type")))
            {
                throw Bad($"the parameter {name} has no type that is known");
            }

            if (declared["allowedPattern"] is JsonNode pattern && !IsPattern(pattern.ToString()))
            {
                throw Bad($"the parameter {name} has a pattern that is none");
            }

            if (declared["allowedValues"] is JsonNode values && values is not JsonArray)
            {
                throw Bad($"the parameter {name} has allowed values that are no list");
            }
        }

        string[] used = [.. DocumentParameters.Names(content["inputs"]?.ToJsonString() ?? ""), .. DocumentParameters.Names(content["properties"]?.ToJsonString() ?? "")];
        if (Array.Find(used, name => !parameters.ContainsKey(name)) is string unknown)
        {
            throw Bad($"the parameter {unknown} is used but not defined");
        }
    }

    private static bool IsPattern(string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.CultureInvariant);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static string? Text(JsonObject from, string name) =>
        from[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static ServiceError Bad(string why) => new("InvalidDocumentContent", $"The content for the document isn't valid: {why}.");
}
