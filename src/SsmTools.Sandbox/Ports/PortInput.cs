using System.Buffers;
using System.Threading.Channels;

namespace SsmTools.Sandbox.Ports;

/// <summary>What a client sent for the one connection of a basic session, with the connection's ends in their places.</summary>
internal sealed class PortInput
{
    private const int Bound = 1024 * 1024;
    private readonly Channel<(byte[]? Buffer, int Length)> _pieces =
        Channel.CreateUnbounded<(byte[]? Buffer, int Length)>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private readonly object _lock = new();
    private TaskCompletionSource? _full;
    private int _bytes;

    /// <summary>Completes when there is room.</summary>
    public Task Room
    {
        get
        {
            lock (_lock)
            {
                return _full?.Task ?? Task.CompletedTask;
            }
        }
    }

    /// <summary>Adds a copy of some data.</summary>
    public void Add(ReadOnlySpan<byte> data)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(data.Length);
        data.CopyTo(buffer);
        lock (_lock)
        {
            _bytes += data.Length;
            if (_bytes > Bound)
            {
                _full ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        _pieces.Writer.TryWrite((buffer, data.Length));
    }

    /// <summary>Adds that the connection is to be closed here.</summary>
    public void AddEnd() => _pieces.Writer.TryWrite((null, 0));

    /// <summary>
    /// Takes the next piece, whose buffer goes back to the shared pool; none where the connection is to be closed.
    /// </summary>
    public async ValueTask<(byte[]? Buffer, int Length)> TakeAsync(CancellationToken cancellationToken)
    {
        (byte[]? buffer, int length) = await _pieces.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            _bytes -= length;
            if (_bytes <= Bound)
            {
                _full?.TrySetResult();
                _full = null;
            }
        }

        return (buffer, length);
    }
}
