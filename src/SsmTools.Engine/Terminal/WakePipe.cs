namespace SsmTools.Engine.Terminal;

/// <summary>A pipe whose only use is to end a <c>poll</c> from another thread.</summary>
internal sealed class WakePipe : IDisposable
{
    private readonly object _lock = new();
    private readonly int _writer;
    private bool _isDisposed;

    public WakePipe()
    {
        int[] fds = new int[2];
        if (UnixNative.Pipe(fds) != 0)
        {
            throw new IOException("No pipe could be made.");
        }

        Reader = fds[0];
        _writer = fds[1];
    }

    /// <summary>The descriptor to poll.</summary>
    public int Reader { get; }

    /// <summary>Makes the descriptor readable.</summary>
    public void Wake()
    {
        lock (_lock)
        {
            byte one = 1;
            _ = _isDisposed ? 0 : UnixNative.Write(_writer, ref one, 1);
        }
    }

    /// <summary>Takes one byte out again; to be called when the descriptor is readable.</summary>
    public void Reset()
    {
        byte one = 0;
        _ = UnixNative.Read(Reader, ref one, 1);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            if (!_isDisposed)
            {
                _isDisposed = true;
                _ = UnixNative.Close(Reader);
                _ = UnixNative.Close(_writer);
            }
        }
    }
}
