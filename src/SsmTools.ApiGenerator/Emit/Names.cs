using System.Text;
using SsmTools.ApiGenerator.Model;

namespace SsmTools.ApiGenerator.Emit;

/// <summary>Names and types in C#.</summary>
internal static class Names
{
    public static string Property(string typeName, string memberName)
    {
        string name = char.ToUpperInvariant(memberName[0]) + memberName[1..];

        // A property may not have its type's name.
        return name == typeName ? name + "Value" : name;
    }

    /// <summary>A constant for a value like <c>t3.nano</c> or <c>AWS::EC2::Instance</c>.</summary>
    public static string Constant(string className, string value)
    {
        StringBuilder name = new();
        bool capital = true;
        foreach (char c in value)
        {
            if (!char.IsAsciiLetterOrDigit(c))
            {
                capital = true;
                continue;
            }

            name.Append(capital ? char.ToUpperInvariant(c) : c);
            capital = false;
        }

        if (name.Length == 0 || char.IsAsciiDigit(name[0]))
        {
            name.Insert(0, "Value");
        }

        string result = name.ToString();
        return result == className ? result + "Value" : result;
    }

    /// <summary>The type without the question mark.</summary>
    public static string Type(ServiceModel model, Shape shape) => shape.Kind switch
    {
        ShapeKind.Structure => shape.Name,
        ShapeKind.List => $"List<{Type(model, model.ShapeOf(shape.Element!))}>",
        ShapeKind.Map => $"Dictionary<string, {Type(model, model.ShapeOf(shape.Element!))}>",
        ShapeKind.String => "string",
        ShapeKind.Integer => "int",
        ShapeKind.Long => "long",
        ShapeKind.Double => "double",
        ShapeKind.Boolean => "bool",
        ShapeKind.Timestamp => "DateTime",
        ShapeKind.Blob => "byte[]",
        _ => throw new InvalidOperationException($"No type for {shape.Kind}."),
    };
}
