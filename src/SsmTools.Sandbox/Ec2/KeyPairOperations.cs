using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ec2;

/// <summary>Key pairs.</summary>
internal static class KeyPairOperations
{
    private const string Rsa = "rsa";

    public static JsonObject Create(ApiCall call)
    {
        if (call.Text("KeyType") is { } type && type != Rsa)
        {
            throw Ec2Errors.Unsupported($"making key pairs of type {type}");
        }

        if (call.Text("KeyFormat") is { } format && format != "pem")
        {
            throw Ec2Errors.Unsupported($"key pairs in the format {format}");
        }

        using RSA key = RSA.Create(2048);
        RSAParameters numbers = key.ExportParameters(includePrivateParameters: false);
        KeyPairRecord made = Add(call, OpenSshPublicKey.TryParse(OpenSsh(numbers))!);
        JsonObject answer = Answer(made);
        answer["KeyMaterial"] = key.ExportRSAPrivateKeyPem();
        return answer;
    }

    public static JsonObject Import(ApiCall call) => Answer(Add(
        call,
        OpenSshPublicKey.TryParse(Decode(call.Required("PublicKeyMaterial")))
            ?? throw new ServiceError("InvalidKey.Format", "Key is not in valid OpenSSH public key format")));

    public static JsonObject Delete(ApiCall call)
    {
        KeyPairRecord? key = call.Text("KeyPairId") is { } id
            ? call.World.KeyPairs.GetValueOrDefault(id)
            : Find(call.World, call.Text("KeyName") ?? throw Ec2Errors.Missing("KeyName"));
        if (key is not null)
        {
            call.World.KeyPairs.Remove(key.Id);
        }

        return new JsonObject { ["Return"] = true, ["KeyPairId"] = key?.Id };
    }

    public static JsonObject Describe(ApiCall call)
    {
        IReadOnlyList<string> names = call.Input.Texts("KeyNames");
        if (names.FirstOrDefault(name => Find(call.World, name) is null) is { } missing)
        {
            throw NotFound(missing);
        }

        bool isWhole = call.Input.Flag("IncludePublicKey") == true;
        (IReadOnlyList<KeyPairRecord> keys, _) = Ec2Listing.Select(
            call, "KeyPairs", Ec2Kind.KeyPair, "KeyPairIds", call.World.KeyPairs, (key, name) => name switch
            {
                "key-pair-id" => [key.Id],
                "key-name" => [key.Name],
                "fingerprint" => [key.Fingerprint],
                _ => null,
            });
        return new JsonObject
        {
            ["KeyPairs"] = keys.Where(key => names.Count == 0 || names.Contains(key.Name)).ToJson(key =>
            {
                JsonObject shape = Answer(key);
                shape["KeyType"] = key.Rsa is null ? "ed25519" : Rsa;
                shape["CreateTime"] = key.Created;
                shape["PublicKey"] = isWhole ? $"{key.PublicKey} {key.Name}\n" : null;
                return shape;
            }),
        };
    }

    public static KeyPairRecord? Find(SandboxWorld world, string name) =>
        world.KeyPairs.Values.FirstOrDefault(key => key.Name == name);

    public static ServiceError NotFound(string name) =>
        new("InvalidKeyPair.NotFound", $"The key pair '{name}' does not exist");

    private static KeyPairRecord Add(ApiCall call, OpenSshPublicKey key)
    {
        string name = call.Required("KeyName");
        if (name.Length is 0 or > 255)
        {
            throw Ec2Errors.InvalidValue(name, "KeyName", "The length is 1 to 255.");
        }

        if (Find(call.World, name) is not null)
        {
            throw new ServiceError("InvalidKeyPair.Duplicate", $"The keypair already exists: {name}");
        }

        IReadOnlyList<KeyValuePair<string, string>> tags = Ec2Tags.Specified(call, "key-pair");
        call.EndDryRun();
        KeyPairRecord made = new()
        {
            Id = call.World.Ids.Ec2("key"),
            Sequence = call.World.NextSequence(),
            Name = name,
            PublicKey = $"{key.Type} {key.Base64}",
            Fingerprint = Convert.ToBase64String(SHA256.HashData(Convert.FromBase64String(key.Base64))),
            Created = call.World.Now,
            Rsa = key.Rsa,
        };
        Ec2Tags.Set(made, tags);
        call.World.KeyPairs.Add(made.Id, made);
        return made;
    }

    private static JsonObject Answer(KeyPairRecord key) => new()
    {
        ["KeyPairId"] = key.Id,
        ["KeyName"] = key.Name,
        ["KeyFingerprint"] = key.Fingerprint,
        ["Tags"] = NetworkListing.Tags(key),
    };

    private static string Decode(string base64)
    {
        byte[] bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out int length) ? Encoding.Latin1.GetString(bytes, 0, length) : "";
    }

    private static string OpenSsh(RSAParameters numbers)
    {
        byte[] blob =
        [
            .. Field(Encoding.ASCII.GetBytes(OpenSshPublicKey.RsaType)),
            .. Field(numbers.Exponent!),
            .. Field([0, .. numbers.Modulus!]), // its first bit is set, and it is no negative number
        ];
        return $"{OpenSshPublicKey.RsaType} {Convert.ToBase64String(blob)}";

        static byte[] Field(byte[] value) => [0, 0, (byte)(value.Length >> 8), (byte)value.Length, .. value];
    }
}
