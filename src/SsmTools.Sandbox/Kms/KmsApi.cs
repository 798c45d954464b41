using System.Security.Cryptography;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Kms;

/// <summary>KMS's operations: as many as encrypted sessions need.</summary>
internal static class KmsApi
{
    public static OperationTable Create()
    {
        return new OperationTable().Add("GenerateDataKey", GenerateDataKey).Add("Decrypt", Decrypt).Add("DescribeKey", DescribeKey)
            .Add("ListAliases", ListAliases);
    }

    private static JsonObject DescribeKey(ApiCall call)
    {
        KmsKeyRecord key = Find(call.World, call.Required("KeyId"));
        return new JsonObject
        {
            ["KeyMetadata"] = new JsonObject
            {
                ["AWSAccountId"] = call.World.AccountId,
                ["KeyId"] = key.Id,
                ["Arn"] = key.Arn,
                ["Enabled"] = true,
                ["KeyUsage"] = "ENCRYPT_DECRYPT",
                ["KeyState"] = "Enabled",
                ["KeyManager"] = "CUSTOMER",
                ["KeySpec"] = "SYMMETRIC_DEFAULT",
                ["Origin"] = "AWS_KMS",
                ["MultiRegion"] = false,
            },
        };
    }

    private static JsonObject ListAliases(ApiCall call)
    {
        string? id = call.Text("KeyId") is string named ? Find(call.World, named).Id : null;
        (IReadOnlyList<(string Name, KmsKeyRecord Key)> page, string? next) = Paging.Page(
            call.World.KmsKeys.Values.Where(key => id is null || key.Id == id).SelectMany(key => key.Aliases.Select(name => (Name: name, Key: key))),
            one => one.Name,
            "aliases",
            call.Input.Int("Limit") ?? 50,
            call.Text("Marker"),
            () => new ServiceError("InvalidMarkerException", "The marker is not valid."));
        JsonObject answer = new()
        {
            ["Aliases"] = page.ToJson(one => new JsonObject
            {
                ["AliasName"] = one.Name,
                ["AliasArn"] = $"arn:aws:kms:{call.World.Region}:{call.World.AccountId}:{one.Name}",
                ["TargetKeyId"] = one.Key.Id,
            }),
            ["Truncated"] = next is not null,
        };
        if (next is not null)
        {
            answer["NextMarker"] = next;
        }

        return answer;
    }

    private static JsonObject GenerateDataKey(ApiCall call)
    {
        KmsKeyRecord key = Find(call.World, call.Required("KeyId"));
        byte[] plain = RandomNumberGenerator.GetBytes((call.Text("KeySpec"), call.Input.Int("NumberOfBytes")) switch
        {
            ("AES_256", null) => 32,
            ("AES_128", null) => 16,
            (null, int count) => count,
            _ => throw new ServiceError("ValidationException", "Please specify either number of bytes or key spec."),
        });
        return new JsonObject
        {
            ["CiphertextBlob"] = Convert.ToBase64String(KmsBlob.Seal(key, plain, call.Input.Part("EncryptionContext"))),
            ["Plaintext"] = Convert.ToBase64String(plain),
            ["KeyId"] = key.Arn,
        };
    }

    private static JsonObject Decrypt(ApiCall call)
    {
        byte[] blob = Bytes(call.Required("CiphertextBlob"));
        KmsKeyRecord key = KmsBlob.KeyId(blob) is string id && call.World.KmsKeys.GetValueOrDefault(id) is { } known
            ? known
            : throw InvalidCiphertext();
        if (call.Text("KeyId") is string named && Find(call.World, named) != key)
        {
            throw new ServiceError(
                "IncorrectKeyException", "The key ID in the request does not identify a CMK that can perform this operation.");
        }

        byte[] plain = KmsBlob.Open(key, blob, call.Input.Part("EncryptionContext")) ?? throw InvalidCiphertext();
        return new JsonObject
        {
            ["KeyId"] = key.Arn,
            ["Plaintext"] = Convert.ToBase64String(plain),
            ["EncryptionAlgorithm"] = "SYMMETRIC_DEFAULT",
        };
    }

    /// <summary>The key that goes by an id, an alias, or the ARN of either.</summary>
    private static KmsKeyRecord Find(SandboxWorld world, string name)
    {
        string prefix = $"arn:aws:kms:{world.Region}:{world.AccountId}:";
        string plain = name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;
        string id = plain.StartsWith("key/", StringComparison.Ordinal) ? plain["key/".Length..] : plain;
        return world.KmsKeys.GetValueOrDefault(id)
            ?? world.KmsKeys.Values.FirstOrDefault(key => key.Aliases.Contains(plain))
            ?? throw new ServiceError(
                "NotFoundException",
                plain.StartsWith("alias/", StringComparison.Ordinal)
                    ? $"Alias {prefix}{plain} is not found."
                    : $"Key '{prefix}key/{id}' does not exist");
    }

    private static byte[] Bytes(string base64)
    {
        try
        {
            return Convert.FromBase64String(base64);
        }
        catch (FormatException)
        {
            throw InvalidCiphertext();
        }
    }

    private static ServiceError InvalidCiphertext() => new("InvalidCiphertextException", "");
}
