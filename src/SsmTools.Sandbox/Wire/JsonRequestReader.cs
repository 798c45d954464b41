using System.Text.Json;
using System.Text.Json.Nodes;

namespace SsmTools.Sandbox.Wire;

/// <summary>Turns a JSON 1.1 body into an object that has the model's members only, each of its type.</summary>
internal static class JsonRequestReader
{
    public static JsonObject Read(OperationModel operation, ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty || operation.Input is null)
        {
            return [];
        }

        JsonNode? root;
        try
        {
            root = JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            throw Unreadable("Unexpected token in the request body.");
        }

        try
        {
            return root is JsonObject given ? Structure(given, operation.Input) : throw Unreadable("The request body is not a JSON object.");
        }
        catch (ArgumentException)
        {
            // A key that occurs twice is found when the object is first looked into.
            throw Unreadable("A key occurs twice in the request body.");
        }
    }

    private static ServiceError Unreadable(string message) => ErrorWords.Unreadable(WireProtocol.Json, message);

    private static JsonObject Structure(JsonObject given, Shape shape)
    {
        JsonObject result = [];
        foreach (ShapeMember member in shape.Members)
        {
            if (given[member.WireName] is JsonNode node)
            {
                result[member.Name] = Value(node, member.Shape);
            }
        }

        return result;
    }

    private static JsonNode? Value(JsonNode? node, Shape shape)
    {
        switch (shape.Kind)
        {
            case ShapeKind.Structure when node is JsonObject given:
                return Structure(given, shape);
            case ShapeKind.List when node is JsonArray given:
                return new JsonArray([.. given.Select(item => Value(item, shape.Item!.Shape))]);
            case ShapeKind.Map when node is JsonObject given:
                JsonObject map = [];
                foreach ((string key, JsonNode? item) in given)
                {
                    map[key] = Value(item, shape.Item!.Shape);
                }

                return map;
            case ShapeKind.Structure or ShapeKind.List or ShapeKind.Map:
                throw Unreadable($"Expected {(shape.Kind == ShapeKind.List ? "list" : "map")} or null");
            default:
                return node is null ? null : Scalar(node, shape);
        }
    }

    private static JsonValue Scalar(JsonNode node, Shape shape)
    {
        JsonElement element = node is JsonValue ? node.GetValue<JsonElement>() : default;
        switch (shape.Kind)
        {
            case ShapeKind.Text or ShapeKind.Blob when element.ValueKind == JsonValueKind.String:
                return JsonValue.Create(element.GetString())!;
            case ShapeKind.Flag when element.ValueKind is JsonValueKind.True or JsonValueKind.False:
                return JsonValue.Create(element.GetBoolean());
            case ShapeKind.Number when element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out long number):
                return JsonValue.Create(number);
            case ShapeKind.Real when element.ValueKind == JsonValueKind.Number:
                return JsonValue.Create(element.GetDouble());
            case ShapeKind.Time when element.ValueKind == JsonValueKind.Number
                && Timestamps.TryFromEpoch(element.GetDouble(), out DateTimeOffset time):
                return JsonValue.Create(time);
            case ShapeKind.Time when element.ValueKind == JsonValueKind.String
                && Timestamps.TryParse(element.GetString()!, out DateTimeOffset time):
                return JsonValue.Create(time);
            default:
                string token = element.ValueKind switch
                {
                    JsonValueKind.String => "STRING_VALUE",
                    JsonValueKind.Number => "NUMBER_VALUE",
                    JsonValueKind.True => "TRUE_VALUE",
                    JsonValueKind.False => "FALSE_VALUE",
                    _ => "START_OBJECT",
                };
                throw Unreadable($"{token} can not be converted to {TypeName(shape.Kind)}");
        }
    }

    private static string TypeName(ShapeKind kind) => kind switch
    {
        ShapeKind.Number => "an Integer",
        ShapeKind.Real => "a Double",
        ShapeKind.Flag => "a Boolean",
        ShapeKind.Time => "a Timestamp",
        _ => "a String",
    };
}
