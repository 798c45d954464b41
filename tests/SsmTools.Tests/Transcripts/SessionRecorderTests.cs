using System.Text;
using System.Text.Json;
using SsmTools.Engine.Terminal;
using SsmTools.Engine.Transcripts;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Transcripts;

public sealed class SessionRecorderTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly MemoryStream _file = new();
    private readonly SessionRecorder _recorder;

    public SessionRecorderTests() => _recorder = new SessionRecorder(_file, "xterm-256color", _time);

    private string[] Lines => Encoding.UTF8.GetString(_file.ToArray()).Split('\n')[..^1];

    [Fact]
    public void A_header_comes_first_and_every_event_has_its_time()
    {
        _file.Write("of the last session, and longer than the header is: it is all gone afterwards ....................."u8);
        _recorder.Begin(new TerminalSize(80, 24));
        _recorder.Begin(new TerminalSize(1, 1));
        _recorder.Output("$ "u8);
        _time.Advance(TimeSpan.FromMilliseconds(1500));
        _recorder.Input("\x03"u8);
        _recorder.Resize(new TerminalSize(80, 24));
        _recorder.Resize(new TerminalSize(132, 43));

        using JsonDocument header = JsonDocument.Parse(Lines[0]);
        Assert.Equal(["version", "width", "height", "timestamp", "env"], header.RootElement.EnumerateObject().Select(one => one.Name));
        Assert.StartsWith("""{"version":2,"width":80,"height":24,"timestamp":""", Lines[0], StringComparison.Ordinal);
        Assert.Equal("""{"TERM":"xterm-256color"}""", header.RootElement.GetProperty("env").GetRawText());
        Assert.Equal(
            [("0", "o", "$ "), ("1.5", "i", "\x03"), ("1.5", "r", "132x43")],
            Lines[1..].Select(Read).Select(one => (one.Time.ToString("0.###", System.Globalization.CultureInfo.InvariantCulture), one.Code, one.Data)));
    }

    [Theory]
    [InlineData("é漢🙂 \x1b[31mred\x1b[0m \"quoted\\\" \u2028\0\r\n")]
    [InlineData("\u07ff\u0800\uffff\U00010000\U0010ffff")]
    public void Text_comes_back_however_its_bytes_are_split(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        _recorder.Begin(new TerminalSize(80, 24));
        for (int at = 0; at <= bytes.Length; at++)
        {
            _recorder.Output(bytes.AsSpan(0, at));
            _recorder.Output(bytes.AsSpan(at));
        }

        foreach (byte one in bytes)
        {
            _recorder.Output([one]);
        }

        _recorder.Complete();
        string all = string.Concat(Lines[1..].Select(line => Read(line).Data));
        Assert.Equal(string.Concat(Enumerable.Repeat(text, bytes.Length + 2)), all);
        Assert.DoesNotContain('\ufffd', all);
    }

    [Theory]
    [InlineData(new byte[] { 0xff }, "\ufffd")]
    [InlineData(new byte[] { 0x61, 0xe9, 0x62 }, "a\ufffdb")]
    [InlineData(new byte[] { 0x61, 0xe6, 0xbc }, "a\ufffd")]
    [InlineData(new byte[] { 0xed, 0xa0, 0x80 }, "\ufffd\ufffd\ufffd")]
    public void What_is_no_text_is_replaced(byte[] bytes, string text)
    {
        _recorder.Begin(new TerminalSize(80, 24));
        _recorder.Output(bytes);
        _recorder.Complete();

        Assert.Equal(text, string.Concat(Lines[1..].Select(line => Read(line).Data)));
    }

    [Fact]
    public void Output_and_input_are_decoded_apart()
    {
        _recorder.Begin(new TerminalSize(80, 24));
        _recorder.Output([0xc3]);
        _recorder.Input("x"u8);
        _recorder.Output([0xa9]);

        Assert.Equal([("i", "x"), ("o", "é")], Lines[1..].Select(Read).Select(one => (one.Code, one.Data)));
    }

    [Fact]
    public void A_disk_that_is_full_ends_the_recording_and_not_the_session()
    {
        SessionRecorder full = new(new FullStream(), "xterm", _time);
        full.Begin(new TerminalSize(80, 24));
        full.Output("a"u8);
        full.Complete();

        Assert.IsType<IOException>(full.Failure);
    }

    private static (decimal Time, string Code, string Data) Read(string line)
    {
        using JsonDocument json = JsonDocument.Parse(line);
        return (json.RootElement[0].GetDecimal(), json.RootElement[1].GetString()!, json.RootElement[2].GetString()!);
    }

    private sealed class FullStream : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("No space left on device");
    }
}
