using System.Buffers.Binary;

namespace SsmTools.Engine.Protocol;

/// <summary>The values of a payload of type <see cref="PayloadType.Flag"/>.</summary>
internal enum StreamFlag : uint
{
    /// <summary>Client to agent: the local connection ended (basic port mode only).</summary>
    DisconnectToPort = 1,

    /// <summary>Client to agent: end the whole session.</summary>
    TerminateSession = 2,

    /// <summary>Agent to client: the destination could not be dialled (multiplexed port mode only).</summary>
    ConnectToPortError = 3,
}

/// <summary>Reads and writes <see cref="StreamFlag"/> payloads.</summary>
internal static class StreamFlagPayload
{
    /// <summary>The four bytes that say <paramref name="flag"/>.</summary>
    public static byte[] Write(StreamFlag flag)
    {
        byte[] payload = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(payload, (uint)flag);
        return payload;
    }

    /// <summary>Reads a flag. False when the payload is shorter than four bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out StreamFlag flag)
    {
        bool read = BinaryPrimitives.TryReadUInt32BigEndian(payload, out uint value);
        flag = (StreamFlag)value;
        return read;
    }
}
