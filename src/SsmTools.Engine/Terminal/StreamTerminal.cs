namespace SsmTools.Engine.Terminal;

/// <summary>
/// Redirected input and output, a file or a pipe: no raw mode, nobody who types. Waits end when they are cancelled,
/// although the streams of a process cannot be interrupted: a read goes on behind, and its bytes come with the next call.
/// </summary>
public sealed class StreamTerminal : ITerminal
{
    private readonly Stream _input;
    private readonly Stream _output;
    private readonly byte[] _buffer = new byte[8 * 1024];
    private Task<int>? _read;
    private int _offset;
    private int _length;

    /// <summary>Creates the pair. The streams stay the caller's.</summary>
    /// <param name="input">What is typed.</param>
    /// <param name="output">Where output goes.</param>
    /// <param name="size">The size to tell the remote side; null where the output is no terminal.</param>
    public StreamTerminal(Stream input, Stream output, TerminalSize? size = null)
    {
        _input = input;
        _output = output;
        Size = size;
    }

    /// <inheritdoc/>
    public event Action? SizeChanged
    {
        add { }
        remove { }
    }

    /// <inheritdoc/>
    public TerminalSize? Size { get; }

    /// <inheritdoc/>
    public bool IsInteractive => false;

    /// <inheritdoc/>
    public IDisposable EnterRawMode() => NoMode.Instance;

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_offset == _length)
        {
            _read ??= Task.Run(() => _input.ReadAsync(_buffer, CancellationToken.None).AsTask(), CancellationToken.None);
            _length = await _read.WaitAsync(cancellationToken).ConfigureAwait(false);
            _offset = 0;
            _read = null;
        }

        int count = Math.Min(buffer.Length, _length - _offset);
        _buffer.AsSpan(_offset, count).CopyTo(buffer.Span);
        _offset += count;
        return count;
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        // The stream of a process writes synchronously, and may block for as long as nobody reads.
        Task write = Task.Run(
            async () =>
            {
                await _output.WriteAsync(data, CancellationToken.None).ConfigureAwait(false);
                await _output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            },
            CancellationToken.None);
        await write.WaitAsync(cancellationToken).ConfigureAwait(false);
    }
}
