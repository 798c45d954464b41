using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Contract;

/// <summary>Holds the manifest, the files beside it and the rules for names against the cmdlets as they are.</summary>
public sealed partial class ManifestContractTests : IClassFixture<CmdletSurface>
{
    private readonly CmdletSurface _surface;
    private readonly string _manifest = Repository.Read("SsmTools.psd1");

    public ManifestContractTests(CmdletSurface surface)
    {
        _surface = surface;
    }

    [Fact]
    public void The_manifest_exports_exactly_the_cmdlets_there_are() =>
        Assert.Equal(Names().Order(), List("CmdletsToExport").Order());

    [Fact]
    public void Nothing_else_is_exported()
    {
        Assert.Empty(List("FunctionsToExport"));
        Assert.Empty(List("VariablesToExport"));
        Assert.Empty(List("AliasesToExport"));
    }

    [Fact]
    public void The_manifest_is_data_and_names_files_that_are_there()
    {
        Assert.DoesNotMatch(@"\$(?!true|false|null)", _manifest);
        Assert.All(
            List("FormatsToProcess").Append(Value("RootModule")),
            file => Assert.True(File.Exists(Repository.File(file)), file));
        Assert.Equal("7.4", Value("PowerShellVersion"));
        Assert.Equal(["Core"], List("CompatiblePSEditions"));
    }

    [Fact]
    public void The_changelog_begins_with_the_version_of_the_manifest()
    {
        Match heading = Heading().Match(Repository.Read("CHANGELOG.md"));
        Assert.Equal(Value("ModuleVersion"), heading.Groups[1].Value);
    }

    [Fact]
    public void The_assembly_has_the_version_of_the_manifest() => Assert.Equal(
        Value("ModuleVersion"),
        AssemblyName.GetAssemblyName(Repository.File("bin", "SsmTools.dll")).Version!.ToString(3));

    [Fact]
    public void The_readme_has_a_row_for_every_cmdlet_and_no_other()
    {
        string[] rows = Row().Matches(Repository.Read("README.md")).Select(row => row.Groups[1].Value).ToArray();
        Assert.Equal(Names().Order(), rows.Distinct().Order());
    }

    [Fact]
    public void Verbs_are_approved() =>
        Assert.All(_surface.Cmdlets, cmdlet => Assert.Contains(cmdlet.Verb, _surface.ApprovedVerbs));

    [Fact]
    public void No_name_is_taken_by_AWS_Tools()
    {
        HashSet<string> taken = Repository.Read("tests", "SsmTools.Tests", "Contract", "awstools-cmdlets.txt").Split('\n')
            .Select(line => line.Trim())
            .Where(line => line.Length > 0 && !line.StartsWith('#'))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        Assert.Contains("Get-SSMSession", taken);
        Assert.All(Names(), name => Assert.DoesNotContain(name, taken));
    }

    [Fact]
    public void Every_cmdlet_states_what_it_returns_and_users_can_name_it() => Assert.All(_surface.Cmdlets, cmdlet =>
    {
        Assert.NotEmpty(cmdlet.OutputTypes);
        string[] others =
        [
            "System.Boolean", "System.String", "System.Void", "System.Management.Automation.Runspaces.PSSession",
        ];
        Assert.All(cmdlet.OutputTypes, type => Assert.True(
            others.Contains(type) || type.StartsWith("SsmTools.Output.", StringComparison.Ordinal), type));
    });

    [Fact]
    public void Every_cmdlet_is_sealed_and_its_class_and_file_are_named_after_it() => Assert.All(_surface.Cmdlets, cmdlet =>
    {
        Assert.True(cmdlet.Type.IsSealed, cmdlet.Name);
        Assert.Equal(cmdlet.Name.Replace("-", "", StringComparison.Ordinal) + "Command", cmdlet.Type.Name);
        Assert.True(File.Exists(Repository.File("src", "SsmTools", "Commands", cmdlet.Type.Name + ".cs")), cmdlet.Name);
    });

