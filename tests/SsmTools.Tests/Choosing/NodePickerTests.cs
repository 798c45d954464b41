using SsmTools.Engine.Choosing;
using SsmTools.Engine.Registration;
using Xunit;

namespace SsmTools.Tests.Choosing;

public sealed class NodePickerTests
{
    private static readonly NodeRegistration[] s_nodes =
    [
        Node("i-0123456789abcdef1", "web-10"),
        Node("i-0123456789abcdef2", "web"),
        Node("mi-0123456789abcdef3", "Desk"),
        Node("i-0123456789abcdef4", null),
        Node("i-0123456789abcdef5", "db-web") with { Registered = false, PingStatus = null, State = "stopped" },
    ];

    [Fact]
    public void Nodes_are_numbered_by_name_and_those_without_come_last() => Assert.Equal(
        [
            "#  Name    InstanceId            Ping status  Platform",
            "1  db-web  i-0123456789abcdef5   stopped      Amazon Linux 2023",
            "2  Desk    mi-0123456789abcdef3  Online       Amazon Linux 2023",
            "3  web     i-0123456789abcdef2   Online       Amazon Linux 2023",
            "4  web-10  i-0123456789abcdef1   Online       Amazon Linux 2023",
            "5          i-0123456789abcdef4   Online       Amazon Linux 2023",
        ],
        Pick(80).Lines);

    [Theory]
    [InlineData("1", "i-0123456789abcdef5")]
    [InlineData(" 4 ", "i-0123456789abcdef1")]
    [InlineData("web", "i-0123456789abcdef2")]
    [InlineData("WEB", "i-0123456789abcdef2")]
    [InlineData("des", "mi-0123456789abcdef3")]
    [InlineData("-10", "i-0123456789abcdef1")]
    [InlineData("10", "i-0123456789abcdef1")]
    [InlineData("d*b", "i-0123456789abcdef5")]
    [InlineData("i-0123456789abcdef4", "i-0123456789abcdef4")]
    [InlineData("cdef4", "i-0123456789abcdef4")]
    public void A_number_a_name_or_a_part_that_only_one_has_chooses(string typed, string expected)
    {
        NodePickerAnswer answer = Pick(80).Answer(typed);

        Assert.Equal((expected, false, null), (answer.Node?.InstanceId, answer.HasLeft, answer.Complaint));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("q")]
    [InlineData("Q")]
    public void Nothing_and_q_leave(string? typed)
    {
        NodePickerAnswer answer = Pick(80).Answer(typed);

        Assert.True(answer.HasLeft);
        Assert.Null(answer.Node);
    }

    [Theory]
    [InlineData("9", "There is no number 9, and no name with it.")]
    [InlineData("6", "There is no number 6, and no name with it.")]
    [InlineData("456", "There is no number 456, and no name with it.")]
    [InlineData("99999999999999999999", "No name or id here has '99999999999999999999' in it.")]
    [InlineData("zebra", "No name or id here has 'zebra' in it.")]
    [InlineData("\u001b[2Jx", "No name or id here has '\uFFFD[2Jx' in it.")]
    public void What_fits_nothing_is_said_and_the_list_stays(string typed, string complaint)
    {
        NodePicker picker = Pick(80);
        IReadOnlyList<string> before = picker.Lines;

        NodePickerAnswer answer = picker.Answer(typed);

        Assert.Equal((null, false, complaint), (answer.Node, answer.HasLeft, answer.Complaint));
        Assert.Equal(before, picker.Lines);
    }

    [Fact]
    public void A_part_that_several_have_narrows_the_list_and_the_numbers_stay()
    {
        NodePicker picker = Pick(80);

        NodePickerAnswer answer = picker.Answer("we");

        Assert.Equal(new NodePickerAnswer(), answer);
        Assert.Equal(["1  db-web", "3  web", "4  web-10"], picker.Lines.Skip(1).Select(line => line[..9].TrimEnd()));
        Assert.Equal("mi-0123456789abcdef3", picker.Answer("2").Node?.InstanceId);
        Assert.Equal(3, picker.Lines.Count - 1);
        Assert.Equal(new NodePickerAnswer(), picker.Answer("*"));
        Assert.Equal(5, picker.Lines.Count - 1);
    }

