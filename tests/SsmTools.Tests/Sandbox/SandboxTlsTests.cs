using System.Net.WebSockets;
using System.Text.Json;
using SsmTools.Engine;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Sandbox;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox;

/// <summary>The whole sandbox by TLS.</summary>
public sealed class SandboxTlsTests
{
    [UnixFact]
    public async Task Whoever_starts_a_session_by_TLS_is_sent_to_the_gateway_by_TLS()
    {
        using TemporaryDirectory directory = new();
        string caFile = Path.Combine(directory.Path, "ca.pem");
        await using TestSandbox sandbox = await TestSandbox.StartAsync(tlsPort: 0, caFile);
        SandboxFacts facts = sandbox.Host.Facts;
        InstanceRecord instance = await sandbox.LaunchOnlineAsync();
        using HttpClient client = TrustingClient.Create(caFile);

        JsonElement session = await sandbox.CallAsync("StartSession", $$"""{"Target":"{{instance.Id}}"}""", client);
        string id = session.GetProperty("SessionId").GetString()!;
        string url = session.GetProperty("StreamUrl").GetString()!;

        Assert.Equal(caFile, facts.CaFile);
        Assert.StartsWith(facts.TlsEndpoint!.Replace("https", "wss", StringComparison.Ordinal) + "/v1/data-channel/", url, StringComparison.Ordinal);
        JsonElement resumed = await sandbox.CallAsync("ResumeSession", $$"""{"SessionId":"{{id}}"}""", client);
        Assert.Equal(url, resumed.GetProperty("StreamUrl").GetString());
        ResumeSessionResponse plain = await sandbox.Aws.Ssm.ResumeSessionAsync(
            new ResumeSessionRequest { SessionId = id }, TestTimeout.Token);
        Assert.StartsWith(facts.Endpoint.Replace("http", "ws", StringComparison.Ordinal) + "/", plain.StreamUrl, StringComparison.Ordinal);

        using ClientWebSocket socket = new();
        await socket.ConnectAsync(new Uri(url), client, TestTimeout.Token);
        using RawDataClient shell = await RawDataClient.OpenAsync(socket, id, session.GetProperty("TokenValue").GetString()!);
        await shell.WaitForAsync("$ ");
        await shell.TypeAsync("echo sum=$((40+2)); exit\r");
        await shell.WaitForAsync("sum=42\r\n");
        await shell.WaitForEndAsync();
    }

    [Fact]
    public async Task Without_a_signature_nothing_is_answered_by_TLS_either()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync(tlsPort: 0, caFile: null);
        using HttpClient client = TrustingClient.Create(sandbox.Host.Facts.CaFile!);
        TinySigner forger = new(sandbox.User, sandbox.Host.Facts.Region, sandbox.Host.Clock)
        {
            Host = new Uri(sandbox.Host.Facts.TlsEndpoint!).Authority,
            Secret = "guessed",
        };

        using HttpResponseMessage response = await client.SendAsync(
            sandbox.Host.Facts.TlsEndpoint!, forger.Post("ssm", "application/x-amz-json-1.1", "{}", ("X-Amz-Target", "AmazonSSM.DescribeInstanceInformation")));

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains("InvalidSignatureException", await response.Content.ReadAsStringAsync(TestTimeout.Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_TLS_port_that_is_taken_is_an_error_that_names_it_and_nothing_is_left()
    {
        await using TestSandbox first = await TestSandbox.StartAsync(tlsPort: 0, caFile: null);
        int port = new Uri(first.Host.Facts.TlsEndpoint!).Port;
        using TemporaryDirectory directory = new();

        EngineException error = await Assert.ThrowsAsync<EngineException>(() => SandboxHost.StartAsync(
            new SandboxOptions { TlsPort = port, WorkingDirectory = directory.Path }, TestTimeout.Token));

        Assert.Equal("PortInUse", error.ErrorId);
        Assert.Equal($"{port}", error.Target);
        Assert.Empty(Directory.EnumerateFileSystemEntries(directory.Path));
    }
}
