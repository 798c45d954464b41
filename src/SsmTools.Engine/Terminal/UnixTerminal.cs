using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace SsmTools.Engine.Terminal;

/// <summary>
/// A terminal of Linux or macOS, by its descriptors; or what was put in its place, a pipe or a file. Those are read by
/// their descriptor too, because a stream's read cannot be called off: it would swallow what the script's next command
/// is to read.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class UnixTerminal : ITerminal
{
    /// <summary>What programs take a terminal for that does not tell its size.</summary>
    private static readonly TerminalSize s_unknownSize = new(80, 24);

    private readonly int _inputFd;
    private readonly int _outputFd;
    private readonly UnixInput _input;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly PosixSignalRegistration[] _signals;
    private volatile UnixRawMode? _rawMode;

    /// <summary>Takes a terminal. The descriptors stay the caller's.</summary>
    /// <param name="inputFd">Where keys come from.</param>
    /// <param name="outputFd">Where output goes.</param>
    public UnixTerminal(int inputFd, int outputFd)
    {
        _inputFd = inputFd;
        _outputFd = outputFd;
        IsInteractive = UnixNative.IsTerminal(inputFd) == 1;
        _input = new UnixInput(inputFd, () => _rawMode?.Assert());
        _signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => SizeChanged?.Invoke()),
            PosixSignalRegistration.Create(PosixSignal.SIGTSTP, OnStop),
            PosixSignalRegistration.Create(PosixSignal.SIGCONT, OnContinued),
            PosixSignalRegistration.Create(PosixSignal.SIGCHLD, _ => _rawMode?.Assert()),
        ];
    }

    /// <inheritdoc/>
    public event Action? SizeChanged;

    /// <inheritdoc/>
    public event Action? RedrawNeeded;

    /// <inheritdoc/>
    public bool IsInteractive { get; }

    /// <inheritdoc/>
    public TerminalSize? Size =>
        (UnixNative.TryGetSize(_outputFd, out TerminalSize size) || UnixNative.TryGetSize(_inputFd, out size))
        && size is { Columns: > 0, Rows: > 0 }
            ? size
            : IsInteractive ? s_unknownSize : null;

    /// <inheritdoc/>
    public IDisposable EnterRawMode()
    {
        if (!IsInteractive)
        {
            return NoMode.Instance;
        }

        UnixRawMode mode = new(_inputFd, _outputFd);
        _rawMode = mode;
        return mode;
    }

    /// <inheritdoc/>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        _input.ReadAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        // A terminal that was stopped by a key blocks the write for as long as it likes; the caller need not. The next
        // write waits for one that was left, so that the order stays.
        Task write = Task.Run(() => WriteInTurnAsync(data), CancellationToken.None);
        await write.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Array.ForEach(_signals, registration => registration.Dispose());
        _input.Dispose();
        _rawMode?.Dispose();
    }

    /// <summary>The shell that stops this process gets the terminal as it was before.</summary>
    private void OnStop(PosixSignalContext context)
    {
        if (_rawMode is { IsOn: true } mode)
        {
            context.Cancel = true;
            mode.Suspend();
            UnixNative.Stop();
            OnContinued(mode); // with a signal of its own, or without where the system ignored the stop
        }
    }

    private void OnContinued(PosixSignalContext context)
    {
        if (_rawMode is { IsOn: true } mode)
        {
            context.Cancel = true; // or else .NET's console code would now put its own mode in the place of this one
            OnContinued(mode);
        }
        else
        {
            SizeChanged?.Invoke();
        }
    }

    /// <summary>The shell that continued this process has used the terminal, and its window may be another.</summary>
    private void OnContinued(UnixRawMode mode)
    {
        mode.Resume();
        SizeChanged?.Invoke();
        RedrawNeeded?.Invoke();
    }

    private async Task WriteInTurnAsync(ReadOnlyMemory<byte> data)
    {
        await _writing.WaitAsync().ConfigureAwait(false);
        try
        {
            _rawMode?.Follow(data.Span);
            WriteAll(data.Span);
        }
        finally
        {
            _writing.Release();
        }
    }

    private void WriteAll(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            nint written = UnixNative.Write(_outputFd, ref MemoryMarshal.GetReference(data), data.Length);
            if (written >= 0)
            {
                data = data[(int)written..];
                continue;
            }

            int error = Marshal.GetLastPInvokeError();
            if (error == UnixNative.WouldBlock)
            {
                UnixNative.PollRequest[] poll = [new() { Descriptor = _outputFd, Events = UnixNative.PollOut }];
                _ = UnixNative.Poll(poll, 1, -1);
            }
            else if (error != UnixNative.Interrupted)
            {
                throw new IOException($"The terminal cannot be written (error {error}).");
            }
        }
    }
}
