using SsmTools.Engine.Terminal;

namespace SsmTools.Engine.Transcripts;

/// <summary>A terminal that is recorded. Its begin is the first thing shown or, with input, typed.</summary>
internal sealed class RecordingTerminal : ITerminal
{
    private readonly ITerminal _terminal;
    private readonly SessionRecorder _recorder;
    private readonly bool _recordsInput;

    /// <summary>Puts itself before a terminal, which stays the caller's.</summary>
    public RecordingTerminal(ITerminal terminal, SessionRecorder recorder, bool recordsInput)
    {
        _terminal = terminal;
        _recorder = recorder;
        _recordsInput = recordsInput;
        _terminal.SizeChanged += OnSizeChanged;
    }

    /// <inheritdoc/>
    public event Action? SizeChanged;

    /// <inheritdoc/>
    public event Action? RedrawNeeded
    {
        add => _terminal.RedrawNeeded += value;
        remove => _terminal.RedrawNeeded -= value;
    }

    /// <inheritdoc/>
    public TerminalSize? Size => _terminal.Size;

    /// <inheritdoc/>
    public bool IsInteractive => _terminal.IsInteractive;

    /// <inheritdoc/>
    public IDisposable EnterRawMode() => _terminal.EnterRawMode();

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int length = await _terminal.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (_recordsInput && length > 0)
        {
            Begin();
            _recorder.Input(buffer.Span[..length]);
        }

        return length;
    }

    /// <summary>Records first: what was half shown when the session ended is in the transcript.</summary>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        Begin();
        _recorder.Output(data.Span);
        return _terminal.WriteAsync(data, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _terminal.SizeChanged -= OnSizeChanged;
        _recorder.Complete();
    }

    private void Begin() => _recorder.Begin(_terminal.Size ?? TerminalSize.WhereNone);

    private void OnSizeChanged()
    {
        _recorder.Resize(_terminal.Size ?? TerminalSize.WhereNone);
        SizeChanged?.Invoke();
    }
}