    [Fact]
    public void Every_cmdlet_has_its_Pester_file_and_every_Pester_file_is_known()
    {
        string[] others =
            ["Completion", "Credentials", "ExamplesAToM", "ExamplesNToR", "ExamplesSToZ", "FirstDay", "Help", "Journey", "Module"];
        IEnumerable<string> files = Directory.GetFiles(Repository.File("tests", "Pester"), "*.Tests.ps1")
            .Select(file => Path.GetFileName(file)[..^".Tests.ps1".Length]);
        Assert.Equal(Names().Concat(others).Order(), files.Order());
    }

    [Fact]
    public void Every_cmdlet_that_makes_or_removes_something_asks_first() => Assert.All(
        _surface.Cmdlets.Where(cmdlet => cmdlet.Verb is "New" or "Remove" or "Set" or "Start" or "Stop"),
        cmdlet => Assert.True(cmdlet.SupportsShouldProcess, cmdlet.Name));

    [Fact]
    public void Public_types_can_be_listed_before_the_engine_can_be_found() => Assert.All(_surface.ExportedTypes, type =>
    {
        // PowerShell lists them before it calls OnImport: what a type is made of must resolve without the engine.
        IEnumerable<Type> made = Ancestors(type)
            .Concat(type.GetInterfaces())
            .Concat(type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)
                .Select(field => field.FieldType).Where(field => field.IsValueType))
            .SelectMany(one => one.IsGenericType ? one.GetGenericArguments().Append(one) : [one]);
        Assert.DoesNotContain(made, one => one.Assembly.GetName().Name is "SsmTools.Engine" or "SsmTools.Sandbox");
    });

    [Fact]
    public void Every_output_type_has_one_view()
    {
        string[] viewed = XDocument.Parse(Repository.Read("src", "SsmTools", "SsmTools.format.ps1xml"))
            .Descendants("TypeName").Select(name => name.Value).ToArray();
        IEnumerable<string> output = _surface.ExportedTypes
            .Where(type => type.Namespace == "SsmTools.Output").Select(type => type.FullName!);
        Assert.Equal(output.Order(), viewed.Where(name => !name.Contains('#')).Order());

        // What is shown otherwise in one place is marked behind its type's name.
        Assert.All(viewed, name => Assert.Contains(name.Split('#')[0], output));
    }

    [Fact]
    public void Every_error_id_has_a_sentence_and_a_next_step()
    {
        string[] keys = XDocument.Parse(Repository.Read("src", "SsmTools", "Messages.resx"))
            .Root!.Elements("data").Select(data => data.Attribute("name")!.Value).ToArray();
        string[] ids = Constant().Matches(Repository.Read("src", "SsmTools", "ErrorIds.cs")).Select(id => id.Groups[1].Value).ToArray();
        Assert.NotEmpty(ids);
        Assert.Equal(ids.SelectMany(id => new[] { id, id + "_Next" }).Order(), keys.Order());
    }

    [GeneratedRegex(@"^## (\d+\.\d+\.\d+)", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\|\s*`?((?:[A-Z][a-z]+)-Ssm\w+)`?\s*\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"const string (\w+)")]
    private static partial Regex Constant();

    private static IEnumerable<Type> Ancestors(Type type)
    {
        for (Type? one = type.BaseType; one is not null; one = one.BaseType)
        {
            yield return one;
        }
    }

    private IEnumerable<string> Names() => _surface.Cmdlets.Select(cmdlet => cmdlet.Name);

    private string Value(string key) => Regex.Match(_manifest, $@"\b{key}\s*=\s*'([^']*)'").Groups[1].Value;

    private string[] List(string key)
    {
        Match list = Regex.Match(_manifest, $@"\b{key}\s*=\s*@\(([^)]*)\)");
        Assert.True(list.Success, $"{key} must be a literal list.");
        return Regex.Matches(list.Groups[1].Value, "'([^']*)'").Select(item => item.Groups[1].Value).ToArray();
    }
}
