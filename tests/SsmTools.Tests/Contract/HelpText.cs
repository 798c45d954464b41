using System.Globalization;
using System.Xml.Linq;
using SsmTools.Tests.Support;

namespace SsmTools.Tests.Contract;

/// <summary>The hand-written MAML help, and what its formal parts have to look like.</summary>
internal static class HelpText
{
    public static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    public static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    public static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    public static IReadOnlyList<XElement> Load() =>
        XDocument.Parse(Repository.Read("en-US", "SsmTools.dll-Help.xml")).Root!.Elements(Command + "command").ToArray();

    public static string NameOf(XElement command) => command.Element(Command + "details")!.Element(Command + "name")!.Value;

    /// <summary>The syntax section that belongs to a cmdlet: one item a parameter set.</summary>
    public static XElement ExpectedSyntax(CmdletContract cmdlet) => new(
        Command + "syntax",
        cmdlet.ParameterSets.Select(set => new XElement(
            Command + "syntaxItem",
            new XElement(Maml + "name", cmdlet.Name),
            cmdlet.Parameters
                .Where(parameter => parameter.In(set) is not null)
                .OrderBy(parameter => parameter.In(set)!.Position ?? int.MaxValue)
                .ThenBy(parameter => parameter.In(set)!.Mandatory ? 0 : 1)
                .ThenBy(parameter => parameter.Name is "Confirm" or "WhatIf" ? 1 : 0)
                .ThenBy(parameter => parameter.Name, StringComparer.Ordinal)
                .Select(parameter => ExpectedParameter(parameter, parameter.In(set)!, inSyntax: true)))));

    /// <summary>A parameter's element without its prose.</summary>
    public static XElement ExpectedParameter(
        ParameterContract parameter,
        ParameterContract.Binding binding,
        bool inSyntax) => new(
            Command + "parameter",
            new XAttribute("required", binding.Mandatory ? "true" : "false"),
            new XAttribute("variableLength", parameter.IsArray ? "true" : "false"),
            new XAttribute("globbing", parameter.SupportsWildcards ? "true" : "false"),
            new XAttribute("pipelineInput", binding.PipelineInput),
            new XAttribute("position", binding.Position?.ToString(CultureInfo.InvariantCulture) ?? "named"),
            new XAttribute("aliases", parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases)),
            new XElement(Maml + "name", parameter.Name),
            inSyntax && parameter.IsSwitch
                ? null
                : new XElement(
                    Command + "parameterValue",
                    new XAttribute("required", parameter.IsSwitch ? "false" : "true"),
                    new XAttribute("variableLength", parameter.IsArray ? "true" : "false"),
                    parameter.TypeName));

    /// <summary>The same element without what is prose or layout, for comparing.</summary>
    public static string Formal(XElement element)
    {
        XElement copy = XElement.Parse(element.ToString());
        copy.Descendants(Maml + "description").Remove();
        copy.Descendants(Dev + "defaultValue").Remove();
        copy.Descendants(Dev + "type").Remove();
        copy.DescendantsAndSelf().Attributes().Where(attribute => attribute.IsNamespaceDeclaration).Remove();
        return copy.ToString();
    }
}
