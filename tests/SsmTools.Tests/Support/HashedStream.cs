using System.Security.Cryptography;

namespace SsmTools.Tests.Support;

/// <summary>One end of a stream of <see cref="Pattern"/>: counts, checks and hashes what is made or taken.</summary>
internal sealed class HashedStream(ulong seed, long length) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Bytes so far.</summary>
    public long Count { get; private set; }

    /// <summary>Bytes that were not what they should be, those beyond the end among them.</summary>
    public long Wrong { get; private set; }

    /// <summary>Whether all bytes are there.</summary>
    public bool IsWhole => Count >= length;

    /// <summary>The hash of all bytes so far.</summary>
    public string Hash => Convert.ToHexString(_hash.GetCurrentHash());

    /// <summary>Makes the next bytes; none at the end.</summary>
    public int Make(Span<byte> bytes)
    {
        bytes = bytes[..(int)Math.Min(bytes.Length, length - Count)];
        Pattern.Fill(bytes, seed, Count);
        _hash.AppendData(bytes);
        Count += bytes.Length;
        return bytes.Length;
    }

    /// <summary>Takes what came.</summary>
    public void Take(ReadOnlySpan<byte> bytes)
    {
        Wrong += Pattern.CountWrong(bytes, seed, Count) + Math.Max(0, Count + bytes.Length - Math.Max(Count, length));
        _hash.AppendData(bytes);
        Count += bytes.Length;
    }

    public void Dispose() => _hash.Dispose();
}
