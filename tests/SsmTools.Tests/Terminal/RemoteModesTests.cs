using System.Text;
using SsmTools.Engine.Terminal;
using Xunit;

namespace SsmTools.Tests.Terminal;

[Trait("Category", "Windows")]
public sealed class RemoteModesTests
{
    public static TheoryData<string, string, string> Table => new()
    {
        // What was shown, what undoes it, and what does it again.
        { "", "", "" },
        { "$ ls\r\na b c\r\n", "", "" },
        { "$ ", "\r\n", "" },
        { "50 %\r", "", "" },
        { "\r\n$ \a", "\r\n", "" },
        { "\x1b[?1h", "\x1b[?1l", "\x1b[?1h" },
        { "\x1b[?1h\x1b[?1l", "", "" },
        { "\x1b[?2004h\x1b[?2004l\x1b[?2004h", "\x1b[?2004l", "\x1b[?2004h" },
        { "\x1b[?1000;1006h", "\x1b[?1000;1006l", "\x1b[?1000;1006h" },
        { "\x1b[?25l", "\x1b[?25h", "\x1b[?25l" },
        { "\x1b[?25l\x1b[?12;25h", "", "" },
        { "\x1b[?7l", "\x1b[?7h", "\x1b[?7l" },
        { "\x1b[?1049h\x1b[2Jtext", "\x1b[?1049l", "\x1b[?1049h" },
        { "$ vi\r\n\x1b[?1049htext\x1b[?1049l", "", "" },
        { "$ \x1b[?47h~\r\n~", "\x1b[?47l\r\n", "\x1b[?47h" },
        { "\x1b=", "\x1b>", "\x1b=" },
        { "\x1b=\x1b>", "", "" },
        { "\x1b[4h", "\x1b[4l", "\x1b[4h" },
        { "\x1b(0", "\x1b(B", "\x1b(0" },
        { "\x1b(0\x1b(B\x1b)0", "", "" },
        { "\x0e", "\x0f", "\x0e" },
        { "\x0e\x0f", "", "" },
        { "\x1b[5;20r", "\x1b" + "7\x1b[r\x1b" + "8", "" },
        { "\x1b[5;20r\x1b[r", "", "" },
        { "\x1b[5 q", "\x1b[0 q", "\x1b[5 q" },
        { "\x1b[5 q\x1b[0 q", "", "" },
        { "\x1b[1;31m", "\x1b[m", "" },
        { "\x1b[31m\x1b[0m", "", "" },
        { "\x1b[31m\x1b[m", "", "" },
        { "\x1b[31;0m", "", "" },
        { "\x1b[0;31m", "\x1b[m", "" },
        { "\x1b[38;5;0m", "\x1b[m", "" },
        { "\x1b[48;2;0;0;0m", "\x1b[m", "" },
        { "\x1b[38:5:0m", "\x1b[m", "" },
        { "\x1b[>4;2m", "\x1b[>4m", "\x1b[>4;2m" },
        { "\x1b[>4;2m\x1b[>4;m", "", "" },
        { "\x1b[>1u\x1b[>5u", "\x1b[<2u", "\x1b[>1u\x1b[>5u" },
        { "\x1b[>1u\x1b[<u", "", "" },
        { "\x1b[=5;1u", "\x1b[=0u", "\x1b[=5;1u" },
        { "\x1b[=5u\x1b[=0u", "", "" },
        { "\x1b[?1h\x1b[?1049h\x1b[31m\x1b[?25l\x1b" + "c", "", "" },
        { "\x1b[?1h\x1b[?25l\x1b[31m\x1b[?1000h\x1b[!p", "\x1b[?1000l", "\x1b[?1000h" },

        // Strings may hold anything, and one that has no end would hold what comes next, too.
        { "\x1b]0;\x1b[?1h\a", "\x1b[?1l", "\x1b[?1h" },
        { "\x1b]0;[?1h\a\x1bP[?1h\x1b\\\x1b_[?1h\x1b\\", "", "" },
        { "\x1b]0;half a title", "\x1b\\\x1b[m", "" },
        { "\x1b]0;half a title\x18", "", "" },
        { "\x1b[?10", "\x1b[m", "" },
        { "\x1b", "\x1b[m", "" },
        { "\x1b[?10\x1b[?1h", "\x1b[?1l", "\x1b[?1h" },
        { "\x1b[?1\x18h\r", "", "" },
        { "\x1b[\x0e?1\x7fh", "\x1b[?1l\x0f", "\x1b[?1h\x0e" },

        // What is not followed: questions, positions, titles, modes that nobody minds.
        { "\x1b[?1$p\x1b[6n\x1b[c\x1b[>c\x1b[?u\x1b[H\x1b[2J\x1b[K\x1b[?12h\x1b[?1s\x1b[22;0t\x1b[>q", "", "" },
        { "é\x1b[?1h漢\r\n", "\x1b[?1l", "\x1b[?1h" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void What_was_left_on_is_switched_off_and_nothing_else(string shown, string undo, string redo)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(shown);
        AssertModes([bytes], undo, redo);
        AssertModes([.. bytes.Select(one => new[] { one })], undo, redo);
        for (int at = 1; at < bytes.Length; at++)
        {
            AssertModes([bytes[..at], bytes[at..]], undo, redo);
        }
    }

    [Fact]
    public void What_an_editor_switches_on_comes_off_in_an_order_that_works()
    {
        RemoteModes modes = new();
        modes.Follow("$ vim\r\n\x1b[?1049h\x1b[>4;2m\x1b[?1h\x1b=\x1b[?2004h\x1b[1;24r\x1b[?1006;1000h\x1b[34m\x1b[?25l"u8);

        Assert.True(modes.IsApplicationMode);
        Assert.Equal(
            Show("\x1b[>4m\x1b[?1049l\x1b" + "7\x1b[r\x1b" + "8\x1b[?1;1000;1006;2004l\x1b[?25h\x1b>\x1b[m"), Show(modes.Undo()));

        // And taken by a terminal, that leaves nothing on.
        modes.Follow(Encoding.ASCII.GetBytes(modes.Undo()));
        Assert.Equal("", modes.Undo());
        Assert.Equal("", modes.Redo());
    }

    [Fact]
    public void Whatever_is_shown_what_undoes_it_leaves_nothing_to_undo()
    {
        Random random = new(20261122);
        string[] pieces = [.. Table.Select(row => (string)row[0]), "\x1b[", "\x1b]8;;", "?", ";", "1049", "h", "l", "m", "u", "x"];
        for (int i = 0; i < 5000; i++)
        {
            string shown = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => pieces[random.Next(pieces.Length)]));
            RemoteModes modes = new();
            modes.Follow(Encoding.UTF8.GetBytes(shown));
            string undo = modes.Undo();
            modes.Follow(Encoding.ASCII.GetBytes(undo));

            Assert.Equal((Show(shown), ""), (Show(shown), Show(modes.Undo())));
        }
    }

    private static void AssertModes(byte[][] pieces, string undo, string redo)
    {
        RemoteModes modes = new();
        Array.ForEach(pieces, piece => modes.Follow(piece));
        Assert.Equal((Show(undo), Show(redo)), (Show(modes.Undo()), Show(modes.Redo())));
    }

    private static string Show(string text) => string.Concat(text.Select(c => c < ' ' ? $"<{(int)c:x2}>" : c.ToString()));
}
