using SsmTools.Engine.Registration;
using Xunit;

namespace SsmTools.Tests.Registration;

public sealed class NamePatternTests
{
    [Theory]
    [InlineData("web", "web", true)]
    [InlineData("web", "Web", false)]
    [InlineData("web", "web-1", false)]
    [InlineData("web*", "web", true)]
    [InlineData("web*", "WEB-1", true)]
    [InlineData("*", "", true)]
    [InlineData("*", "anything", true)]
    [InlineData("*-1", "web-1-1", true)]
    [InlineData("*-1", "web-1-2", false)]
    [InlineData("w*b*1", "web-xb-1", true)]
    [InlineData("w?b", "web", true)]
    [InlineData("w?b", "wb", false)]
    [InlineData("web?", "web", false)]
    [InlineData("web-[1-3]", "web-2", true)]
    [InlineData("web-[1-3]", "web-4", false)]
    [InlineData("web-[135]", "web-3", true)]
    [InlineData("web-[135]", "web-2", false)]
    [InlineData("[A-C]*", "beta", true)]
    [InlineData("[a-c]*", "Delta", false)]
    [InlineData("[-a]x", "-x", true)]
    [InlineData("[]]x", "]x", true)]
    [InlineData("web[1]", "web1", true)]
    [InlineData("web[1]", "web[1]", true)]
    [InlineData("web[1", "web[1", true)]
    [InlineData("web[", "web", false)]
    [InlineData("[]", "[]", true)]
    [InlineData("web`*", "web*", true)]
    [InlineData("web`*", "web-1", false)]
    [InlineData("`[a]*", "[a]b", true)]
    [InlineData("web`", "web`", true)]
    [InlineData("", "", true)]
    [InlineData("", "web", false)]
    [InlineData("*a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    public void It_matches_as_in_powershell_and_a_plain_name_exactly(string pattern, string name, bool expected) =>
        Assert.Equal(expected, new NamePattern(pattern).Matches(name));

    [Theory]
    [InlineData("web", false)]
    [InlineData("web`*", false)]
    [InlineData("web[1", false)]
    [InlineData("web*", true)]
    [InlineData("web?", true)]
    [InlineData("web[12]", true)]
    public void It_knows_whether_more_than_one_name_can_match(string pattern, bool expected) =>
        Assert.Equal(expected, new NamePattern(pattern).HasWildcards);

    // EC2 compares case and knows no sets; what it finds too much is left out afterwards.
    [Theory]
    [InlineData("web-1", "web-1")]
    [InlineData("a`*b", "a\\*b")]
    [InlineData("a\\b", "a\\\\b")]
    [InlineData("w-1*", "?-1*|w-1\\*")]
    [InlineData("[0-9]?", "??|[0-9]\\?")]
    [InlineData("7*`*", "7*\\*|7\\*`\\*")]
    public void The_service_is_asked_for_all_that_may_match(string pattern, string expected) =>
        Assert.Equal(expected, string.Join('|', new NamePattern(pattern).FilterValues));
}
