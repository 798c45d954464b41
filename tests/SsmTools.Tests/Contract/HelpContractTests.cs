using System.Text.RegularExpressions;
using System.Xml.Linq;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Contract;

/// <summary>Holds the hand-written help against the cmdlets as they are.</summary>
public sealed partial class HelpContractTests : IClassFixture<CmdletSurface>
{
    private readonly IReadOnlyList<CmdletContract> _cmdlets;
    private readonly Dictionary<string, XElement> _help;

    public HelpContractTests(CmdletSurface surface)
    {
        _cmdlets = surface.Cmdlets;
        _help = HelpText.Load().ToDictionary(HelpText.NameOf);
    }

    [Fact]
    public void Every_cmdlet_has_help_and_all_help_has_a_cmdlet() =>
        Assert.Equal(_cmdlets.Select(cmdlet => cmdlet.Name).Order(), _help.Keys.Order());

    [Fact]
    public void Syntax_is_that_of_the_parameter_sets() => ForEach((cmdlet, help) =>
    {
        string expected = HelpText.Formal(HelpText.ExpectedSyntax(cmdlet));
        string actual = HelpText.Formal(help.Element(HelpText.Command + "syntax")!);
        return expected == actual ? null : $"paste this syntax:\n{HelpText.ExpectedSyntax(cmdlet)}";
    });

    [Fact]
    public void Every_parameter_is_described_as_it_binds() => ForEach((cmdlet, help) =>
    {
        XElement section = help.Element(HelpText.Command + "parameters")!;
        string[] actual = section.Elements().Select(HelpText.Formal).ToArray();
        XElement[] expected = cmdlet.Parameters
            .Select(parameter => HelpText.ExpectedParameter(parameter, parameter.Sets.Values.First(), inSyntax: false))
            .ToArray();
        return expected.Select(HelpText.Formal).SequenceEqual(actual)
            ? null
            : $"these parameters, in this order, each with its description:\n{string.Join("\n", expected.AsEnumerable())}";
    });

    [Fact]
    public void Every_parameter_has_prose() => ForEach((_, help) =>
    {
        string[] poor = help.Element(HelpText.Command + "parameters")!.Elements()
            .Where(parameter => !Prose().IsMatch(Paragraphs(parameter.Element(HelpText.Maml + "description"))))
            .Select(parameter => parameter.Element(HelpText.Maml + "name")!.Value)
            .ToArray();
        return poor.Length == 0 ? null : $"no description that says 'Specifies ...', 'Indicates that ...': {string.Join(", ", poor)}";
    });

    [Fact]
    public void The_synopsis_is_the_summary_of_the_class()
    {
        Dictionary<string, string> summaries = XDocument.Load(Repository.CmdletDocumentation).Descendants("member").ToDictionary(
            member => member.Attribute("name")!.Value,
            member => Space().Replace(member.Element("summary")?.Value ?? "", " ").Trim());
        ForEach((cmdlet, help) =>
        {
            string synopsis = Paragraphs(help.Element(HelpText.Command + "details")!.Element(HelpText.Maml + "description"));
            string summary = summaries[$"T:{cmdlet.Type.FullName}"];
            return synopsis == summary ? null : $"'{synopsis}' is not '{summary}'";
        });
    }

    [Fact]
    public void Every_cmdlet_says_what_it_takes_and_returns() => ForEach((cmdlet, help) =>
    {
        string[] returned = help.Descendants(HelpText.Command + "returnValue")
            .Select(value => value.Element(HelpText.Dev + "type")!.Element(HelpText.Maml + "name")!.Value)
            .ToArray();
        bool takes = help.Descendants(HelpText.Command + "inputType").Any();
        return takes && cmdlet.OutputTypes.Order().SequenceEqual(returned.Order())
            ? null
            : $"inputTypes, and returnValues of {string.Join(", ", cmdlet.OutputTypes)}";
    });

    [Fact]
    public void Every_cmdlet_has_two_numbered_examples_and_a_link_to_itself() => ForEach((_, help) =>
    {
        XElement[] examples = help.Descendants(HelpText.Command + "example").ToArray();
        bool numbered = examples.Select((example, index) => example.Element(HelpText.Maml + "title")!.Value
            .StartsWith($"Example {index + 1}: ", StringComparison.Ordinal)).All(ok => ok);
        bool whole = examples.All(example => example.Element(HelpText.Dev + "code")!.Value.Length > 0
            && Paragraphs(example.Element(HelpText.Dev + "remarks")).Length > 0);
        return examples.Length >= 2 && numbered && whole ? null : "two examples at least, 'Example 1: ...', each with a remark";
    });

    [Fact]
    public void Sections_stand_in_the_order_of_the_schema() => ForEach((_, help) =>
    {
        string[] order =
        [
            "details", "description", "syntax", "parameters", "inputTypes", "returnValues", "alertSet", "examples",
            "relatedLinks",
        ];
        string[] actual = help.Elements().Select(element => element.Name.LocalName).ToArray();
        return actual.SequenceEqual(order.Where(actual.Contains)) ? null : string.Join(", ", actual);
    });

    [Fact]
    public void The_about_topics_are_named_as_PowerShell_looks_for_them()
    {
        string[] topics = Directory.GetFiles(Repository.File("en-US"), "about_*").Select(Path.GetFileName).ToArray()!;
        Assert.NotEmpty(topics);
        Assert.All(topics, topic => Assert.EndsWith(".help.txt", topic, StringComparison.Ordinal));
        Assert.All(topics, topic => Assert.All(
            Repository.Read("en-US", topic).Split('\n'), line => Assert.InRange(line.TrimEnd('\r').Length, 0, 80)));
    }

    private static string Paragraphs(XElement? element) => element is null
        ? ""
        : string.Join(" ", element.Elements(HelpText.Maml + "para").Select(para => Space().Replace(para.Value, " ").Trim()));

    [GeneratedRegex(@"^(Specifies|Indicates that|Prompts|Shows) .+\.$", RegexOptions.Singleline)]
    private static partial Regex Prose();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    private void ForEach(Func<CmdletContract, XElement, string?> complaint)
    {
        string[] complaints = _cmdlets
            .Select(cmdlet => (cmdlet.Name, Text: _help.TryGetValue(cmdlet.Name, out XElement? help) ? complaint(cmdlet, help) : "no help"))
            .Where(one => one.Text is not null)
            .Select(one => $"{one.Name}: {one.Text}")
            .ToArray();
        Assert.True(complaints.Length == 0, string.Join("\n", complaints));
    }
}
