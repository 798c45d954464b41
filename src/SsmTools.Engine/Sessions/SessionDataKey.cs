using System.Security.Cryptography;

namespace SsmTools.Engine.Sessions;

/// <summary>A data key as AWS KMS made it. Disposing clears it.</summary>
/// <param name="Plain">64 bytes.</param>
/// <param name="CipherText">The same, encrypted for whoever may decrypt with the KMS key.</param>
internal sealed record SessionDataKey(byte[] Plain, byte[] CipherText) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(Plain);

    /// <inheritdoc/>
    public override string ToString() => nameof(SessionDataKey); // the key stays out of logs
}
