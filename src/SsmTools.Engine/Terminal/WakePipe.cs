using System.IO.Pipes;

namespace SsmTools.Engine.Terminal;

/// <summary>A pipe whose only use is to end a <c>poll</c> from another thread. Children do not inherit it.</summary>
internal sealed class WakePipe : IDisposable
{
    private readonly AnonymousPipeServerStream _writer = new(PipeDirection.Out, HandleInheritability.None);
    private readonly object _lock = new();
    private bool _isDisposed;

    /// <summary>The descriptor to poll.</summary>
    public int Reader => (int)_writer.ClientSafePipeHandle.DangerousGetHandle();

    /// <summary>Makes the descriptor readable.</summary>
    public void Wake()
    {
        lock (_lock)
        {
            if (!_isDisposed)
            {
                _writer.WriteByte(1);
            }
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
                _writer.ClientSafePipeHandle.Dispose();
                _writer.Dispose();
            }
        }
    }
}
