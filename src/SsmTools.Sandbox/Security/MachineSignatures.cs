using System.Security.Cryptography;
using System.Text;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Security;

/// <summary>
/// Signatures of machines that registered with an activation: Signature Version 4 up to its last step, where RSA (PSS,
/// SHA-256) with the machine's own key takes the place of the keyed hash (amazon-ssm-agent, ssm/rsaauth/ssm_rsaV4.go).
/// </summary>
internal sealed class MachineSignatures(SandboxWorld world)
{
    private static readonly string[] s_actions = ["ssm:RequestManagedInstanceRoleToken", "ssm:UpdateManagedInstancePublicKey"];

    /// <summary>Whether a signature names a machine instead of an access key.</summary>
    public bool Owns(RequestSignature signature)
    {
        lock (world.Gate)
        {
            return world.ManagedInstances.ContainsKey(signature.AccessKeyId);
        }
    }

    /// <summary>The machine, which may do no more than ask for its role's credentials; null where the signature is wrong.</summary>
    public Principal? Verify(RequestSignature signature, string signed)
    {
        byte[] key;
        lock (world.Gate)
        {
            if (!world.ManagedInstances.TryGetValue(signature.AccessKeyId, out ManagedInstanceRecord? machine))
            {
                return null;
            }

            key = machine.PublicKey;
        }

        return IsRight(key, signed, signature.Signature)
            ? new Principal
            {
                Arn = $"arn:aws:ssm:{world.Region}:{world.AccountId}:managed-instance/{signature.AccessKeyId}",
                UserId = signature.AccessKeyId,
                Name = signature.AccessKeyId,
                InstanceId = signature.AccessKeyId,
                Only = s_actions,
            }
            : null;
    }

    /// <summary>Reads a machine's public key; null where it is none that can be used.</summary>
    public static byte[]? ReadKey(string base64)
    {
        byte[] key = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, key, out int length))
        {
            return null;
        }

        try
        {
            using RSA rsa = RSA.Create();
            rsa.ImportSubjectPublicKeyInfo(key.AsSpan(0, length), out int read);
            return read == length && rsa.KeySize is >= 2048 and <= 8192 ? key[..length] : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static bool IsRight(byte[] key, string signed, string base64)
    {
        byte[] signature = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, signature, out int length))
        {
            return false;
        }

        using RSA rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(key, out _);
        return rsa.VerifyData(
            Encoding.UTF8.GetBytes(signed), signature.AsSpan(0, length), HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
    }
}
