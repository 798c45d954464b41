using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SsmTools.Sandbox.Wire;

/// <summary>Writes answers and errors of JSON 1.1.</summary>
internal static class JsonResponseWriter
{
    public static byte[] Write(OperationModel operation, JsonObject response)
    {
        return Document(json =>
        {
            if (operation.Output is Shape output)
            {
                Value(json, response, output);
            }
            else
            {
                json.WriteStartObject();
                json.WriteEndObject();
            }
        });
    }

    public static byte[] WriteError(ServiceError error)
    {
        return Document(json =>
        {
            json.WriteStartObject();
            json.WriteString("__type", error.Code);
            if (error.Message.Length > 0)
            {
                json.WriteString("message", error.Message);
            }

            json.WriteEndObject();
        });
    }

    /// <summary>A REST error: its code is in a header.</summary>
    public static byte[] WriteMessage(ServiceError error)
    {
        return Document(json =>
        {
            json.WriteStartObject();
            json.WriteString("Message", error.Message);
            json.WriteEndObject();
        });
    }

    private static byte[] Document(Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            write(json);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Value(Utf8JsonWriter json, JsonNode? node, Shape shape)
    {
        if (node is null)
        {
            json.WriteNullValue();
            return;
        }

        switch (shape.Kind)
        {
            case ShapeKind.Structure:
                ModelGuard.OnlyKnown(node.AsObject(), shape);
                json.WriteStartObject();
                foreach (ShapeMember member in shape.Members)
                {
                    if (node[member.Name] is JsonNode value)
                    {
                        json.WritePropertyName(member.WireName);
                        Value(json, value, member.Shape);
                    }
                }

                json.WriteEndObject();
                break;
            case ShapeKind.Map:
                json.WriteStartObject();
                foreach ((string key, JsonNode? value) in node.AsObject())
                {
                    json.WritePropertyName(key);
                    Value(json, value, shape.Item!.Shape);
                }

                json.WriteEndObject();
                break;
            case ShapeKind.List:
                json.WriteStartArray();
                foreach (JsonNode? item in node.AsArray())
                {
                    Value(json, item, shape.Item!.Shape);
                }

                json.WriteEndArray();
                break;
            case ShapeKind.Time:
                json.WriteNumberValue(Timestamps.ToEpoch(node.GetValue<DateTimeOffset>()));
                break;
            case ShapeKind.Number:
                json.WriteNumberValue(ModelGuard.Integer(node));
                break;
            case ShapeKind.Real:
                json.WriteNumberValue(node.GetValue<double>());
                break;
            case ShapeKind.Flag:
                json.WriteBooleanValue(node.GetValue<bool>());
                break;
            default:
                json.WriteStringValue(node.GetValue<string>());
                break;
        }
    }
}
