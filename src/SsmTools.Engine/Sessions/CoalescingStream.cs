using System.Buffers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace SsmTools.Engine.Sessions;

/// <summary>
/// A connection below a WebSocket, and above TLS, whose small writes can be held together, so that many messages,
/// acknowledgements mostly, go out in one piece. What is large goes at once, behind what waits. Never more waits than one
/// piece. What comes is read ahead in pieces, too, since a WebSocket asks for a head and a message at a time.
/// </summary>
/// <param name="inner">The connection.</param>
/// <param name="socket">What is at the bottom of it; null where that is not known.</param>
internal sealed class CoalescingStream(Stream inner, Socket? socket = null) : Stream
{
    private const int Capacity = 16 * 1024;

    /// <summary>Linux's SOL_SOCKET and SO_RCVLOWAT, see socket(7).</summary>
    private const int SocketLevel = 1;
    private const int ReceiveLowWater = 18;

    /// <summary>More than a trickle brings while a reader pauses.</summary>
    private const int Much = 256 * 1024;

    /// <summary>Pongs are written by the reader, while the sender may be about to release what waits.</summary>
    private readonly SemaphoreSlim _writing = new(1, 1);

    private byte[]? _waiting;
    private int _length;
    private volatile bool _isHeld;

    private byte[]? _ahead;
    private int _aheadStart;
    private volatile int _aheadLength;

    /// <summary>Whether nothing has come that could be read now.</summary>
    public bool IsQuiet
    {
        get
        {
            try
            {
                return _aheadLength == 0 && socket is { Available: 0 };
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
            socket.SetRawSocketOption(SocketLevel, ReceiveLowWater, BitConverter.GetBytes(isAsleep ? Much : 1));
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
        if (_aheadLength > 0)
        {
            return new ValueTask<int>(TakeAhead(buffer.Span));
        }

        if (buffer.Length >= Capacity)
        {
            return inner.ReadAsync(buffer, cancellationToken);
        }

        // A reading of no bytes only waits for some to come.
        _ahead ??= new byte[Capacity];
        ValueTask<int> reading = inner.ReadAsync(buffer.IsEmpty ? default : _ahead.AsMemory(), cancellationToken);
        if (!reading.IsCompletedSuccessfully)
        {
            return FinishReadAsync(reading, buffer);
        }

        KeepAhead(reading.Result);
        return new ValueTask<int>(TakeAhead(buffer.Span));
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) =>
        _aheadLength > 0 ? TakeAhead(buffer.AsSpan(offset, count)) : inner.Read(buffer, offset, count);

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

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> FinishReadAsync(ValueTask<int> reading, Memory<byte> buffer)
    {
        KeepAhead(await reading.ConfigureAwait(false));
        return TakeAhead(buffer.Span);
    }

    private void KeepAhead(int count)
    {
        _aheadStart = 0;
        _aheadLength = count;
    }

    private int TakeAhead(Span<byte> into)
    {
        int count = Math.Min(into.Length, _aheadLength);
        _ahead.AsSpan(_aheadStart, count).CopyTo(into);
        _aheadStart += count;
        _aheadLength -= count;
        return count;
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
