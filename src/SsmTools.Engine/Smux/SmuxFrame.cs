using System.Buffers.Binary;

namespace SsmTools.Engine.Smux;

/// <summary>The header of a frame: version, command, length, stream; little-endian (xtaci/smux, frame.go).</summary>
/// <param name="Version">1; anything else is fatal.</param>
/// <param name="Command">What it says; anything not in the enumeration is fatal.</param>
/// <param name="Length">How many bytes of data follow. Only those of <see cref="SmuxCommand.Push"/> are there.</param>
/// <param name="StreamId">Which stream; 0 for none.</param>
internal readonly record struct SmuxFrame(byte Version, SmuxCommand Command, ushort Length, uint StreamId)
{
    /// <summary>Bytes.</summary>
    public const int HeaderLength = 8;

    /// <summary>The one version that both references speak in port sessions.</summary>
    public const byte SupportedVersion = 1;

    /// <summary>Reads a header.</summary>
    /// <param name="bytes">At least <see cref="HeaderLength"/>.</param>
    public static SmuxFrame Read(ReadOnlySpan<byte> bytes) => new(
        bytes[0],
        (SmuxCommand)bytes[1],
        BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]));

    /// <summary>Writes a header of version 1.</summary>
    /// <param name="bytes">At least <see cref="HeaderLength"/>.</param>
    /// <param name="command">What it says.</param>
    /// <param name="streamId">Which stream.</param>
    /// <param name="length">How many bytes of data follow.</param>
    public static void Write(Span<byte> bytes, SmuxCommand command, uint streamId, int length = 0)
    {
        bytes[0] = SupportedVersion;
        bytes[1] = (byte)command;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[2..], checked((ushort)length));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], streamId);
    }
}
