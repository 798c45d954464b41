namespace SsmTools.Sandbox.Http;

/// <summary>
/// A connection from which a little more than the head was read already: hands out those bytes first. It reads ahead, since
/// a WebSocket asks for the few bytes of each header by themselves, and acknowledgements come in crowds.
/// </summary>
internal sealed class UpgradedStream : Stream
{
    private const int AheadLength = 8 * 1024;

    private readonly Stream _inner;
    private ReadOnlyMemory<byte> _early;
    private byte[]? _ahead;

    public UpgradedStream(Stream inner, ReadOnlyMemory<byte> early)
    {
        _inner = inner;
        _early = early;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_early.IsEmpty)
        {
            return ValueTask.FromResult(TakeEarly(buffer));
        }

        return buffer.Length is 0 or >= AheadLength
            ? _inner.ReadAsync(buffer, cancellationToken)
            : ReadAheadAsync(buffer, cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _inner.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        _inner.WriteAsync(buffer, offset, count, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => _inner.FlushAsync(cancellationToken);

    public override void Flush() => _inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadAheadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        _ahead ??= new byte[AheadLength];
        _early = _ahead.AsMemory(0, await _inner.ReadAsync(_ahead, cancellationToken).ConfigureAwait(false));
        return TakeEarly(buffer);
    }

    private int TakeEarly(Memory<byte> buffer)
    {
        int count = Math.Min(buffer.Length, _early.Length);
        _early[..count].CopyTo(buffer);
        _early = _early[count..];
        return count;
    }
}
