using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SsmTools.Engine.Provisioning;

/// <summary>
/// Client tokens that a run which was killed, and is repeated, comes to again: digests of all that is asked for.
/// </summary>
internal static class CallToken
{
    /// <summary>Derives the token: 64 characters at most, as EC2 demands.</summary>
    public static string Derive(params string?[] parts)
    {
        // With its length in front, no two lists of values read the same.
        StringBuilder text = new();
        foreach (string? part in parts)
        {
            text.Append(CultureInfo.InvariantCulture, $"{part?.Length ?? -1}:{part};");
        }

        byte[] digest = SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
        return "ssmtools-" + Convert.ToHexString(digest, 0, 24);
    }
}
