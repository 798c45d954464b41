using SsmTools.ApiGenerator.Model;

namespace SsmTools.ApiGenerator.Emit;

/// <summary>Writes the method that takes one member of a structure out of a response.</summary>
internal sealed class ReadEmitter(ServiceModel model, ProtocolRules rules)
{
    public void Emit(CodeWriter code, Shape structure, string typeName)
    {
        using IDisposable body = code.Block("public bool Read(WireReader reader, string name)");
        if (structure.Members.Count > 0)
        {
            using IDisposable cases = code.Block("switch (name)");
            foreach (Member member in structure.Members)
            {
                string property = Names.Property(typeName, member.Name);
                code.Line($"case \"{rules.ResponseName(member)}\": {Assign(structure, member, property)}; return true;");
            }
        }

        code.Line("return false;");
    }

    private string Assign(Shape structure, Member member, string property)
    {
        Shape shape = model.ShapeOf(member);
        if (shape.Flattened && model.Protocol is not (Protocol.Json or Protocol.RestJson))
        {
            throw new InvalidDataException(
                $"{structure.Name}.{member.Name}: flattened lists cannot be read from XML yet.");
        }

        return shape.Kind switch
        {
            ShapeKind.List or ShapeKind.Map => Get("reader", shape, property),
            _ => $"{property} = {Decoded(rules.EncodingOf(structure, member), Get("reader", shape, null))}",
        };
    }

    private static string Decoded(TextEncoding encoding, string value) => encoding switch
    {
        TextEncoding.Base64 => $"WireText.FromBase64({value})",
        TextEncoding.Percent => $"WireText.FromPercent({value})",
        _ => value,
    };

    private string Get(string reader, Shape shape, string? target) => shape.Kind switch
    {
        ShapeKind.Structure => $"{reader}.Structure(new {shape.Name}())",
        ShapeKind.List => $"{reader}.List({target ?? $"new {Names.Type(model, shape)}()"}, {Element(shape)})",
        ShapeKind.Map => $"{reader}.Map({target ?? $"new {Names.Type(model, shape)}()"}, {Element(shape)})",
        _ => $"{reader}.{shape.Kind}()",
    };

    private string Element(Shape container)
    {
        Shape element = model.ShapeOf(container.Element!);
        bool isValue = element.Kind is ShapeKind.Integer or ShapeKind.Long or ShapeKind.Double or ShapeKind.Boolean
            or ShapeKind.Timestamp;
        return $"static r => {Get("r", element, null)}{(isValue ? ".GetValueOrDefault()" : string.Empty)}";
    }
}
