using System.Text.Json;

namespace SsmTools.ApiGenerator.Model;

/// <summary>Reads a service model in botocore's format (service-2.json and paginators-1.json).</summary>
internal static class ModelReader
{
    /// <exception cref="InvalidDataException">The model uses something that the clients do not support.</exception>
    public static ServiceModel Read(string key, string modelJson, string paginatorsJson)
    {
        using JsonDocument model = JsonDocument.Parse(modelJson);
        using JsonDocument paginators = JsonDocument.Parse(paginatorsJson);
        JsonElement root = model.RootElement;
        JsonElement metadata = root.GetProperty("metadata");
        return new ServiceModel(
            key,
            ReadProtocol(key, metadata),
            metadata.GetProperty("serviceId").GetString()!,
            metadata.GetProperty("apiVersion").GetString()!)
        {
            EndpointPrefix = metadata.GetProperty("endpointPrefix").GetString()!,
            TargetPrefix = Text(metadata, "targetPrefix"),
            Operations = root.GetProperty("operations").EnumerateObject()
                .ToDictionary(o => o.Name, o => ReadOperation(o, paginators.RootElement), StringComparer.Ordinal),
            Shapes = root.GetProperty("shapes").EnumerateObject()
                .ToDictionary(s => s.Name, ReadShape, StringComparer.Ordinal),
        };
    }

    private static Protocol ReadProtocol(string key, JsonElement metadata)
    {
        string protocol = metadata.GetProperty("protocol").GetString()!;
        string? jsonVersion = Text(metadata, "jsonVersion");
        return (protocol, jsonVersion) switch
        {
            ("json", "1.1") => Protocol.Json,
            ("query", _) => Protocol.Query,
            ("ec2", _) => Protocol.Ec2,
            ("rest-json", _) => Protocol.RestJson,
            _ => throw new InvalidDataException($"{key}: no runtime speaks protocol {protocol} {jsonVersion}."),
        };
    }

    private static Operation ReadOperation(JsonProperty property, JsonElement paginators)
    {
        JsonElement operation = property.Value;
        string? input = operation.TryGetProperty("input", out JsonElement i) ? Text(i, "shape") : null;
        string? output = operation.TryGetProperty("output", out JsonElement o) ? Text(o, "shape") : null;
        return new Operation(property.Name, input, output)
        {
            ResultWrapper = output is null ? null : Text(o, "resultWrapper"),
            HttpMethod = operation.TryGetProperty("http", out JsonElement http) ? Text(http, "method") ?? "POST" : "POST",
            RequestUri = http.ValueKind == JsonValueKind.Object ? Text(http, "requestUri") ?? "/" : "/",
            Paginator = paginators.TryGetProperty(property.Name, out JsonElement p) ? ReadPaginator(p) : null,
        };
    }

    private static Paginator ReadPaginator(JsonElement element)
    {
        JsonElement results = element.GetProperty("result_key");
        JsonElement firstResult = results.ValueKind == JsonValueKind.Array ? results[0] : results;
        return new Paginator(
            element.GetProperty("input_token").GetString()!,
            element.GetProperty("output_token").GetString()!,
            Text(element, "more_results"),
            firstResult.GetString()!);
    }

    private static Shape ReadShape(JsonProperty property)
    {
        JsonElement shape = property.Value;
        string type = shape.GetProperty("type").GetString()!;
        if (!Enum.TryParse(type, ignoreCase: true, out ShapeKind kind))
        {
            throw new InvalidDataException($"{property.Name}: the type {type} is not supported.");
        }

        string? elementName = kind switch { ShapeKind.List => "member", ShapeKind.Map => "value", _ => null };
        return new Shape(property.Name, kind)
        {
            Members = shape.TryGetProperty("members", out JsonElement members)
                ? members.EnumerateObject().Select(m => ReadMember(m.Name, m.Value)).ToArray()
                : [],
            Element = elementName is null ? null : ReadMember(string.Empty, shape.GetProperty(elementName)),
            EnumValues = shape.TryGetProperty("enum", out JsonElement values)
                ? values.EnumerateArray().Select(v => v.GetString()!).ToArray()
                : [],
            LocationName = Text(shape, "locationName"),
            Flattened = Flag(shape, "flattened"),
        };
    }

    private static Member ReadMember(string name, JsonElement member) =>
        new(name, member.GetProperty("shape").GetString()!)
        {
            LocationName = Text(member, "locationName"),
            QueryName = Text(member, "queryName"),
            Location = Text(member, "location"),
            IsIdempotencyToken = Flag(member, "idempotencyToken"),
        };

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static bool Flag(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.GetBoolean();
}
