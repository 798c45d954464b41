using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Tests.Support;

namespace SsmTools.Tests.Remoting;

/// <summary>A Windows instance in a sandbox, with a key pair of the test's.</summary>
internal static class WindowsNode
{
    public static async Task<string> LaunchAsync(TestSandbox sandbox, RSA key)
    {
        string name = $"key-{Guid.NewGuid():N}";
        await sandbox.Aws.Ec2.ImportKeyPairAsync(
            new ImportKeyPairRequest { KeyName = name, PublicKeyMaterial = Encoding.ASCII.GetBytes(OpenSsh(key)) },
            TestTimeout.Token);
        RunInstancesResponse response = await sandbox.Aws.Ec2.RunInstancesAsync(
            new RunInstancesRequest
            {
                ImageId = sandbox.Host.World.Images.First(image => image.Windows).ImageId,
                InstanceType = "t3.nano",
                MinCount = 1,
                MaxCount = 1,
                SubnetId = sandbox.Host.Facts.Subnets.Dead[0],
                KeyName = name,
            },
            TestTimeout.Token);
        return response.Instances[0].InstanceId!;
    }

    /// <summary>The public half as ssh-keygen writes it.</summary>
    public static string OpenSsh(RSA key)
    {
        RSAParameters numbers = key.ExportParameters(includePrivateParameters: false);
        byte[] blob = [.. Field(Encoding.ASCII.GetBytes("ssh-rsa")), .. Field(numbers.Exponent!), .. Field([0, .. numbers.Modulus!])];
        return $"ssh-rsa {Convert.ToBase64String(blob)} test@example\n";
    }

    private static byte[] Field(byte[] value)
    {
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, value.Length);
        return [.. length, .. value];
    }
}
