using SsmTools.Engine.Choosing;
using Xunit;

namespace SsmTools.Tests.Choosing;

public sealed class ChoiceListTests
{
    private static readonly Choice[] s_choices =
    [
        new("i-02", "web-2", ""),
        new("i-01", "Web-1", ""),
        new("i-03", "db prod", ""),
        new("i-04", "i-04", ""),
        new("i-05", "asleep", "") { IsReady = false },
    ];

    [Theory]
    [InlineData("", "i-03 i-04 i-01 i-02 i-05")]
    [InlineData("web", "i-01 i-02")]
    [InlineData("WEB-2", "i-02")]
    [InlineData("i-0", "i-03 i-04 i-01 i-02 i-05")]
    [InlineData("i-01", "i-01")]
    [InlineData("d", "i-03")]
    [InlineData("db p", "i-03")]
    [InlineData("w*2", "i-02")]
    [InlineData("we[a-c]", "i-01 i-02")]
    [InlineData("w[", "")]
    [InlineData("none", "")]
    public void Ids_and_names_that_begin_with_the_word_are_found_ready_ones_first(string word, string expected) =>
        Assert.Equal(expected, Find(word));

    [Theory]
    [InlineData("prod", "i-03")]
    [InlineData("2", "i-02")]
    [InlineData("b", "i-03 i-01 i-02")]
    public void Where_none_begins_with_it_those_are_found_that_have_it_somewhere(string word, string expected) =>
        Assert.Equal(expected, Find(word));

    [Fact]
    public void Those_of_one_name_are_told_apart_by_their_values()
    {
        Choice[] choices = [new("i-02", "web", ""), new("i-01", "Web", ""), new("i-03", "db", "")];

        Assert.Equal(
            ["db", "Web i-01", "web i-02"],
            ChoiceList.Matching(choices, "").Select(choice => choice.Label));
    }

    private static string Find(string word) =>
        string.Join(' ', ChoiceList.Matching(s_choices, word).Select(choice => choice.Value));
}
