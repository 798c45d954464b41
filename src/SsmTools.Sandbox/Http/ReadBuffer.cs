namespace SsmTools.Sandbox.Http;

/// <summary>What was read from a stream and not yet used.</summary>
internal sealed class ReadBuffer
{
    /// <summary>What is believed of a stated length until the bytes are there.</summary>
    private const int FirstTake = 64 * 1024;

    private readonly Stream _stream;
    private byte[] _bytes = new byte[4096];
    private int _start;
    private int _end;

    public ReadBuffer(Stream stream)
    {
        _stream = stream;
    }

    /// <summary>The bytes that are there; valid until more are read.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(_start, _end - _start);

    /// <summary>Marks bytes at the front as used.</summary>
    public void Advance(int count) => _start += count;

    /// <summary>Reads once more behind what is there.</summary>
    /// <returns>False at the end of the stream.</returns>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        MakeRoom(1);
        int count = await _stream.ReadAsync(_bytes.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += count;
        return count > 0;
    }

    /// <summary>
    /// Takes exactly so many bytes off the front, reading as needed. Memory follows what came, not what was announced:
    /// nobody has said yet who they are.
    /// </summary>
    /// <exception cref="EndOfStreamException">The stream ends before.</exception>
    public async ValueTask<byte[]> TakeAsync(int count, CancellationToken cancellationToken)
    {
        int filled = Math.Min(count, _end - _start);
        byte[] taken = new byte[Math.Min(count, Math.Max(filled, FirstTake))];
        Bytes[..filled].CopyTo(taken);
        _start += filled;
        while (true)
        {
            await _stream.ReadExactlyAsync(taken.AsMemory(filled), cancellationToken).ConfigureAwait(false);
            if (taken.Length == count)
            {
                return taken;
            }

            filled = taken.Length;
            Array.Resize(ref taken, Math.Min(count, taken.Length * 2));
        }
    }

    private void MakeRoom(int count)
    {
        if (_bytes.Length - _end >= count)
        {
            return;
        }

        int length = _end - _start;
        byte[] target = length > _bytes.Length / 2 ? new byte[_bytes.Length * 2] : _bytes;
        Bytes.Span.CopyTo(target);
        (_bytes, _start, _end) = (target, 0, length);
    }
}
