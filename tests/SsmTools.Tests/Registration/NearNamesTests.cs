using SsmTools.Engine.Registration;
using Xunit;

namespace SsmTools.Tests.Registration;

public sealed class NearNamesTests
{
    private static readonly string[] s_names = ["web", "web-1", "web-2", "prod-db", "Jump Host", "x1"];

    [Theory]
    [InlineData("WEB", "web web-1 web-2")]
    [InlineData("wbe-1", "web-1")]
    [InlineData("web1", "web web-1")]
    [InlineData("web-10", "web-1 web-2")]
    [InlineData("db", "")]
    [InlineData("prod", "prod-db")]
    [InlineData("jump host", "Jump Host")]
    [InlineData("X1", "x1")]
    [InlineData("zebra", "")]
    [InlineData("", "")]
    public void Slips_and_parts_are_found_nearest_first(string name, string expected) =>
        Assert.Equal(expected, string.Join(' ', NearNames.Find(name, s_names)));
}
