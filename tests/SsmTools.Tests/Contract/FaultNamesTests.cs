using System.Text.RegularExpressions;
using SsmTools.Sandbox.Faults;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Contract;

/// <summary>The completer has a list of its own, so that a completion does not load the sandbox.</summary>
public sealed class FaultNamesTests
{
    [Fact]
    public void Completion_offers_every_fault_in_a_form_that_is_understood()
    {
        IEnumerable<Fault> offered = Regex
            .Matches(Repository.Read("src", "SsmTools", "Completion", "FaultCompleter.cs"), @"\(""([^""]+)"",")
            .Select(match => FaultParser.Parse(match.Groups[1].Value));
        Assert.Equal(FaultCatalog.All.Select(spec => spec.Name), offered.Select(fault => fault.Spec.Name).Distinct());
    }

    [Fact]
    public void The_topic_names_every_fault() => Assert.All(
        FaultCatalog.All,
        spec => Assert.Contains($" {spec.Name} ", Repository.Read("en-US", "about_SsmTools_Sandbox.help.txt"), StringComparison.Ordinal));
}
