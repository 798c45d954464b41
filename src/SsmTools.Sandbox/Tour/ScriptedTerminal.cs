using System.Text;
using System.Threading.Channels;
using SsmTools.Engine.Terminal;

namespace SsmTools.Sandbox.Tour;

/// <summary>A terminal whose typist is a program, and whose screen can be read.</summary>
internal sealed class ScriptedTerminal : ITerminal, IDisposable
{
    private readonly Channel<byte[]> _typed = Channel.CreateUnbounded<byte[]>();
    private readonly StringBuilder _screen = new();
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly SemaphoreSlim _shown = new(0);
    private ReadOnlyMemory<byte> _rest;

    /// <summary>Wide, so that no line of the script wraps.</summary>
    public TerminalSize? Size => new(240, 50);

    /// <inheritdoc/>
    public event Action? SizeChanged
    {
        // It never changes.
        add { }
        remove { }
    }

    /// <summary>Gets all that was shown.</summary>
    public string Screen
    {
        get
        {
            lock (_screen)
            {
                return _screen.ToString();
            }
        }
    }

    /// <summary>Types text.</summary>
    public void Type(string text) => _typed.Writer.TryWrite(Encoding.UTF8.GetBytes(text));

    /// <summary>Waits until what was shown satisfies a condition.</summary>
    /// <returns>False when the time is up.</returns>
    public async Task<bool> ExpectAsync(Func<string, bool> condition, TimeSpan atMost, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(atMost);
        try
        {
            while (!condition(Screen))
            {
                await _shown.WaitAsync(patience.Token).ConfigureAwait(false);
            }

            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public IDisposable EnterRawMode() => new Nothing();

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_rest.IsEmpty)
        {
            _rest = await _typed.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }

        int count = Math.Min(buffer.Length, _rest.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        char[] text = new char[Encoding.UTF8.GetMaxCharCount(data.Length)];
        lock (_screen)
        {
            _screen.Append(text, 0, _decoder.GetChars(data.Span, text, flush: false));
        }

        _shown.Release();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => _shown.Dispose();

    private sealed class Nothing : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
