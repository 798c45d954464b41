using System.Buffers.Binary;

namespace SsmTools.Tests.Support;

/// <summary>Bytes without end that anybody can make and check from a seed, from any place on.</summary>
internal static class Pattern
{
    private const int Word = sizeof(ulong);

    /// <summary>Writes the bytes from a place on.</summary>
    public static void Fill(Span<byte> bytes, ulong seed, long place)
    {
        Span<byte> word = stackalloc byte[Word];
        while (!bytes.IsEmpty)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(word, Mix(seed, place / Word));
            Span<byte> rest = word[(int)(place % Word)..];
            int length = Math.Min(rest.Length, bytes.Length);
            rest[..length].CopyTo(bytes);
            bytes = bytes[length..];
            place += length;
        }
    }

    /// <summary>How many bytes are not those from that place on.</summary>
    public static long CountWrong(ReadOnlySpan<byte> bytes, ulong seed, long place)
    {
        byte[] right = new byte[bytes.Length];
        Fill(right, seed, place);
        if (bytes.SequenceEqual(right))
        {
            return 0;
        }

        long wrong = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            wrong += bytes[i] == right[i] ? 0 : 1;
        }

        return wrong;
    }

    /// <summary>SplitMix64.</summary>
    private static ulong Mix(ulong seed, long index)
    {
        ulong value = seed + ((ulong)index * 0x9E3779B97F4A7C15);
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
