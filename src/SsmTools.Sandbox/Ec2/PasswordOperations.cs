using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ec2;

/// <summary>The administrator's password of Windows instances.</summary>
internal static class PasswordOperations
{
    private const string Characters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789!@#$%&*()-=?.;";

    /// <summary>How long Windows takes, when it first starts, to choose one.</summary>
    private static readonly TimeSpan s_preparation = TimeSpan.FromMinutes(4);

    /// <summary>
    /// GetPasswordData: empty until the instance has chosen a password, and for ever where it has no key pair to encrypt
    /// it with or does not run Windows.
    /// </summary>
    public static JsonObject Get(ApiCall call)
    {
        InstanceRecord instance = Ec2Kind.Instance.Find(call.World.Instances, call.Required("InstanceId"));
        call.EndDryRun();
        bool isReady = instance.Node is not null || call.World.Now - instance.LaunchTime >= s_preparation;
        if (instance is { Image.Windows: true, KeyPair.Rsa: { } key } && isReady)
        {
            instance.PasswordData ??= Encrypt(key);
        }

        return new JsonObject
        {
            ["InstanceId"] = instance.Id,
            ["Timestamp"] = call.World.Now,
            ["PasswordData"] = instance.PasswordData ?? "",
        };
    }

    /// <summary>Line ends around it, as EC2 has them.</summary>
    private static string Encrypt((byte[] Modulus, byte[] Exponent) key)
    {
        byte[] password = Encoding.ASCII.GetBytes(RandomNumberGenerator.GetString(Characters, 32));
        using RSA rsa = RSA.Create(new RSAParameters { Modulus = key.Modulus, Exponent = key.Exponent });
        return $"\r\n{Convert.ToBase64String(rsa.Encrypt(password, RSAEncryptionPadding.Pkcs1))}\r\n";
    }
}
