using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SsmTools.Engine.Sessions;

/// <summary>
/// Messages as the frames that a WebSocket's client sends (RFC 6455, section 5.2). The runtime draws every frame's mask from
/// the system's source of secrets by itself, which takes longer than all else that a small message needs; here many are
/// drawn at once. Not safe for several threads at once.
/// </summary>
internal sealed class FrameWriter
{
    private const int MaskLength = sizeof(uint);
    private const int MaxHeaderLength = 10 + MaskLength;
    private const byte Final = 0x80;
    private const byte Masked = 0x80;
    private const byte Length16 = 126;
    private const byte Length64 = 127;

    private readonly byte[] _masks = new byte[256 * MaskLength];
    private byte[] _buffer = new byte[512];
    private int _usedMasks;

    /// <summary>Creates one without a mask drawn yet.</summary>
    public FrameWriter() => _usedMasks = _masks.Length;

    /// <summary>A whole message in one frame, valid until the next one is made.</summary>
    /// <param name="messageType">Text or binary.</param>
    /// <param name="payload">The message.</param>
    public ReadOnlyMemory<byte> Write(WebSocketMessageType messageType, ReadOnlySpan<byte> payload)
    {
        if (_buffer.Length < MaxHeaderLength + payload.Length)
        {
            _buffer = GC.AllocateUninitializedArray<byte>(MaxHeaderLength + payload.Length);
        }

        Span<byte> frame = _buffer;
        int length = WriteHead(frame, messageType, payload.Length);
        ReadOnlySpan<byte> mask = NextMask();
        mask.CopyTo(frame[length..]);
        length += MaskLength;
        Mask(payload, frame.Slice(length, payload.Length), mask);
        return _buffer.AsMemory(0, length + payload.Length);
    }

    private static int WriteHead(Span<byte> frame, WebSocketMessageType messageType, int payloadLength)
    {
        frame[0] = (byte)(Final | (messageType == WebSocketMessageType.Text ? 1 : 2));
        switch (payloadLength)
        {
            case < Length16:
                frame[1] = (byte)(Masked | payloadLength);
                return 2;
            case <= ushort.MaxValue:
                frame[1] = Masked | Length16;
                BinaryPrimitives.WriteUInt16BigEndian(frame[2..], (ushort)payloadLength);
                return 4;
            default:
                frame[1] = Masked | Length64;
                BinaryPrimitives.WriteInt64BigEndian(frame[2..], payloadLength);
                return 10;
        }
    }

    private ReadOnlySpan<byte> NextMask()
    {
        if (_usedMasks == _masks.Length)
        {
            RandomNumberGenerator.Fill(_masks);
            _usedMasks = 0;
        }

        _usedMasks += MaskLength;
        return _masks.AsSpan(_usedMasks - MaskLength, MaskLength);
    }

    private static void Mask(ReadOnlySpan<byte> payload, Span<byte> into, ReadOnlySpan<byte> mask)
    {
        ReadOnlySpan<Vector<byte>> pieces = MemoryMarshal.Cast<byte, Vector<byte>>(payload);
        Span<Vector<byte>> masked = MemoryMarshal.Cast<byte, Vector<byte>>(into);
        Vector<byte> wide = Vector.AsVectorByte(new Vector<uint>(MemoryMarshal.Read<uint>(mask)));
        for (int i = 0; i < pieces.Length; i++)
        {
            masked[i] = pieces[i] ^ wide;
        }

        for (int i = pieces.Length * Vector<byte>.Count; i < payload.Length; i++)
        {
            into[i] = (byte)(payload[i] ^ mask[i % MaskLength]);
        }
    }
}
