using System.Text.RegularExpressions;
using SsmTools.Engine.Provisioning;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Contract;

/// <summary>The completer has a list of its own, so that a completion does not load the engine.</summary>
public sealed class ImageNamesTests
{
    [Fact]
    public void Completion_offers_the_images_that_the_engine_knows()
    {
        IEnumerable<string> offered = Regex
            .Matches(Repository.Read("src", "SsmTools", "Completion", "ImageCompleter.cs"), @"\(""([^""]+)"",")
            .Select(match => match.Groups[1].Value);
        Assert.Equal(ImageCatalog.Names.Order(), offered.Order());
    }

    [Fact]
    public void The_help_names_the_images_that_the_engine_knows() =>
        Assert.All(ImageCatalog.Names, name => Assert.Contains(name, Repository.Read("en-US", "SsmTools.dll-Help.xml"), StringComparison.Ordinal));
}
