using System.Security.Cryptography;
using SsmTools.Engine;
using SsmTools.Engine.Remoting;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Remoting;

public sealed class InstanceConnectTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_key_is_on_the_instance_for_a_minute()
    {
        using RSA key = RSA.Create(2048);
        string path = Write(WindowsNode.OpenSsh(key));
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        InstanceRecord instance = await sandbox.LaunchAsync(null);

        await InstanceConnect.SendAsync(
            sandbox.Aws, instance.Id, new InstanceConnectKey("ec2-user", path), TestTimeout.Token);

        PushedKey pushed = Assert.Single(instance.PushedKeys);
        Assert.Equal("ec2-user", pushed.User);
        Assert.StartsWith(pushed.PublicKey, File.ReadAllText(path), StringComparison.Ordinal);
        Assert.InRange((pushed.Until - sandbox.Host.Clock.GetUtcNow()).TotalSeconds, 0, 60);
    }

    [Theory]
    [InlineData("mi-0123456789abcdef0", "InstanceConnectUnavailable")]
    [InlineData("i-0123456789abcdef0", "EC2InstanceNotFoundException")]
    public async Task What_is_no_instance_gets_no_key(string target, string errorOrCode)
    {
        using RSA key = RSA.Create(2048);
        string path = Write(WindowsNode.OpenSsh(key));
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        EngineException e = await Assert.ThrowsAsync<EngineException>(() => InstanceConnect.SendAsync(
            sandbox.Aws, target, new InstanceConnectKey("ec2-user", path), TestTimeout.Token));
        Assert.True(e.ErrorId == errorOrCode || e.Message.Contains("not found", StringComparison.Ordinal), e.ToString());
        Assert.NotNull(e.Recommendation);
    }

    [Theory]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n")]
    [InlineData("ecdsa-sha2-nistp256 AAAA")]
    [InlineData("ssh-rsa A\nssh-rsa B")]
    public async Task What_is_no_public_key_of_its_types_is_not_sent(string text)
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        EngineException e = await Assert.ThrowsAsync<EngineException>(() => InstanceConnect.SendAsync(
            sandbox.Aws, "i-0123456789abcdef0", new InstanceConnectKey("ec2-user", Write(text)), TestTimeout.Token));
        Assert.Equal("KeyFileNotUnderstood", e.ErrorId);
        Assert.DoesNotContain("AAAA", e.Message, StringComparison.Ordinal);
    }

    private string Write(string text)
    {
        string path = Path.Combine(_directory.Path, $"{Guid.NewGuid():N}.pub");
        File.WriteAllText(path, text);
        return path;
    }
}
