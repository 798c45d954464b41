using System.Net;
using System.Security;
using System.Security.Cryptography;
using System.Text;
using SsmTools.Engine;
using SsmTools.Engine.Remoting;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Remoting;

public sealed class AdministratorPasswordTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly RSA _key = RSA.Create(2048);

    public void Dispose()
    {
        _key.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("RSA PRIVATE KEY")]
    [InlineData("PRIVATE KEY")]
    public async Task A_Windows_instance_gives_its_password_to_whoever_has_the_key(string label)
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        string id = await WindowsNode.LaunchAsync(sandbox, _key);
        string path = Write(label == "PRIVATE KEY" ? _key.ExportPkcs8PrivateKeyPem() : _key.ExportRSAPrivateKeyPem());
        EngineException early = await Assert.ThrowsAsync<EngineException>(
            () => AdministratorPassword.GetAsync(sandbox.Aws, id, path, TestTimeout.Token));
        Assert.Equal(("PasswordNotAvailable", ErrorKind.ResourceUnavailable), (early.ErrorId, early.Kind));

        sandbox.Host.Clock.Advance(TimeSpan.FromMinutes(4));

        using SecureString password = await AdministratorPassword.GetAsync(sandbox.Aws, id, path, TestTimeout.Token);
        string text = new NetworkCredential("", password).Password;
        Assert.Equal(32, text.Length);
        using SecureString again = await AdministratorPassword.GetAsync(sandbox.Aws, id, path, TestTimeout.Token);
        Assert.Equal(text, new NetworkCredential("", again).Password);
        using RSA other = RSA.Create(2048);
        EngineException e = await Assert.ThrowsAsync<EngineException>(() => AdministratorPassword.GetAsync(
            sandbox.Aws, id, Write(other.ExportRSAPrivateKeyPem()), TestTimeout.Token));
        Assert.Equal("KeyDoesNotFit", e.ErrorId);
        Assert.DoesNotContain(text, e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_instance_that_is_not_there_is_said_so()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        string path = Write(_key.ExportRSAPrivateKeyPem());
        EngineException e = await Assert.ThrowsAsync<EngineException>(
            () => AdministratorPassword.GetAsync(sandbox.Aws, "i-00000000000000000", path, TestTimeout.Token));
        Assert.Equal(ErrorKind.ObjectNotFound, e.Kind);
        EngineException hybrid = await Assert.ThrowsAsync<EngineException>(
            () => AdministratorPassword.GetAsync(sandbox.Aws, "mi-00000000000000000", path, TestTimeout.Token));
        Assert.Equal("PasswordNotAvailable", hybrid.ErrorId);
    }

    [Fact]
    public async Task A_file_that_is_no_key_says_what_it_is()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        string Encrypted() => _key.ExportEncryptedPkcs8PrivateKeyPem(
            "x", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1));
        foreach ((string text, string part) in new[]
        {
            ("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n", "ssh-keygen -p -m PEM"),
            (OperatingSystem.IsWindows() ? "-----BEGIN ENCRYPTED PRIVATE KEY-----" : Encrypted(), "openssl rsa"),
            (_key.ExportRSAPublicKeyPem(), "launched with"),
            ("nothing of the kind", "launched with"),
        })
        {
            EngineException e = await Assert.ThrowsAsync<EngineException>(
                () => AdministratorPassword.GetAsync(sandbox.Aws, "i-00000000000000000", Write(text), TestTimeout.Token));
            Assert.Equal("KeyFileNotUnderstood", e.ErrorId);
            Assert.Contains(part, e.Recommendation, StringComparison.Ordinal);
        }

        EngineException missing = await Assert.ThrowsAsync<EngineException>(
            () => AdministratorPassword.GetAsync(sandbox.Aws, "i-00000000000000000", "/no/such.pem", TestTimeout.Token));
        Assert.Equal("KeyFileNotFound", missing.ErrorId);
    }

    [Theory]
    [InlineData("not base64!")]
    [InlineData("AAAA")]
    public void Data_that_is_none_does_not_fit(string data) => Assert.Equal(
        "KeyDoesNotFit",
        Assert.Throws<EngineException>(() => AdministratorPassword.Decrypt(_key, data, "i-1", "key.pem")).ErrorId);

    [Fact]
    public void Line_ends_around_the_data_do_not_matter()
    {
        string data = Convert.ToBase64String(_key.Encrypt(Encoding.UTF8.GetBytes("päss"), RSAEncryptionPadding.Pkcs1));
        using SecureString password = AdministratorPassword.Decrypt(_key, $"\r\n{data}\r\n", "i-1", "key.pem");
        Assert.Equal("päss", new NetworkCredential("", password).Password);
    }

    private string Write(string text)
    {
        string path = Path.Combine(_directory.Path, $"{Guid.NewGuid():N}.pem");
        File.WriteAllText(path, text);
        return path;
    }
}
