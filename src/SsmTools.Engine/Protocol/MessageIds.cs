namespace SsmTools.Engine.Protocol;

/// <summary>
/// Ids for messages: random ones of version 4, but not from the system's source of secrets, which takes longer than all
/// else that a small message needs. Nobody compares or guesses them. Not safe for several threads at once.
/// </summary>
internal sealed class MessageIds
{
    private readonly Random _random = new();

    /// <summary>The next one.</summary>
    public Guid Next()
    {
        Span<byte> bytes = stackalloc byte[WireUuid.Length];
        _random.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
