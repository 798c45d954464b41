using System.Buffers.Binary;
using System.Text;

namespace SsmTools.Sandbox.World;

/// <summary>A public key as OpenSSH writes it (RFC 4253, section 6.6; RFC 8709).</summary>
internal sealed record OpenSshPublicKey(string Type, string Base64)
{
    public const string RsaType = "ssh-rsa";
    public const string Ed25519Type = "ssh-ed25519";

    /// <summary>Gets the numbers of an RSA key.</summary>
    public (byte[] Modulus, byte[] Exponent)? Rsa { get; private init; }

    /// <summary>Reads <c>type base64 comment</c>; null where it is no RSA or Ed25519 key.</summary>
    public static OpenSshPublicKey? TryParse(string text)
    {
        string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2 || words[0] is not (RsaType or Ed25519Type))
        {
            return null;
        }

        byte[] blob = new byte[words[1].Length];
        if (!Convert.TryFromBase64String(words[1], blob, out int length))
        {
            return null;
        }

        ReadOnlySpan<byte> rest = blob.AsSpan(0, length);
        if (!TryNext(ref rest, out byte[] type) || Encoding.ASCII.GetString(type) != words[0])
        {
            return null;
        }

        if (words[0] == Ed25519Type)
        {
            return TryNext(ref rest, out byte[] point) && point.Length == 32 && rest.IsEmpty
                ? new OpenSshPublicKey(words[0], words[1])
                : null;
        }

        return TryNext(ref rest, out byte[] exponent) && TryNext(ref rest, out byte[] modulus) && rest.IsEmpty
            && exponent.Length is > 0 and < 9 && modulus.Length is > 127 and < 2050
            ? new OpenSshPublicKey(words[0], words[1]) { Rsa = (Unsigned(modulus), Unsigned(exponent)) }
            : null;
    }

    private static bool TryNext(ref ReadOnlySpan<byte> rest, out byte[] value)
    {
        value = [];
        if (rest.Length < 4 || BinaryPrimitives.ReadUInt32BigEndian(rest) is uint length && length > rest.Length - 4)
        {
            return false;
        }

        int count = (int)BinaryPrimitives.ReadUInt32BigEndian(rest);
        value = rest.Slice(4, count).ToArray();
        rest = rest[(4 + count)..];
        return true;
    }

    private static byte[] Unsigned(byte[] number) => number[0] == 0 ? number[1..] : number;
}
