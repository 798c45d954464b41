namespace SsmTools.Engine.Protocol;

/// <summary>
/// UUIDs as the header has them: the two halves of the RFC 4122 bytes in reverse order, the bytes inside each half
/// unchanged (session-manager-plugin, message/messageparser.go, putUuid).
/// </summary>
internal static class WireUuid
{
    /// <summary>Bytes on the wire.</summary>
    public const int Length = 16;

    /// <summary>Writes 16 bytes.</summary>
    public static void Write(Guid value, Span<byte> destination)
    {
        Span<byte> rfc = stackalloc byte[Length];
        value.TryWriteBytes(rfc, bigEndian: true, out _);
        rfc[8..].CopyTo(destination);
        rfc[..8].CopyTo(destination[8..]);
    }

    /// <summary>Reads 16 bytes.</summary>
    public static Guid Read(ReadOnlySpan<byte> source)
    {
        Span<byte> rfc = stackalloc byte[Length];
        source[8..Length].CopyTo(rfc);
        source[..8].CopyTo(rfc[8..]);
        return new Guid(rfc, bigEndian: true);
    }
}
