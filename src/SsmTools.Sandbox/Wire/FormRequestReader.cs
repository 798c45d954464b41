using System.Globalization;
using System.Text.Json.Nodes;

namespace SsmTools.Sandbox.Wire;

/// <summary>Turns form parameters (query and EC2 protocol) into an object with the model's member names.</summary>
internal sealed class FormRequestReader(WireProtocol protocol)
{
    private static readonly string[] s_common = ["Action", "Version"];

    public JsonObject Read(OperationModel operation, IEnumerable<KeyValuePair<string, string>> parameters)
    {
        FormTree root = FormTree.From(parameters) ?? throw ErrorWords.Unreadable(protocol, "A parameter's name is nested too deeply.");
        if (operation.Input is null)
        {
            return [];
        }

        if (protocol == WireProtocol.Ec2)
        {
            RefuseUnknown(root, operation.Input);
        }

        return Structure(root, operation.Input);
    }

    private static void RefuseUnknown(FormTree root, Shape input)
    {
        HashSet<string> known = input.Members.Select(member => member.Ec2RequestName).ToHashSet(StringComparer.Ordinal);
        foreach (string name in root.Children.Keys)
        {
            if (!known.Contains(name) && !s_common.Contains(name) && !name.StartsWith("X-Amz-", StringComparison.OrdinalIgnoreCase))
            {
                throw new ServiceError("UnknownParameter", $"The parameter {name} is not recognized");
            }
        }
    }

    private JsonObject Structure(FormTree node, Shape shape)
    {
        JsonObject result = [];
        foreach (ShapeMember member in shape.Members)
        {
            string name = protocol == WireProtocol.Ec2 ? member.Ec2RequestName : member.WireName;
            if (node.Child(name) is FormTree child && Value(child, member.Shape, name) is JsonNode value)
            {
                result[member.Name] = value;
            }
        }

        return result;
    }

    private JsonNode? Value(FormTree node, Shape shape, string name)
    {
        switch (shape.Kind)
        {
            case ShapeKind.Structure:
                return Structure(node, shape);
            case ShapeKind.List:
                return List(node, shape, name);
            case ShapeKind.Map:
                JsonObject map = [];
                foreach (FormTree entry in (node.Child("entry") ?? node).Numbered)
                {
                    map[entry.Child("key")?.Value ?? ""] = entry.Child("value") is FormTree value ? Value(value, shape.Item!.Shape, name) : null;
                }

                return map;
            default:
                return node.Value is string text ? Scalar(text, shape, name) : null;
        }
    }

    private JsonArray List(FormTree node, Shape shape, string name)
    {
        FormTree items = protocol == WireProtocol.Ec2 || shape.Flattened ? node : node.Child(shape.Item!.LocationName ?? "member") ?? node;
        JsonArray result = [];
        foreach (FormTree item in items.Numbered)
        {
            result.Add(Value(item, shape.Item!.Shape, name));
        }

        return result;
    }

    private JsonValue Scalar(string text, Shape shape, string name)
    {
        switch (shape.Kind)
        {
            case ShapeKind.Number when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number):
                return JsonValue.Create(number);
            case ShapeKind.Real when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real):
                return JsonValue.Create(real);
            case ShapeKind.Flag when bool.TryParse(text, out bool flag):
                return JsonValue.Create(flag);
            case ShapeKind.Time when Timestamps.TryParse(text, out DateTimeOffset time):
                return JsonValue.Create(time);
            case ShapeKind.Text or ShapeKind.Blob:
                return JsonValue.Create(text);
            default:
                throw ErrorWords.Unreadable(protocol, $"Invalid value '{text}' for {name}.");
        }
    }
}
