using SsmTools.Engine.Choosing;
using Xunit;

namespace SsmTools.Tests.Choosing;

public sealed class CellTextTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("web", 3)]
    [InlineData("\u00E9", 1)]
    [InlineData("e\u0301", 1)]
    [InlineData("\u6F22\u5B57", 4)]
    [InlineData("\uD83D\uDE80", 2)]
    [InlineData("\uAC00\uFF21", 4)]
    public void Cells_are_counted_as_terminals_do(string text, int cells) => Assert.Equal(cells, CellText.Width(text));

    [Theory]
    [InlineData("web", 5, "web  ")]
    [InlineData("web", 3, "web")]
    [InlineData("web-1", 4, "web…")]
    [InlineData("\u6F22\u5B57\u6F22", 4, "\u6F22… ")]
    [InlineData("\u6F22\u5B57", 2, "… ")]
    [InlineData("web", 1, "…")]
    [InlineData("web", 0, "")]
    public void Text_is_made_to_fit(string text, int cells, string expected)
    {
        Assert.Equal(expected, CellText.Fit(text, cells));
        Assert.Equal(cells, CellText.Width(CellText.Fit(text, cells)));
    }

    [Theory]
    [InlineData("web 1", "web 1")]
    [InlineData("a\u001b[2Jb", "a\uFFFD[2Jb")]
    [InlineData("a\r\nb\tc\u009b", "a\uFFFD\uFFFDb\uFFFDc\uFFFD")]
    [InlineData("a\u202Eb\u2066\u2028", "a\uFFFDb\uFFFD\uFFFD")]
    public void What_a_terminal_would_obey_is_taken_out(string text, string expected) =>
        Assert.Equal(expected, CellText.Plain(text));
}
