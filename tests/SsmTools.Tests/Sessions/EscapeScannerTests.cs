using System.Buffers;
using System.Text;
using SsmTools.Engine.Sessions;
using Xunit;

namespace SsmTools.Tests.Sessions;

[Trait("Category", "Windows")]
public sealed class EscapeScannerTests
{
    public static TheoryData<string, string> Table => new()
    {
        // Typed, then sent; <leave> and <help> stand for the actions.
        { "ls\r", "ls\r" },
        { "~.", "<leave>" },
        { "\r~.", "\r<leave>" },
        { "\n~.", "\n<leave>" },
        { "\r\n~.", "\r\n<leave>" },
        { "exit\r~.more", "exit\r<leave>more" },
        { "~?", "<help>" },
        { "~?~?~.", "<help><help><leave>" },
        { "~~", "~" },
        { "~~.", "~." },
        { "~~~.", "~~." },
        { "~~\r~.", "~\r<leave>" },
        { "~/bin\r", "~/bin\r" },
        { "~\r~.", "~\r<leave>" },
        { "~\n", "~\n" },
        { "cd ~.\r", "cd ~.\r" },
        { " ~.", " ~." },
        { "\t~?", "\t~?" },
        { "\x03~.", "\x03~." },
        { "é~.", "é~." },
        { "\ré~.漢~?🙂", "\ré~.漢~?🙂" },
        { "~é\r", "~é\r" },
        { "\x1b[200~\r~.\r~?\x1b[201~", "\x1b[200~\r~.\r~?\x1b[201~" },
        { "\r\x1b[200~~.\x1b[201~", "\r\x1b[200~~.\x1b[201~" },
        { "\x1b[200~a\r\x1b[201~~.", "\x1b[200~a\r\x1b[201~~." },
        { "\x1b[200~a\x1b[201~\r~.", "\x1b[200~a\x1b[201~\r<leave>" },
        { "\x1b[200~a\x1b[20\x1b[201~\r~.", "\x1b[200~a\x1b[20\x1b[201~\r<leave>" },
        { "\x1b[200~\x1b[200~\r~.\x1b[201~\r~.", "\x1b[200~\x1b[200~\r~.\x1b[201~\r<leave>" },
        { "~\x1b[200~\r~.\x1b[201~", "~\x1b[200~\r~.\x1b[201~" },
        { "\x1b[200\r~.", "\x1b[200\r<leave>" },
        { "\x1b[3~.", "\x1b[3~." },
    };

    public static TheoryData<string, string> Reads => new()
    {
        // Reads, with | between them, then sent.
        { "~.", "<leave>" },
        { "~?~.", "<help><leave>" },
        { "\r~.", "\r<leave>" },
        { "\r\n\r~?~", "\r\n\r<help>" },
        { "~~", "~" },
        { "ls|\r~.", "ls\r<leave>" },
        { "ls\r|~.", "ls\r<leave>" },
        { "~|.", "<leave>" },
        { "~|\r|~.", "~\r<leave>" },

        // Pasted without brackets.
        { "ls\r~.", "ls\r~." },
        { "~.ssh/config", "~.ssh/config" },
        { "~.\rls\r", "~.\rls\r" },
        { "a\r~.\rb\r~?\r", "a\r~.\rb\r~?\r" },
        { "~/bin\r~~\r", "~/bin\r~~\r" },
        { "~|.bashrc", "~.bashrc" },
        { "~|~ab", "~~ab" },
        { "ls\r~", "ls\r~" },
        { "ls\r~|.", "ls\r~." },
        { "a\rb\r|~.", "a\rb\r<leave>" },
        { "a\n|~?", "a\n<help>" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Escapes_are_found_at_the_start_of_a_line_only(string typed, string sent) =>
        Assert.Equal(sent, Scan(new EscapeScanner('~'), Encoding.UTF8.GetBytes(typed).Select(one => new[] { one })));

    [Theory]
    [MemberData(nameof(Reads))]
    public void Text_that_comes_at_once_is_pasted_and_has_no_escapes_in_it(string reads, string sent) =>
        Assert.Equal(sent, Scan(new EscapeScanner('~'), reads.Split('|').Select(Encoding.UTF8.GetBytes)));

    [Fact]
    public void A_piece_behind_a_long_one_belongs_to_the_paste()
    {
        EscapeScanner scanner = new('~');
        byte[] piece = Encoding.ASCII.GetBytes(new string('x', 4094) + "\r");

        Assert.Equal(Encoding.ASCII.GetString(piece) + "~.", Scan(scanner, [piece, "~."u8.ToArray()]));
        Assert.Equal("\r<leave>", Scan(scanner, ["\r"u8.ToArray(), "~."u8.ToArray()]));
    }

    [Theory]
    [InlineData(100_000, 4095)]
    [InlineData(1_000, 3)]
    [InlineData(1_000, 1)]
    public void A_bracketed_paste_passes_whole_whatever_is_in_it(int lines, int readLength)
    {
        byte[] paste = [.. "\x1b[200~"u8, .. Enumerable.Repeat("\r~.~?~~\n~"u8.ToArray(), lines).SelectMany(piece => piece), .. "\x1b[201~"u8];

        Assert.Equal(Encoding.ASCII.GetString(paste), Scan(new EscapeScanner('~'), paste.Chunk(readLength)));
    }

    [Fact]
    public void Another_character_leaves_the_tilde_alone() => Assert.Equal(
        "~.\r<help>\x1d.\r<leave>",
        Scan(new EscapeScanner('\x1d'), "~.\r\x1d?\x1d\x1d.\r\x1d."u8.ToArray().Select(one => new[] { one })));

    [Theory]
    [InlineData('~', "~")]
    [InlineData('\x1d', "^]")]
    [InlineData('\x01', "^A")]
    public void The_help_names_every_escape_and_fits_a_raw_terminal(char escape, string name)
    {
        string help = EscapeText.Help(escape);

        Assert.Contains($"  {name}.  ", help, StringComparison.Ordinal);
        Assert.Contains($"  {name}?  ", help, StringComparison.Ordinal);
        Assert.Contains($"  {name}{name}  send {name}", help, StringComparison.Ordinal);
        Assert.EndsWith("\r\n", help, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", help.Replace("\r\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static string Scan(EscapeScanner scanner, IEnumerable<byte[]> reads)
    {
        ArrayBufferWriter<byte> sent = new();
        foreach (byte[] read in reads)
        {
            ReadOnlySpan<byte> rest = read;
            while (!rest.IsEmpty)
            {
                EscapeAction action = scanner.Scan(rest, sent, out int consumed);
                Assert.InRange(consumed, 1, rest.Length);
                rest = rest[consumed..];
                if (action != EscapeAction.None)
                {
                    sent.Write(Encoding.ASCII.GetBytes(action == EscapeAction.Leave ? "<leave>" : "<help>"));
                }
            }
        }

        return Encoding.UTF8.GetString(sent.WrittenSpan);
    }
}
