using System.Buffers;

namespace SsmTools.Engine.Smux;

/// <summary>
/// Buffers for frames. The shared pool has powers of two only, and a frame is a header longer than one: a full one would
/// take twice its size.
/// </summary>
internal sealed class SmuxBuffers(int maxFrameSize)
{
    private const int MaxKept = 32;
    private const int Least = 1024;
    private readonly int _full = maxFrameSize + SmuxFrame.HeaderLength;
    private readonly Stack<byte[]> _kept = new();

    /// <summary>Lends a buffer for a frame with so much data, or somewhat more.</summary>
    public byte[] Rent(int dataLength)
    {
        int length = Math.Max(Least, dataLength + SmuxFrame.HeaderLength);
        return length <= _full / 2 ? ArrayPool<byte>.Shared.Rent(length)
            : _kept.TryPop(out byte[]? kept) ? kept
            : GC.AllocateUninitializedArray<byte>(Math.Max(length, _full));
    }

    /// <summary>Takes one back.</summary>
    public void Return(byte[] buffer)
    {
        if (buffer.Length < _full)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        else if (_kept.Count < MaxKept)
        {
            _kept.Push(buffer);
        }
    }
}
