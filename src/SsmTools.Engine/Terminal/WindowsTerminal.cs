using System.Runtime.Versioning;
using System.Text;

namespace SsmTools.Engine.Terminal;

/// <summary>
/// A Windows console: input as records, whose characters are right for every layout, and output as UTF-16, which
/// needs no code page to be changed and put back.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsTerminal : ITerminal
{
    private const uint SizeCheckMilliseconds = 500;

    private readonly nint _input;
    private readonly nint _output;
    private readonly ManualResetEvent _wake = new(false);
    /// <summary>Never disposed of, like the next one: who waits for a semaphore that is disposed of meanwhile waits for ever.</summary>
    private readonly SemaphoreSlim _reading = new(1, 1);

    private readonly SemaphoreSlim _writing = new(1, 1);

    /// <summary>Room for a paste; consoles before Windows 8 hand over 64 KB a call at most.</summary>
    private readonly WindowsNative.InputRecord[] _records = new WindowsNative.InputRecord[3000];

    private readonly RecordTranslator _translator = new();
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private byte[] _typed = [];
    private int _offset;
    private TerminalSize? _size;
    private volatile WindowsRawMode? _rawMode;

    /// <summary>Takes a console. The handles stay the caller's.</summary>
    /// <param name="input">Its input.</param>
    /// <param name="output">Its screen.</param>
    public WindowsTerminal(nint input, nint output)
    {
        _input = input;
        _output = output;
        _size = Size;
    }

    /// <inheritdoc/>
    public event Action? SizeChanged;

    /// <inheritdoc/>
    public bool IsInteractive => true;

    /// <inheritdoc/>
    public TerminalSize? Size => GetSize(_output);

    /// <summary>The console of this process; null where its input or output is redirected.</summary>
    public static WindowsTerminal? TryOpen()
    {
        nint input = WindowsNative.GetStdHandle(WindowsNative.StandardInput);
        nint output = WindowsNative.GetStdHandle(WindowsNative.StandardOutput);
        return WindowsNative.GetConsoleMode(input, out _) && WindowsNative.GetConsoleMode(output, out _)
            ? new WindowsTerminal(input, output)
            : null;
    }

    /// <summary>The size of what standard output shows in; null where that is no console.</summary>
    public static TerminalSize? TryGetOutputSize() =>
        GetSize(WindowsNative.GetStdHandle(WindowsNative.StandardOutput));

    /// <inheritdoc/>
    public IDisposable EnterRawMode()
    {
        WindowsRawMode mode = new(_input, _output);
        _rawMode = mode;
        return mode;
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_offset == _typed.Length)
            {
                _wake.Reset();
                using CancellationTokenRegistration registration = cancellationToken.Register(() => _wake.Set());
                _typed = await Task.Factory.StartNew(
                    () => WaitForKeys(cancellationToken),
                    CancellationToken.None,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default).ConfigureAwait(false);
                _offset = 0;
            }

            int count = Math.Min(buffer.Length, _typed.Length - _offset);
            _typed.AsSpan(_offset, count).CopyTo(buffer.Span);
            _offset += count;
            return count;
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        // A console in which something is being selected blocks the write for as long as it likes; the caller need not.
        // The next write waits for one that was left, so that the order stays.
        Task write = Task.Run(() => WriteInTurnAsync(data), CancellationToken.None);
        await write.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rawMode?.Dispose();
        _wake.Dispose();
    }

    private static TerminalSize? GetSize(nint output) =>
        WindowsNative.GetConsoleScreenBufferInfo(output, out WindowsNative.ScreenBuffer info)
            ? new TerminalSize(info.WindowRight - info.WindowLeft + 1, info.WindowBottom - info.WindowTop + 1)
            : null;

    private byte[] WaitForKeys(CancellationToken cancellationToken)
    {
        nint[] handles = [_wake.SafeWaitHandle.DangerousGetHandle(), _input];
        while (true)
        {
            // Not every console reports that its window has changed: so it is looked at now and then.
            uint which = WindowsNative.WaitForMultipleObjects(
                (uint)handles.Length, handles, false, SizeCheckMilliseconds);
            cancellationToken.ThrowIfCancellationRequested();
            if (which == WindowsNative.WaitTimeout)
            {
                CheckSize();
                continue;
            }

            if (!WindowsNative.ReadConsoleInputW(_input, _records, (uint)_records.Length, out uint count))
            {
                return []; // the console is gone: the end of the input
            }

            byte[] typed = _translator.Translate(
                _records.AsSpan(0, (int)count), _rawMode?.Modes.IsApplicationMode ?? false, out bool isResized);
            if (isResized)
            {
                CheckSize();
            }

            if (typed.Length > 0)
            {
                return typed;
            }
        }
    }

    private void CheckSize()
    {
        TerminalSize? size = Size;
        if (size is not null && size != _size)
        {
            _size = size;
            SizeChanged?.Invoke();
        }
    }

    private async Task WriteInTurnAsync(ReadOnlyMemory<byte> data)
    {
        await _writing.WaitAsync().ConfigureAwait(false);
        try
        {
            _rawMode?.Modes.Follow(data.Span);
            Write(data.Span);
        }
        finally
        {
            _writing.Release();
        }
    }

    private void Write(ReadOnlySpan<byte> data)
    {
        char[] text = new char[_decoder.GetCharCount(data, flush: false)];
        int length = _decoder.GetChars(data, text, flush: false);
        int offset = 0;
        while (offset < length)
        {
            char[] rest = offset == 0 ? text : text[offset..];
            if (!WindowsNative.WriteConsoleW(_output, rest, (uint)(length - offset), out uint written, 0) || written == 0)
            {
                throw new IOException("The console cannot be written.");
            }

            offset += (int)written;
        }
    }
}
