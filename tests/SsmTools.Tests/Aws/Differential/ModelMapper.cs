using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using SsmTools.ApiGenerator.Emit;
using SsmTools.ApiGenerator.Model;

namespace SsmTools.Tests.Aws.Differential;

/// <summary>Turns trees into objects of the generated types and back, by reflection.</summary>
internal sealed class ModelMapper(ServiceModel model)
{
    public object ToObject(Shape shape, JsonObject tree, Type type)
    {
        object result = Activator.CreateInstance(type)!;
        foreach (Member member in shape.Members)
        {
            if (tree.TryGetPropertyValue(member.Name, out JsonNode? value))
            {
                PropertyInfo property = PropertyOf(type, member);
                property.SetValue(result, ToValue(model.ShapeOf(member), value!, property.PropertyType));
            }
        }

        return result;
    }

    public JsonObject ToTree(Shape shape, object value)
    {
        JsonObject tree = [];
        foreach (Member member in shape.Members)
        {
            JsonNode? node = ToNode(model.ShapeOf(member), PropertyOf(value.GetType(), member).GetValue(value));
            if (node is not (null or JsonArray { Count: 0 }) && !(node is JsonObject { Count: 0 } && IsMap(member)))
            {
                tree.Add(member.Name, node);
            }
        }

        return tree;
    }

    private bool IsMap(Member member) => model.ShapeOf(member).Kind == ShapeKind.Map;

    private static PropertyInfo PropertyOf(Type type, Member member) =>
        type.GetProperty(Names.Property(type.Name, member.Name))
        ?? throw new InvalidOperationException($"{type.Name} has no property for {member.Name}.");

    private object ToValue(Shape shape, JsonNode node, Type type)
    {
        switch (shape.Kind)
        {
            case ShapeKind.Structure:
                return ToObject(shape, node.AsObject(), type);
            case ShapeKind.List:
                IList list = (IList)Activator.CreateInstance(type)!;
                foreach (JsonNode? item in node.AsArray())
                {
                    list.Add(ToValue(model.ShapeOf(shape.Element!), item!, type.GenericTypeArguments[0]));
                }

                return list;
            case ShapeKind.Map:
                IDictionary map = (IDictionary)Activator.CreateInstance(type)!;
                foreach ((string key, JsonNode? item) in node.AsObject())
                {
                    map.Add(key, ToValue(model.ShapeOf(shape.Element!), item!, type.GenericTypeArguments[1]));
                }

                return map;
            case ShapeKind.Timestamp:
                return DateTime.Parse((string)node!, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
            case ShapeKind.Blob:
                return Convert.FromBase64String((string)node!);
            default:
                return shape.Kind switch
                {
                    ShapeKind.Integer => (int)node,
                    ShapeKind.Long => (long)node,
                    ShapeKind.Double => (double)node,
                    ShapeKind.Boolean => (bool)node,
                    _ => (string)node!,
                };
        }
    }

    private JsonNode? ToNode(Shape shape, object? value) => value switch
    {
        null => null,
        string text => text,
        int number => number,
        long number => number,
        double number => number,
        bool flag => flag,
        DateTime time => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fffK", CultureInfo.InvariantCulture),
        byte[] bytes => Convert.ToBase64String(bytes),
        IDictionary map => new JsonObject(map.Keys.Cast<string>()
            .Select(key => KeyValuePair.Create(key, ToNode(model.ShapeOf(shape.Element!), map[key])))),
        IList list => new JsonArray(list.Cast<object>().Select(i => ToNode(model.ShapeOf(shape.Element!), i)).ToArray()),
        _ => ToTree(shape, value),
    };
}
