using System.Reflection;

namespace SsmTools.Tests.Contract;

/// <summary>One cmdlet as its attributes state it.</summary>
internal sealed class CmdletContract
{
    private readonly CustomAttributeData _cmdlet;

    public CmdletContract(Type type)
    {
        Type = type;
        _cmdlet = type.GetCustomAttributesData().Single(IsCmdletAttribute);
        Verb = (string)_cmdlet.ConstructorArguments[0].Value!;
        Name = $"{Verb}-{(string)_cmdlet.ConstructorArguments[1].Value!}";
        List<ParameterContract> parameters = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetCustomAttributesData().Any(ParameterContract.IsParameterAttribute))
            .Select(property => new ParameterContract(property))
            .ToList();
        if (SupportsShouldProcess)
        {
            parameters.Add(ParameterContract.Switch("Confirm", "cf"));
            parameters.Add(ParameterContract.Switch("WhatIf", "wi"));
        }

        Parameters = parameters.OrderBy(parameter => parameter.Name, StringComparer.Ordinal).ToArray();
        string[] sets = Parameters.SelectMany(parameter => parameter.Sets.Keys)
            .Where(set => set != ParameterContract.AllSets)
            .Append(Named("DefaultParameterSetName") as string ?? ParameterContract.AllSets)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToArray();
        ParameterSets = sets;
        OutputTypes = type.GetCustomAttributesData()
            .Where(attribute => attribute.AttributeType.Name == "OutputTypeAttribute")
            .SelectMany(attribute => (IEnumerable<CustomAttributeTypedArgument>)attribute.ConstructorArguments[0].Value!)
            .Select(argument => ((Type)argument.Value!).FullName!)
            .Distinct()
            .ToArray();
    }

    public Type Type { get; }

    public string Name { get; }

    public string Verb { get; }

    public IReadOnlyList<ParameterContract> Parameters { get; }

    public IReadOnlyList<string> ParameterSets { get; }

    public IReadOnlyList<string> OutputTypes { get; }

    public bool SupportsShouldProcess => Named("SupportsShouldProcess") is true;

    public static bool IsCmdletAttribute(CustomAttributeData attribute) =>
        attribute.AttributeType.FullName == "System.Management.Automation.CmdletAttribute";

    private object? Named(string argument) =>
        _cmdlet.NamedArguments.FirstOrDefault(named => named.MemberName == argument).TypedValue.Value;
}
