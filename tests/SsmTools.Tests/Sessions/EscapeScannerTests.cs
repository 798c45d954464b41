using System.Buffers;
using System.Text;
using SsmTools.Engine.Sessions;
using Xunit;

namespace SsmTools.Tests.Sessions;

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

    [Theory]
    [MemberData(nameof(Table))]
    public void Escapes_are_found_at_the_start_of_a_line_only(string typed, string sent) =>
        Assert.Equal(sent, Scan(new EscapeScanner('~'), [Encoding.UTF8.GetBytes(typed)]));

    [Theory]
    [MemberData(nameof(Table))]
    public void Wherever_reads_are_split_the_result_is_the_same(string typed, string sent)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(typed);
        Assert.Equal(sent, Scan(new EscapeScanner('~'), bytes.Select(one => new[] { one })));
        for (int at = 1; at < bytes.Length; at++)
        {
            Assert.Equal(sent, Scan(new EscapeScanner('~'), [bytes[..at], bytes[at..]]));
        }
    }

    [Fact]
    public void Another_character_leaves_the_tilde_alone() => Assert.Equal(
        "~.\r<help>\x1d.\r<leave>",
        Scan(new EscapeScanner('\x1d'), ["~.\r\x1d?\x1d\x1d.\r\x1d."u8.ToArray()]));

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
