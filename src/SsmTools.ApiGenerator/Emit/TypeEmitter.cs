using SsmTools.ApiGenerator.Model;

namespace SsmTools.ApiGenerator.Emit;

/// <summary>Writes a class for each structure, and constants for each enumeration.</summary>
internal sealed class TypeEmitter(ServiceModel model)
{
    /// <summary>Longer enumerations (EC2 has 1,200 instance types) are left as plain strings.</summary>
    private const int MaximumConstants = 200;

    private const string RequestBase = "AmazonWebServiceRequest";

    private readonly WriteEmitter _write = new(model, new ProtocolRules(model));
    private readonly ReadEmitter _read = new(model, new ProtocolRules(model));

    public void EmitRequest(CodeWriter code, Operation operation) =>
        Emit(code, ShapeOrEmpty(operation.Input), operation.Name + "Request", RequestBase, true, false);

    public void EmitResponse(CodeWriter code, Operation operation) =>
        Emit(code, ShapeOrEmpty(operation.Output), operation.Name + "Response", "AmazonWebServiceResponse", false, true);

    public void EmitStructure(CodeWriter code, Shape shape, bool sent, bool received) =>
        Emit(code, shape, shape.Name, null, sent, received);

    public static void EmitConstants(CodeWriter code, Shape shape)
    {
        if (shape.EnumValues.Count is 0 or > MaximumConstants)
        {
            return;
        }

        code.Line();
        using IDisposable body = code.Block($"internal static class {shape.Name}");
        foreach (string value in shape.EnumValues.DistinctBy(v => Names.Constant(shape.Name, v), StringComparer.Ordinal))
        {
            code.Line($"public const string {Names.Constant(shape.Name, value)} = \"{value}\";");
        }
    }

    private Shape ShapeOrEmpty(string? name) =>
        name is null ? new Shape(string.Empty, ShapeKind.Structure) : model.Shapes[name];

    private void Emit(CodeWriter code, Shape shape, string typeName, string? baseType, bool sent, bool received)
    {
        bool isAddressed = model.Protocol == Protocol.RestJson && baseType == RequestBase;
        string?[] bases =
        [
            baseType, sent ? "IWireWritable" : null, isAddressed ? "IWireAddressed" : null, received ? "IWireReadable" : null,
        ];
        code.Line();
        using IDisposable body = code.Block(
            $"internal sealed class {typeName} : {string.Join(", ", bases.Where(b => b is not null))}");
        foreach (Member member in shape.Members)
        {
            EmitProperty(code, member, typeName);
        }

        if (sent)
        {
            _write.Emit(code, shape, typeName);
        }

        if (isAddressed)
        {
            _write.EmitAddress(code, shape, typeName);
        }

        if (received)
        {
            _read.Emit(code, shape, typeName);
        }
    }

    private void EmitProperty(CodeWriter code, Member member, string typeName)
    {
        Shape shape = model.ShapeOf(member);
        string type = Names.Type(model, shape);
        string property = Names.Property(typeName, member.Name);
        code.Line(shape.Kind is ShapeKind.List or ShapeKind.Map
            ? $"public {type} {property} {{ get; set; }} = new();"
            : $"public {type}? {property} {{ get; set; }}");
    }
}
