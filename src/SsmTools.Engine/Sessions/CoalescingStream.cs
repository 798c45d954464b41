using System.Buffers;
using System.Net.Sockets;

namespace SsmTools.Engine.Sessions;

/// <summary>
/// A connection below WebSocket and TLS whose small writes can be held together, so that many messages, acknowledgements
/// mostly, go out in one piece. What is large goes at once, behind what waits. Never more waits than one piece.
/// </summary>
/// <param name="inner">The connection.</param>
/// <param name="socket">What is below it; null where that is not known.</param>
internal sealed class CoalescingStream(Stream inner, Socket? socket = null) : Stream
{
    private const int Capacity = 16 * 1024;

    /// <summary>Linux's SOL_SOCKET and SO_RCVLOWAT, see socket(7).</summary>
    private const int SocketLevel = 1;
    private const int ReceiveLowWater = 18;

    /// <summary>Pongs are written by the reader, while the sender may be about to release what waits.</summary>
    private readonly SemaphoreSlim _writing = new(1, 1);

    private byte[]? _waiting;
    private int _length;

    /// <summary>Bytes that the system is known to hold, so that it need not be asked; not more than there are.</summary>
    private int _unread;

    /// <summary>The last reading had to wait: what comes may be read in this moment.</summary>
    private volatile bool _hasWaited;
    private volatile bool _isHeld;

    /// <summary>Whether the system holds no bytes that could be read now.</summary>
    public bool IsQuiet
    {
        get
        {
            try
            {
                if (_hasWaited)
                {
                    return socket is { Available: 0 };
                }

                if (_unread <= 0 && socket is not null)
                {
                    _unread = socket.Available;
                }

                return socket is not null && _unread == 0;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return false; // who reads finds out
            }
        }
    }

    /// <summary>
    /// Whether nobody is to be woken by what comes, before it is much. The runtime's own thread wakes another for whatever
    /// comes, though nobody waits for it. Only on Linux; elsewhere the runtime asks when it is asked.
    /// </summary>
    public void Sleep(bool isAsleep)
    {
        if (socket is null || !OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            socket.SetRawSocketOption(SocketLevel, ReceiveLowWater, BitConverter.GetBytes(isAsleep ? 64 * 1024 : 1));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Who reads finds out; without the option there is only more to do.
        }
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Small writes wait from now on, until <see cref="ReleaseAsync"/>.</summary>
    public void Hold() => _isHeld = true;

    /// <summary>Writes what waits; from now on nothing does.</summary>
    public ValueTask ReleaseAsync(CancellationToken cancellationToken)
    {
        _isHeld = false;
        return WriteAsync(default, cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_writing.Wait(0, CancellationToken.None))
        {
            return WaitAndWriteAsync(buffer, cancellationToken);
        }

        if (TryKeep(buffer.Span))
        {
            _writing.Release();
            return ValueTask.CompletedTask;
        }

        return WriteOutAsync(buffer, cancellationToken);
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ValueTask<int> reading = inner.ReadAsync(buffer, cancellationToken);
        if (reading.IsCompletedSuccessfully)
        {
            int count = reading.Result;
            _hasWaited = false;
            _unread -= count;
            return new ValueTask<int>(count);
        }

        _hasWaited = true;
        _unread = 0;
        return reading;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.ReadAsync(buffer, offset, count, cancellationToken);

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count)
    {
        _writing.Wait();
        try
        {
            if (!TryKeep(buffer.AsSpan(offset, count)))
            {
                inner.Write(_waiting ?? [], 0, _length);
                Forget();
                inner.Write(buffer, offset, count);
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>What is held stays held: who writes messages flushes after each.</summary>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask WaitAndWriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (TryKeep(buffer.Span))
        {
            _writing.Release();
            return;
        }

        await WriteOutAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes what waits, and then this; lets the next writer in.</summary>
    private async ValueTask WriteOutAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            if (_length > 0)
            {
                await inner.WriteAsync(_waiting.AsMemory(0, _length), cancellationToken).ConfigureAwait(false);
                Forget();
            }

            if (!buffer.IsEmpty)
            {
                await inner.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    private bool TryKeep(ReadOnlySpan<byte> bytes)
    {
        if (!_isHeld || bytes.Length > Capacity - _length)
        {
            return false;
        }

        _waiting ??= ArrayPool<byte>.Shared.Rent(Capacity);
        bytes.CopyTo(_waiting.AsSpan(_length));
        _length += bytes.Length;
        return true;
    }

    private void Forget()
    {
        if (_waiting is not null)
        {
            ArrayPool<byte>.Shared.Return(_waiting);
            _waiting = null;
            _length = 0;
        }
    }
}
