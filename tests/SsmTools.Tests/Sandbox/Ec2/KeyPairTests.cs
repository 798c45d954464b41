using System.Security.Cryptography;
using System.Text;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Remoting;
using Xunit;

namespace SsmTools.Tests.Sandbox.Ec2;

public sealed class KeyPairTests
{
    private readonly SandboxAccount _account = new();

    [Fact]
    public void A_key_pair_is_imported_listed_and_deleted()
    {
        using RSA key = RSA.Create(2048);
        ApiReply made = Import("web", WindowsNode.OpenSsh(key)).Ok();
        Assert.Contains("<keyName>web</keyName>", made.Body, StringComparison.Ordinal);
        KeyPairRecord record = Assert.Single(_account.World.KeyPairs.Values);
        Assert.Equal(key.ExportParameters(false).Modulus, record.Rsa!.Value.Modulus);
        Import("web", WindowsNode.OpenSsh(key)).Refused("InvalidKeyPair.Duplicate");

        string listed = _account.Query("ec2", "DescribeKeyPairs", "KeyName.1", "web", "IncludePublicKey", "true").Ok().Body;
        Assert.Contains(record.PublicKey, listed, StringComparison.Ordinal);
        _account.Query("ec2", "DescribeKeyPairs", "KeyName.1", "other").Refused("InvalidKeyPair.NotFound");

        _account.Query("ec2", "DeleteKeyPair", "KeyName", "web").Ok();
        Assert.Empty(_account.World.KeyPairs);
        _account.Query("ec2", "DeleteKeyPair", "KeyName", "web").Ok();
    }

    [Fact]
    public void A_key_pair_that_is_made_gives_its_private_half_once()
    {
        string body = _account.Query("ec2", "CreateKeyPair", "KeyName", "web").Ok().Body;
        string pem = body[body.IndexOf("-----BEGIN", StringComparison.Ordinal)..(body.IndexOf("KEY-----<", StringComparison.Ordinal) + 8)];
        using RSA key = RSA.Create();
        key.ImportFromPem(pem);
        Assert.Equal(key.ExportParameters(false).Modulus, _account.World.KeyPairs.Values.Single().Rsa!.Value.Modulus);
        _account.Query("ec2", "CreateKeyPair", "KeyName", "e", "KeyType", "ed25519").Refused("UnsupportedOperation");
    }

    [Theory]
    [InlineData("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOmctSuPJSGrYmFx7/Ad5BsZCezqv0Djwi68ZkRLBD23 a@b", true)]
    [InlineData("ssh-ed25519 AAAA", false)]
    [InlineData("ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIOmctSuPJSGrYmFx7/Ad5BsZCezqv0Djwi68ZkRLBD23", false)]
    [InlineData("ssh-rsa AAAAB3NzaC1yc2H/////", false)]
    [InlineData("-----BEGIN PUBLIC KEY-----", false)]
    [InlineData("ecdsa-sha2-nistp256 AAAA", false)]
    public void Only_RSA_and_Ed25519_keys_as_ssh_writes_them_are_taken(string text, bool isTaken)
    {
        ApiReply reply = Import("web", text);
        if (isTaken)
        {
            reply.Ok();
        }
        else
        {
            reply.Refused("InvalidKey.Format");
        }
    }

    [Fact]
    public void Instances_are_launched_with_a_key_pair_that_there_is()
    {
        using RSA key = RSA.Create(2048);
        Import("web", WindowsNode.OpenSsh(key)).Ok();
        string[] launch =
        [
            "ImageId", _account.Image, "InstanceType", "t3.nano", "MinCount", "1", "MaxCount", "1", "SubnetId", _account.Isolated,
        ];
        string body = _account.Query("ec2", "RunInstances", [.. launch, "KeyName", "web"]).Ok().Body;
        Assert.Contains("<keyName>web</keyName>", body, StringComparison.Ordinal);
        _account.Query("ec2", "RunInstances", [.. launch, "KeyName", "none"]).Refused("InvalidKeyPair.NotFound");
        string id = _account.World.Instances.Values.Single().Id;
        Assert.Contains(
            "<passwordData/>",
            _account.Query("ec2", "GetPasswordData", "InstanceId", id).Ok().Body.Replace("<passwordData></passwordData>", "<passwordData/>", StringComparison.Ordinal)
                .Replace("<passwordData />", "<passwordData/>", StringComparison.Ordinal),
            StringComparison.Ordinal);
    }

    private ApiReply Import(string name, string key) => _account.Query(
        "ec2", "ImportKeyPair", "KeyName", name, "PublicKeyMaterial", Convert.ToBase64String(Encoding.ASCII.GetBytes(key)));
}
