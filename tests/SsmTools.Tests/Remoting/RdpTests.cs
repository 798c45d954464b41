using System.Net;
using System.Security.Cryptography;
using SsmTools.Engine;
using SsmTools.Engine.Remoting;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Remoting;

public sealed class RdpTests
{
    private static readonly IPEndPoint s_endpoint = new(IPAddress.Loopback, 13389);

    [Fact]
    public void The_file_says_where_and_who_and_no_password()
    {
        string text = RdpFile.Text(s_endpoint, @"EXAMPLE\ada");
        Assert.StartsWith("full address:s:127.0.0.1:13389\r\nusername:s:EXAMPLE\\ada\r\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("password", text, StringComparison.Ordinal);
        Assert.All(text.TrimEnd().Split("\r\n"), line => Assert.Matches("^[a-z ]+:[is]:.+$", line));
    }

    [Fact]
    public void A_password_is_in_it_only_as_Windows_has_encrypted_it() => Assert.Contains(
        "\r\npassword 51:b:01000000D08C\r\n", RdpFile.Text(s_endpoint, "ada", "01000000D08C"), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("ada\r\nalternate shell:s:evil")]
    public void A_name_that_would_be_another_line_is_refused(string name) =>
        Assert.Equal("InvalidUserName", Assert.Throws<EngineException>(() => RdpFile.Text(s_endpoint, name)).ErrorId);

    [Theory]
    [InlineData(true, 0xFF)]
    [InlineData(false, (int)'f')]
    public async Task Windows_has_its_files_in_UTF_16_and_nobody_else_reads_them(bool isWindows, int firstByte)
    {
        using TemporaryDirectory directory = new();
        string path = await RdpFile.WriteAsync(directory.Path, s_endpoint, "Ådå", null, isWindows, TestTimeout.Token);
        Assert.Equal(firstByte, File.ReadAllBytes(path)[0]);
        Assert.Contains("username:s:Ådå", File.ReadAllText(path), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public void Each_platform_has_its_client()
    {
        RdpClient? mac = Find(RdpPlatform.MacOS, ["/usr/bin/open"]);
        Assert.Equal(["-W", "{0}"], mac!.Arguments);
        Assert.True(mac.StaysUntilTheEnd);
        Assert.Null(Find(RdpPlatform.MacOS, []));

        RdpClient? windows = RdpClient.Find(
            RdpPlatform.Windows, name => name == "SystemRoot" ? "/w" : null, path => path.EndsWith("mstsc.exe", StringComparison.Ordinal));
        Assert.Equal(("mstsc", true), (windows!.Name, windows.StaysUntilTheEnd));
        Assert.Equal(["{0}"], windows.Arguments);
    }

    [Theory]
    [InlineData("/b/xfreerdp,/b/remmina", "/b/xfreerdp")]
    [InlineData("/b/xfreerdp,/a/xfreerdp3", "/a/xfreerdp3")]
    [InlineData("/a/remmina", "/a/remmina")]
    [InlineData("/c/xfreerdp", null)]
    [InlineData("", null)]
    public void On_Linux_it_is_what_the_path_has(string files, string? expected) =>
        Assert.Equal(expected, Find(RdpPlatform.Linux, files.Split(','), display: ":0")?.Program);

    [Fact]
    public void Without_a_display_there_is_no_client() =>
        Assert.Null(Find(RdpPlatform.Linux, ["/a/xfreerdp"], display: ""));

    [LinuxFact]
    public async Task The_client_gets_file_and_password_and_the_tunnel_closes_when_it_ends()
    {
        using RSA key = RSA.Create(2048);
        using TemporaryDirectory directory = new();
        string keyFile = Path.Combine(directory.Path, "key.pem");
        File.WriteAllText(keyFile, key.ExportRSAPrivateKeyPem());
        string script = Path.Combine(directory.Path, "client");
        File.WriteAllText(script, $"#!/bin/sh\ncat \"$1\" > {directory.Path}/file\necho \"$2\" > {directory.Path}/argument\ncat > {directory.Path}/input\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        InstanceRecord instance = await sandbox.LaunchOnlineAsync();
        string windows = await WindowsNode.LaunchAsync(sandbox, key);
        sandbox.Host.Clock.Advance(TimeSpan.FromMinutes(4));
        using System.Security.SecureString password = await AdministratorPassword.GetAsync(
            sandbox.Aws, windows, keyFile, TestTimeout.Token);
        lock (sandbox.Host.World.Gate)
        {
            // The agent of the one with the password of the other.
            instance.PasswordData = sandbox.Host.World.Instances[windows].PasswordData;
        }

        RdpConnection connection = await RdpConnection.OpenAsync(
            sandbox.Aws,
            new RdpOptions { Target = instance.Id, KeyFile = keyFile, UserName = "ada" },
            new RdpClient(script, ["{0}"], PasswordArgument: "/from-stdin:force"),
            null,
            TestTimeout.Token);
        await using (connection)
        {
            Assert.True(await connection.StartClientAsync(null, TestTimeout.Token));
            Assert.True(connection.CanWait && connection.TakesPassword);
            await connection.WaitAsync(TestTimeout.Token);
        }

        await connection.Tunnel.Closed.WaitAsync(TestTimeout.Token);
        string text = File.ReadAllText(Path.Combine(directory.Path, "file"));
        Assert.Contains($"full address:s:{connection.Tunnel.LocalEndpoint}\r\n", text, StringComparison.Ordinal);
        Assert.Equal("/from-stdin:force\n", File.ReadAllText(Path.Combine(directory.Path, "argument")));
        Assert.Equal(
            new NetworkCredential("", password).Password + "\n", File.ReadAllText(Path.Combine(directory.Path, "input")));
        connection.Password!.Dispose();
    }

    [Fact]
    public async Task A_client_that_cannot_be_started_says_so()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        InstanceRecord instance = await sandbox.LaunchOnlineAsync();
        await using RdpConnection connection = await RdpConnection.OpenAsync(
            sandbox.Aws,
            new RdpOptions { Target = instance.Id },
            new RdpClient("/no/such/client", ["{0}"]),
            null,
            TestTimeout.Token);
        EngineException e = await Assert.ThrowsAsync<EngineException>(
            () => connection.StartClientAsync(null, TestTimeout.Token));
        Assert.Equal("RdpClientFailed", e.ErrorId);
        Assert.Contains(connection.Tunnel.LocalEndpoint.ToString(), e.Recommendation, StringComparison.Ordinal);
        Assert.False(connection.CanWait);
    }

    private static RdpClient? Find(RdpPlatform platform, string[] files, string display = ":0") => RdpClient.Find(
        platform, name => name switch { "DISPLAY" => display, "PATH" => "/a:/b", _ => null }, files.Contains);
}
