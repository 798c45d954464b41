using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SsmTools.Engine.Protocol;

/// <summary>
/// The agent's nonces: 96 bits in three little-endian words, of which the first is counted up first
/// (amazon-ssm-agent, session/crypto). The first value is issued before anything is counted.
/// </summary>
internal sealed class NonceCounter(uint low, uint middle, uint high)
{
    /// <summary>Bytes of a nonce.</summary>
    public const int Length = 3 * sizeof(uint);

    private uint _low = low;
    private uint _middle = middle;
    private uint _high = high;

    /// <summary>A counter that starts at a random value.</summary>
    public static NonceCounter StartAnywhere()
    {
        Span<byte> start = stackalloc byte[Length];
        RandomNumberGenerator.Fill(start);
        return new NonceCounter(
            BinaryPrimitives.ReadUInt32LittleEndian(start),
            BinaryPrimitives.ReadUInt32LittleEndian(start[4..]),
            BinaryPrimitives.ReadUInt32LittleEndian(start[8..]));
    }

    /// <summary>Writes the next nonce.</summary>
    public void Next(Span<byte> nonce)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(nonce, _low);
        BinaryPrimitives.WriteUInt32LittleEndian(nonce[4..], _middle);
        BinaryPrimitives.WriteUInt32LittleEndian(nonce[8..], _high);
        if (++_low == 0 && ++_middle == 0)
        {
            _high++;
        }
    }
}
