using System.Security.Cryptography;

namespace SsmTools.Engine.Protocol;

/// <summary>
/// Digests of payloads, one after the other with the same state: to make and drop one for each takes as long as the hashing
/// of a small message. Not safe for several threads at once; still works when it was disposed of.
/// </summary>
internal sealed class PayloadDigest : IDisposable
{
    private IncrementalHash? _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Writes the SHA-256 of a payload, 32 bytes.</summary>
    public void Write(ReadOnlySpan<byte> payload, Span<byte> digest)
    {
        if (_hash is null)
        {
            SHA256.HashData(payload, digest);
            return;
        }

        _hash.AppendData(payload);
        _hash.GetHashAndReset(digest);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _hash?.Dispose();
        _hash = null;
    }
}
