using System.Buffers;

namespace SsmTools.Engine.Smux;

/// <summary>What came for one stream and was not read yet, in buffers that are lent only as long as there is something in them.</summary>
internal sealed class SmuxReceiveBuffer
{
    private const int Least = 2048;
    private readonly Queue<(byte[] Buffer, int Length)> _full = new();
    private byte[]? _last;
    private int _lastLength;
    private int _taken;

    /// <summary>Bytes.</summary>
    public int Count { get; private set; }

    /// <summary>Adds bytes.</summary>
    public void Add(ReadOnlySpan<byte> data)
    {
        Count += data.Length;
        if (_last is not null)
        {
            int room = Math.Min(_last.Length - _lastLength, data.Length);
            data[..room].CopyTo(_last.AsSpan(_lastLength));
            _lastLength += room;
            data = data[room..];
            if (data.IsEmpty)
            {
                return;
            }

            _full.Enqueue((_last, _lastLength));
        }

        _last = ArrayPool<byte>.Shared.Rent(Math.Max(Least, data.Length));
        _lastLength = data.Length;
        data.CopyTo(_last);
    }

    /// <summary>Takes bytes out.</summary>
    /// <returns>How many: as many as there are, or as fit.</returns>
    public int Take(Span<byte> into)
    {
        int count = 0;
        while (Count > 0 && count < into.Length)
        {
            bool isFull = _full.TryPeek(out (byte[] Buffer, int Length) piece);
            piece = isFull ? piece : (_last!, _lastLength);
            int length = Math.Min(piece.Length - _taken, into.Length - count);
            piece.Buffer.AsSpan(_taken, length).CopyTo(into[count..]);
            count += length;
            _taken += length;
            Count -= length;
            if (_taken == piece.Length)
            {
                _taken = 0;
                Drop(piece.Buffer, isFull);
            }
        }

        return count;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Count = 0;
        _taken = 0;
        while (_full.TryDequeue(out (byte[] Buffer, int Length) piece))
        {
            ArrayPool<byte>.Shared.Return(piece.Buffer);
        }

        if (_last is not null)
        {
            Drop(_last, isFull: false);
        }
    }

    private void Drop(byte[] buffer, bool isFull)
    {
        ArrayPool<byte>.Shared.Return(buffer);
        if (isFull)
        {
            _full.Dequeue();
        }
        else
        {
            _last = null;
        }
    }
}