    [Fact]
    public void A_long_list_is_shown_in_pages_that_fit_the_screen()
    {
        NodePicker picker = new(Enumerable.Range(0, 57).Select(index => Node($"i-{index:x17}", $"web-{index:000}")), 80, 24);

        Assert.Equal((21, "1 to 19 of 57"), (picker.Lines.Count, picker.Lines[^1]));
        Assert.StartsWith(" #  Name", picker.Lines[0], StringComparison.Ordinal);
        Assert.StartsWith(" 1  web-000", picker.Lines[1], StringComparison.Ordinal);
        Assert.Contains("+ and - turn the page", picker.Prompt, StringComparison.Ordinal);

        picker.Answer("-");
        Assert.Equal("1 to 19 of 57", picker.Lines[^1]);
        picker.Answer("+");
        picker.Answer("+");
        Assert.Equal("39 to 57 of 57", picker.Lines[^1]);
        picker.Answer("+");
        Assert.Equal("39 to 57 of 57", picker.Lines[^1]);
        picker.Answer("-");
        Assert.Equal("20 to 38 of 57", picker.Lines[^1]);
        picker.Answer("web-03");
        Assert.Equal(11, picker.Lines.Count);
        Assert.DoesNotContain("turn the page", picker.Prompt, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(120)]
    public void No_line_is_wider_than_the_screen_and_columns_stand_below_each_other(int width)
    {
        NodePicker picker = new(
            [
                Node("i-0123456789abcdef0", new string('n', 200)),
                Node("i-0123456789abcdef1", "\u6F22\u5B57\u30B5\u30FC\u30D0\u30FC"),
                Node("i-0123456789abcdef2", "e\u0301t\u00E9"),
                Node("i-0123456789abcdef3", "red \u001b[31m\r\nalert"),
                Node("mi-0123456789abcdef4", "s") with { PlatformName = "Microsoft Windows Server 2022 Datacenter", PlatformVersion = "10.0.20348" },
            ],
            width,
            24);

        IReadOnlyList<string> lines = picker.Lines;

        Assert.All(lines, line => Assert.DoesNotContain(line, char.IsControl));
        Assert.Single(lines.Skip(1).Select(line => CellText.Width(line[..line.IndexOf("i-0", StringComparison.Ordinal)].TrimEnd('m')) / 2).Distinct());
        if (width >= 80)
        {
            Assert.All(lines, line => Assert.InRange(CellText.Width(line), 0, width - 1));
            Assert.Contains(lines, line => line.Contains("Microsoft", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Wide_screens_show_more_of_names_and_platforms()
    {
        NodeRegistration[] nodes = [Node("i-0123456789abcdef0", "production-database-primary-eu-central") with { PlatformName = "Ubuntu", PlatformVersion = "24.04" }];

        Assert.Contains("production-database-primary-eu-central  ", new NodePicker(nodes, 120, 24).Lines[1], StringComparison.Ordinal);
        string narrow = new NodePicker(nodes, 80, 24).Lines[1];
        Assert.Contains("production-database-primary…  i-0123456789abcdef0  ", narrow, StringComparison.Ordinal);
        Assert.EndsWith("Ubuntu 24.04", narrow, StringComparison.Ordinal);
    }

    private static NodePicker Pick(int width) => new(s_nodes, width, 24);

    private static NodeRegistration Node(string id, string? name) => new()
    {
        InstanceId = id,
        Name = name,
        State = id.StartsWith("i-", StringComparison.Ordinal) ? "running" : null,
        Registered = true,
        PingStatus = "Online",
        PlatformType = "Linux",
        PlatformName = "Amazon Linux",
        PlatformVersion = "2023",
    };
}
