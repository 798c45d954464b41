using System.Text;
using SsmTools.Engine;
using SsmTools.Engine.Terminal;
using SsmTools.Engine.Transcripts;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Transcripts;

public sealed class TranscriptFileTests : IDisposable
{
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(20));
    private readonly TemporaryDirectory _directory = new();
    private readonly string _path;

    public TranscriptFileTests() => _path = Path.Combine(_directory.Path, "a.cast");

    public void Dispose()
    {
        _directory.Dispose();
        _timeout.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_shown_is_recorded_at_once_and_what_is_typed_on_request(bool recordsInput)
    {
        FakeTerminal screen = new();
        using TranscriptFile file = TranscriptFile.Create(_path, overwrite: false, recordsInput);
        using ITerminal terminal = file.Record(screen);
        await terminal.WriteAsync("$ "u8.ToArray(), _timeout.Token);
        screen.Type("secret");
        byte[] typed = new byte[16];
        Assert.Equal(6, await terminal.ReadAsync(typed, _timeout.Token));
        screen.Size = new TerminalSize(132, 43);

        string text = ReadShared();
        Assert.Equal("$ ", screen.Screen);
        Assert.Contains("\"o\",\"$ \"]", text, StringComparison.Ordinal);
        Assert.Contains("\"r\",\"132x43\"]", text, StringComparison.Ordinal);
        Assert.Equal(recordsInput, text.Contains("\"i\",\"secret\"]", StringComparison.Ordinal));
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        Assert.Null(file.Failure);
    }

    [Fact]
    public void The_recording_terminal_is_otherwise_the_one_it_records()
    {
        FakeTerminal screen = new() { IsInteractive = false };
        using TranscriptFile file = TranscriptFile.Create(_path, overwrite: false, recordsInput: false);
        using ITerminal terminal = file.Record(screen);
        int resized = 0;
        terminal.SizeChanged += () => resized++;
        screen.Size = new TerminalSize(1, 2);
        terminal.EnterRawMode().Dispose();

        Assert.Equal((1, false, new TerminalSize(1, 2)), (resized, terminal.IsInteractive, terminal.Size!.Value));
        Assert.Equal(1, screen.TimesRestored);
    }

    [Fact]
    public void A_file_in_which_nothing_was_recorded_is_gone_again()
    {
        TranscriptFile.Create(_path, overwrite: false, recordsInput: false).Dispose();

        Assert.False(File.Exists(_path));
    }

    [Fact]
    public async Task A_file_that_is_there_is_replaced_only_on_request_and_not_before_there_is_something_to_record()
    {
        File.WriteAllText(_path, new string('x', 4096));
        EngineException e = Assert.Throws<EngineException>(() => TranscriptFile.Create(_path, overwrite: false, recordsInput: false));
        Assert.Equal(("TranscriptExists", ErrorKind.ResourceExists, _path), (e.ErrorId, e.Kind, e.Target));

        TranscriptFile.Create(_path, overwrite: true, recordsInput: false).Dispose();
        Assert.Equal(4096, new FileInfo(_path).Length);

        using (TranscriptFile file = TranscriptFile.Create(_path, overwrite: true, recordsInput: false))
        {
            await file.Record(new FakeTerminal()).WriteAsync("a"u8.ToArray(), _timeout.Token);
        }

        Assert.DoesNotContain('x', File.ReadAllText(_path).Replace("xterm", "", StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_path));
        }
    }

    [Fact]
    public void What_cannot_be_written_is_told_in_words()
    {
        string missing = Path.Combine(_directory.Path, "nowhere", "a.cast");
        AssertNotWritable(missing, ErrorKind.ObjectNotFound);
        AssertNotWritable(_directory.Path, OperatingSystem.IsWindows() ? ErrorKind.PermissionDenied : ErrorKind.ResourceUnavailable);
        AssertNotWritable("a.cast", ErrorKind.InvalidArgument);
    }

    private static void AssertNotWritable(string path, ErrorKind kind)
    {
        EngineException e = Assert.Throws<EngineException>(() => TranscriptFile.Create(path, overwrite: false, recordsInput: false));
        Assert.Equal(("TranscriptNotWritable", kind, path), (e.ErrorId, e.Kind, e.Target));
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
    }

    /// <summary>While it is still written, as tail does.</summary>
    private string ReadShared()
    {
        using FileStream stream = new(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
