using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Kms;

/// <summary>What a key of KMS made secret: the key's id, a nonce, ciphertext and tag, bound to an encryption context.</summary>
internal static class KmsBlob
{
    private const int IdLength = 36;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int HeadLength = IdLength + NonceLength;

    public static byte[] Seal(KmsKeyRecord key, byte[] plain, JsonObject context)
    {
        byte[] blob = new byte[HeadLength + plain.Length + TagLength];
        Encoding.ASCII.GetBytes(key.Id, blob);
        Span<byte> nonce = blob.AsSpan(IdLength, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using AesGcm cipher = new(key.Material, TagLength);
        cipher.Encrypt(
            nonce, plain, blob.AsSpan(HeadLength, plain.Length), blob.AsSpan(HeadLength + plain.Length), Bind(context));
        return blob;
    }

    /// <summary>The id of the key that a blob was made with; null where it is none.</summary>
    public static string? KeyId(byte[] blob)
    {
        return blob.Length > HeadLength + TagLength ? Encoding.ASCII.GetString(blob, 0, IdLength) : null;
    }

    /// <summary>The plain bytes; null when the blob was changed, or made in another context.</summary>
    public static byte[]? Open(KmsKeyRecord key, byte[] blob, JsonObject context)
    {
        byte[] plain = new byte[blob.Length - HeadLength - TagLength];
        using AesGcm cipher = new(key.Material, TagLength);
        try
        {
            cipher.Decrypt(
                blob.AsSpan(IdLength, NonceLength),
                blob.AsSpan(HeadLength, plain.Length),
                blob.AsSpan(HeadLength + plain.Length),
                plain,
                Bind(context));
            return plain;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>One text for one context, in whatever order its pairs come.</summary>
    private static byte[] Bind(JsonObject context)
    {
        SortedDictionary<string, string> pairs = new(StringComparer.Ordinal);
        foreach ((string name, JsonNode? value) in context)
        {
            pairs[name] = value!.GetValue<string>();
        }

        return JsonSerializer.SerializeToUtf8Bytes(pairs);
    }
}
