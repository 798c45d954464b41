using SsmTools.Engine.Terminal;

namespace SsmTools.Engine.Transcripts;

/// <summary>
/// The file of a transcript, opened before the session is started, so that what is wrong with it is known in time. Only
/// its owner may read it. Until something is recorded, what a file held is left as it is, and one that was not there is
/// removed again.
/// </summary>
public sealed class TranscriptFile : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>What the agent tells the programs on the node (amazon-ssm-agent, shell plugin).</summary>
    private const string TermOfNode = "xterm-256color";

    private readonly FileStream _stream;
    private readonly SessionRecorder _recorder;
    private readonly bool _isNew;
    private readonly bool _recordsInput;

    private TranscriptFile(FileStream stream, bool isNew, bool recordsInput, TimeProvider timeProvider)
    {
        _stream = stream;
        _isNew = isNew;
        _recordsInput = recordsInput;
        _recorder = new SessionRecorder(stream, TermOfNode, timeProvider);
    }

    /// <summary>Why the transcript is not whole, in words of the system; null where it is.</summary>
    public string? Failure => _recorder.Failure?.Message;

    /// <summary>Opens a transcript.</summary>
    /// <param name="path">The full path of the file.</param>
    /// <param name="overwrite">Whether a file that is there is replaced.</param>
    /// <param name="recordsInput">Whether what is typed is recorded too, passwords included.</param>
    /// <param name="timeProvider">The clock; the system's where null.</param>
    /// <exception cref="EngineException">The file exists (TranscriptExists) or cannot be written (TranscriptNotWritable).</exception>
    public static TranscriptFile Create(
        string path, bool overwrite, bool recordsInput, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        bool isNew = !File.Exists(path);
        if (!isNew && !overwrite)
        {
            throw Exists(path);
        }

        try
        {
            FileStream stream = Open(path, isNew);
            return new TranscriptFile(stream, isNew, recordsInput, timeProvider ?? TimeProvider.System);
        }
        catch (IOException e) when (isNew && File.Exists(path))
        {
            throw Exists(path, e); // it came in the same moment, and is not ours
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw NotWritable(path, e);
        }
    }

    /// <summary>Records a terminal: to be used in its place, and disposed of before it.</summary>
    public ITerminal Record(ITerminal terminal)
    {
        ArgumentNullException.ThrowIfNull(terminal);
        return new RecordingTerminal(terminal, _recorder, _recordsInput);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream.Dispose();
        if (_isNew && !_recorder.HasBegun)
        {
            File.Delete(_stream.Name);
        }
    }

    private static FileStream Open(string path, bool isNew)
    {
        if (!Path.IsPathFullyQualified(path))
        {
            throw new ArgumentException("It is no path of a file.", nameof(path));
        }

        FileStreamOptions options = new()
        {
            Mode = isNew ? FileMode.CreateNew : FileMode.Open,
            Access = FileAccess.Write,
            Share = FileShare.Read,
            BufferSize = 0,
        };
        if (OperatingSystem.IsWindows())
        {
            return new FileStream(path, options);
        }

        options.UnixCreateMode = isNew ? OwnerOnly : null;
        FileStream stream = new(path, options);
        try
        {
            File.SetUnixFileMode(stream.SafeFileHandle, OwnerOnly);
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private static EngineException Exists(string path, Exception? inner = null) => new(
        "TranscriptExists",
        ErrorKind.ResourceExists,
        $"There is a file {path} already, and a transcript does not replace it unasked.",
        "Name another file, or replace it with -Force.",
        path,
        inner);

    private static EngineException NotWritable(string path, Exception inner) => new(
        "TranscriptNotWritable",
        inner switch
        {
            DirectoryNotFoundException => ErrorKind.ObjectNotFound,
            UnauthorizedAccessException => ErrorKind.PermissionDenied,
            ArgumentException or NotSupportedException => ErrorKind.InvalidArgument,
            _ => ErrorKind.ResourceUnavailable,
        },
        inner is DirectoryNotFoundException
            ? $"The transcript {path} cannot be written: its folder does not exist."
            : $"The transcript {path} cannot be written: {inner.Message}",
        "Name a file in a folder that exists and that you may write to.",
        path,
        inner);
}
