using System.Text.Json;

namespace SsmTools.Engine.Aws.Runtime;

/// <summary>Reads an answer that is a JSON object.</summary>
internal sealed class JsonWireReader(JsonElement root) : WireReader
{
    private JsonElement _value = root;

    public override string? String() => Scalar();

    public override T? Structure<T>(T target)
        where T : class
    {
        JsonElement structure = _value;
        if (structure.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        foreach (JsonProperty property in structure.EnumerateObject())
        {
            _value = property.Value;
            target.Read(this, property.Name);
        }

        return target;
    }

    public override List<T> List<T>(List<T> target, Func<WireReader, T?> element)
        where T : default
    {
        JsonElement list = _value;
        if (list.ValueKind != JsonValueKind.Null)
        {
            foreach (JsonElement item in list.EnumerateArray())
            {
                _value = item;
                if (element(this) is { } value)
                {
                    target.Add(value);
                }
            }
        }

        return target;
    }

    public override Dictionary<string, T> Map<T>(Dictionary<string, T> target, Func<WireReader, T?> element)
        where T : default
    {
        JsonElement map = _value;
        if (map.ValueKind != JsonValueKind.Null)
        {
            foreach (JsonProperty property in map.EnumerateObject())
            {
                _value = property.Value;
                if (element(this) is { } value)
                {
                    target[property.Name] = value;
                }
            }
        }

        return target;
    }

    protected override string? Scalar() => _value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => _value.GetString(),
        JsonValueKind.Number => _value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => throw new InvalidDataException($"The answer holds an {_value.ValueKind} in place of a value."),
    };
}
