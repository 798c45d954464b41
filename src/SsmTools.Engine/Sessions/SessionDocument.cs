using System.Text.Json;

namespace SsmTools.Engine.Sessions;

/// <summary>A session document of the account's, as far as a session needs to know it before it starts.</summary>
public sealed record SessionDocument
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Standard_Stream, InteractiveCommands, NonInteractiveCommands or Port.</summary>
    public required string SessionType { get; init; }

    /// <summary>Its parameters, in the order of the document.</summary>
    public required IReadOnlyList<SessionDocumentParameter> Parameters { get; init; }

    /// <summary>Reads a document's content, JSON of schema 1.0; null where it is something else.</summary>
    internal static SessionDocument? Parse(string name, string content)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(content);
            return json.RootElement.ValueKind == JsonValueKind.Object && Text(json.RootElement, "sessionType") is { } type
                ? new SessionDocument { Name = name, SessionType = type, Parameters = [.. ReadParameters(json.RootElement)] }
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Checks what the service would refuse in fewer words. Patterns are left to it: they are in its own syntax.</summary>
    /// <exception cref="EngineException">InvalidDocumentParameter: one is missing, unknown, or of a value that is not taken.</exception>
    internal void Check(IReadOnlyDictionary<string, IReadOnlyList<string>>? given)
    {
        foreach (string name in given?.Keys ?? [])
        {
            if (!Parameters.Any(parameter => parameter.Name == name))
            {
                throw Refusal($"has no parameter {name}");
            }
        }

        foreach (SessionDocumentParameter parameter in Parameters)
        {
            IReadOnlyList<string>? values = given?.GetValueOrDefault(parameter.Name);
            if (values is null)
            {
                if (parameter.Default is null)
                {
                    throw Refusal($"needs the parameter {parameter.Name}");
                }
            }
            else if (parameter.Type == "String" && values.Count != 1)
            {
                throw Refusal($"takes one value for the parameter {parameter.Name}, not {values.Count}");
            }
            else if (parameter.AllowedValues.Count > 0 && values.Except(parameter.AllowedValues).FirstOrDefault() is { } value)
            {
                throw Refusal($"does not take '{value}' for the parameter {parameter.Name}");
            }
        }
    }

    /// <summary>An error about the parameters that says which there are.</summary>
    internal EngineException Refusal(string what, Exception? cause = null) => new(
        "InvalidDocumentParameter",
        ErrorKind.InvalidArgument,
        $"The session document {Name} {what}.",
        Parameters.Count == 0 ? "Leave -Parameter out: it takes none." : $"It takes: {string.Join("; ", Parameters)}.",
        Name,
        cause);

    private static IEnumerable<SessionDocumentParameter> ReadParameters(JsonElement document)
    {
        if (!document.TryGetProperty("parameters", out JsonElement parameters) || parameters.ValueKind != JsonValueKind.Object)
        {
            yield break;
        }

        foreach (JsonProperty property in parameters.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Object)
            {
                yield return new SessionDocumentParameter
                {
                    Name = property.Name,
                    Type = Text(property.Value, "type") ?? "String",
                    Description = Text(property.Value, "description") ?? "",
                    Default = property.Value.TryGetProperty("default", out JsonElement preset) ? preset.ToString() : null,
                    AllowedValues = property.Value.TryGetProperty("allowedValues", out JsonElement values)
                        && values.ValueKind == JsonValueKind.Array
                            ? [.. values.EnumerateArray().Select(value => value.ToString())]
                            : [],
                    AllowedPattern = Text(property.Value, "allowedPattern"),
                };
            }
        }
    }

    private static string? Text(JsonElement from, string name) =>
        from.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
