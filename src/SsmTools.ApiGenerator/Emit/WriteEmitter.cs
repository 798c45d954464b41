using SsmTools.ApiGenerator.Model;

namespace SsmTools.ApiGenerator.Emit;

/// <summary>Writes the method that puts a structure's members into a request.</summary>
internal sealed class WriteEmitter(ServiceModel model, ProtocolRules rules)
{
    public void Emit(CodeWriter code, Shape structure, string typeName)
    {
        using IDisposable body = code.Block("public void Write(WireWriter writer)");
        foreach (Member member in structure.Members.Where(member => !rules.IsInAddress(member)))
        {
            string property = Names.Property(typeName, member.Name);
            string name = $"\"{rules.RequestName(member)}\"";
            string value = member.IsIdempotencyToken ? $"{property} ??= Guid.NewGuid().ToString()" : property;
            code.Line(rules.EncodingOf(structure, member) == TextEncoding.Base64
                ? $"writer.PutBase64Text({name}, {value});"
                : Put("writer", name, value, model.ShapeOf(member), nested: false));
        }
    }

    /// <summary>Writes the method that puts those members into the path and the query that are not in the body.</summary>
    public void EmitAddress(CodeWriter code, Shape structure, string typeName)
    {
        using IDisposable body = code.Block("public void Write(WireAddress address)");
        foreach (Member member in structure.Members.Where(rules.IsInAddress))
        {
            string property = Names.Property(typeName, member.Name);
            string value = member.IsIdempotencyToken ? $"{property} ??= Guid.NewGuid().ToString()" : property;
            string verb = member.Location == "uri" ? "Label" : "Query";
            code.Line($"address.{verb}(\"{rules.RequestName(member)}\", {value});");
        }
    }

    // Empty lists are left out where a member would name them, and kept inside other lists and maps.
    private string Put(string writer, string name, string value, Shape shape, bool nested)
    {
        string end = nested ? string.Empty : ";";
        string verb = nested ? "Write" : "Put";
        return shape.Kind switch
        {
            ShapeKind.List => $"{writer}.{verb}List({ListName(name, shape)}, {value}, {Element(shape)}){end}",
            ShapeKind.Map => $"{writer}.{verb}Map({name}, {value}, {Element(shape)}){end}",
            _ => $"{writer}.Put({name}, {value}){end}",
        };
    }

    private string Element(Shape container) =>
        $"static (w, n, v) => {Put("w", "n", "v", model.ShapeOf(container.Element!), nested: true)}";

    private string ListName(string name, Shape list) => rules.ListInfix(list) switch
    {
        null => name,
        string infix when name.EndsWith('"') => $"{name[..^1]}.{infix}\"",
        string infix => $"{name} + \".{infix}\"",
    };
}
