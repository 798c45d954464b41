using System.Reflection;

namespace SsmTools.Tests.Contract;

/// <summary>One parameter as its attributes state it.</summary>
internal sealed class ParameterContract
{
    public const string AllSets = "__AllParameterSets";

    public ParameterContract(PropertyInfo property)
    {
        Name = property.Name;
        Type type = Nullable(property.PropertyType) ?? property.PropertyType;
        TypeName = type.Name;
        IsSwitch = type.Name == "SwitchParameter";
        IsArray = type.IsArray;
        IList<CustomAttributeData> attributes = property.GetCustomAttributesData();
        Sets = attributes.Where(IsParameterAttribute).ToDictionary(
            attribute => (string?)Named(attribute, "ParameterSetName") ?? AllSets,
            attribute => new Binding(
                Named(attribute, "Mandatory") is true,
                Named(attribute, "Position") as int?,
                Named(attribute, "ValueFromPipeline") is true,
                Named(attribute, "ValueFromPipelineByPropertyName") is true));
        SupportsWildcards = attributes.Any(attribute => attribute.AttributeType.Name == "SupportsWildcardsAttribute");
        Aliases = attributes
            .Where(attribute => attribute.AttributeType.Name == "AliasAttribute")
            .SelectMany(attribute => (IEnumerable<CustomAttributeTypedArgument>)attribute.ConstructorArguments[0].Value!)
            .Select(argument => (string)argument.Value!)
            .ToArray();
    }

    private ParameterContract(string name, string alias)
    {
        Name = name;
        TypeName = "SwitchParameter";
        IsSwitch = true;
        Aliases = [alias];
        Sets = new Dictionary<string, Binding> { [AllSets] = new(false, null, false, false) };
    }

    public string Name { get; }

    public string TypeName { get; }

    public bool IsSwitch { get; }

    public bool IsArray { get; }

    public bool SupportsWildcards { get; }

    public IReadOnlyList<string> Aliases { get; }

    public IReadOnlyDictionary<string, Binding> Sets { get; }

    public static ParameterContract Switch(string name, string alias) => new(name, alias);

    public static bool IsParameterAttribute(CustomAttributeData attribute) =>
        attribute.AttributeType.FullName == "System.Management.Automation.ParameterAttribute";

    /// <summary>How it binds in a parameter set; null where it is not part of the set.</summary>
    public Binding? In(string set) => Sets.GetValueOrDefault(set) ?? Sets.GetValueOrDefault(AllSets);

    private static object? Named(CustomAttributeData attribute, string argument) =>
        attribute.NamedArguments.FirstOrDefault(named => named.MemberName == argument).TypedValue.Value;

    private static Type? Nullable(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition().FullName == "System.Nullable`1"
            ? type.GetGenericArguments()[0]
            : null;

    public sealed record Binding(bool Mandatory, int? Position, bool ByValue, bool ByPropertyName)
    {
        public string PipelineInput => (ByPropertyName, ByValue) switch
        {
            (false, false) => "False",
            (true, false) => "True (ByPropertyName)",
            (false, true) => "True (ByValue)",
            _ => "True (ByPropertyName, ByValue)",
        };
    }
}
