using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace SsmTools.Engine.Protocol;

/// <summary>
/// The two keys of an encrypted session, as one of its ends uses them: AES-256-GCM, on the wire nonce, ciphertext and
/// tag (session-manager-plugin, encryption/encrypter.go; amazon-ssm-agent, session/crypto). Disposing clears them.
/// </summary>
internal sealed class SessionKeys : IDisposable
{
    /// <summary>Bytes of the data key: one key for each direction.</summary>
    public const int DataKeyLength = 2 * KeyLength;

    /// <summary>By how much a payload grows.</summary>
    public const int OverheadLength = NonceLength + TagLength;

    private const int KeyLength = 32;
    private const int NonceLength = NonceCounter.Length;
    private const int TagLength = 16;

    private readonly AesGcm _sending;
    private readonly AesGcm _receiving;
    private readonly NonceCounter? _counter;

    /// <summary>Splits a data key. It stays the caller's, who clears it.</summary>
    /// <param name="role">Whose keys these are.</param>
    /// <param name="dataKey">64 bytes: agent to client, then client to agent.</param>
    /// <param name="counter">What the agent's nonces are counted by; the client's are random.</param>
    public SessionKeys(ChannelRole role, ReadOnlySpan<byte> dataKey, NonceCounter? counter = null)
    {
        if (dataKey.Length != DataKeyLength)
        {
            throw new ArgumentException($"A data key has {DataKeyLength} bytes, not {dataKey.Length}.", nameof(dataKey));
        }

        bool isAgent = role == ChannelRole.Agent;
        AesGcm toClient = new(dataKey[..KeyLength], TagLength);
        AesGcm toAgent = new(dataKey[KeyLength..], TagLength);
        (_sending, _receiving) = isAgent ? (toClient, toAgent) : (toAgent, toClient);
        _counter = isAgent ? counter ?? NonceCounter.StartAnywhere() : null;
    }

    /// <summary>Whether payloads of this type are encrypted when <paramref name="sender"/> sends them.</summary>
    public static bool Cover(ChannelRole sender, PayloadType payloadType) => payloadType switch
    {
        PayloadType.Output => true,
        PayloadType.StandardError or PayloadType.ExitCode => sender == ChannelRole.Agent,
        _ => false,
    };

    /// <summary>Encrypts with a nonce that was not used before.</summary>
    public byte[] Encrypt(ReadOnlySpan<byte> plain)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        if (_counter is not null)
        {
            _counter.Next(nonce);
        }
        else
        {
            RandomNumberGenerator.Fill(nonce);
        }

        return Encrypt(plain, nonce);
    }

    /// <summary>Encrypts with a nonce of the caller's.</summary>
    public byte[] Encrypt(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> nonce)
    {
        byte[] sealedBytes = new byte[plain.Length + OverheadLength];
        nonce.CopyTo(sealedBytes);
        _sending.Encrypt(
            nonce,
            plain,
            sealedBytes.AsSpan(NonceLength, plain.Length),
            sealedBytes.AsSpan(NonceLength + plain.Length));
        return sealedBytes;
    }

    /// <summary>Decrypts what the other end sent. False when it was not made with this session's key, or was changed.</summary>
    public bool TryDecrypt(ReadOnlySpan<byte> sealedBytes, [NotNullWhen(true)] out byte[]? plain)
    {
        plain = null;
        if (sealedBytes.Length < OverheadLength)
        {
            return false;
        }

        byte[] result = new byte[sealedBytes.Length - OverheadLength];
        try
        {
            _receiving.Decrypt(
                sealedBytes[..NonceLength], sealedBytes[NonceLength..^TagLength], sealedBytes[^TagLength..], result);
        }
        catch (CryptographicException)
        {
            return false;
        }

        plain = result;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sending.Dispose();
        _receiving.Dispose();
    }
}
