using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox;

/// <summary>AWS's own client forwards ports through the sandbox.</summary>
public sealed partial class PluginPortTests
{
    private const int Length = 1024 * 1024;

    [SessionManagerPluginFact]
    public async Task The_official_plugin_forwards_to_the_node_and_a_megabyte_arrives_whole_both_ways()
    {
        await using LoopbackServer server = new(LoopbackServer.EchoAsync);
        await using PluginTunnel tunnel = await PluginTunnel.OpenAsync("AWS-StartPortForwardingSession", ("portNumber", server.Port));

        // The plugin rewrites a payload that is one line feed alone (session-manager-plugin, sessionhandler.go): whether one
        // comes to be depends on how its reads are cut, so there is none in what is sent.
        await Task.WhenAll(EchoAsync(tunnel.Port, 1), EchoAsync(tunnel.Port, 2));

        Assert.Equal(2, server.Accepted);
        await tunnel.Screen.TypeAsync("\u0003");
        Assert.Equal(0, await tunnel.Screen.WaitForEndAsync());
    }

    [SessionManagerPluginFact]
    public async Task The_official_plugin_forwards_to_a_host_behind_the_node()
    {
        await using LoopbackServer server = new(LoopbackServer.EchoAsync);
        await using PluginTunnel tunnel = await PluginTunnel.OpenAsync(
            "AWS-StartPortForwardingSessionToRemoteHost", ("portNumber", server.Port), ("host", "localhost"));

        await EchoAsync(tunnel.Port, 3);
    }

    [SessionManagerPluginFact]
    public async Task A_port_that_is_closed_leaves_the_official_plugin_s_session_alive()
    {
        int port = LoopbackServer.FindClosedPort();
        await using PluginTunnel tunnel = await PluginTunnel.OpenAsync("AWS-StartPortForwardingSession", ("portNumber", port));

        for (int i = 0; i < 2; i++)
        {
            using TcpClient client = await ConnectAsync(tunnel.Port);
            Assert.Equal(0, await client.GetStream().ReadAsync(new byte[1], TestTimeout.Token));
        }

        await tunnel.Screen.WaitForAsync("Connection to destination port failed, check SSM Agent logs.");
        Assert.False(tunnel.Screen.Terminal.Exited.IsCompleted);
    }

    private static async Task EchoAsync(int port, int seed)
    {
        using TcpClient client = await ConnectAsync(port);
        NetworkStream stream = client.GetStream();
        byte[] sent = new byte[Length];
        new Random(seed).NextBytes(sent);
        sent.AsSpan().Replace((byte)'\n', (byte)0);
        byte[] received = new byte[Length];
        Task sending = stream.WriteAsync(sent, TestTimeout.Token).AsTask();
        await stream.ReadExactlyAsync(received, TestTimeout.Token);
        await sending;
        Assert.True(sent.AsSpan().SequenceEqual(received));
    }

    private static async Task<TcpClient> ConnectAsync(int port)
    {
        TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, port, TestTimeout.Token);
        return client;
    }

    /// <summary>The plugin, its sandbox, and the port that it listens on.</summary>
    private sealed partial class PluginTunnel(TestSandbox sandbox, TemporaryDirectory home, TerminalScreen screen, int port) : IAsyncDisposable
    {
        public TerminalScreen Screen => screen;

        public int Port => port;

        public static async Task<PluginTunnel> OpenAsync(string document, params (string Name, object Value)[] parameters)
        {
            TestSandbox sandbox = await TestSandbox.StartAsync();
            InstanceRecord instance = await sandbox.LaunchOnlineAsync();
            StartSessionRequest request = new() { Target = instance.Id, DocumentName = document };
            foreach ((string name, object value) in parameters)
            {
                request.Parameters.Add(name, [Convert.ToString(value, CultureInfo.InvariantCulture)!]);
            }

            StartSessionResponse session = await sandbox.Aws.Ssm.StartSessionAsync(request, TestTimeout.Token);
            TemporaryDirectory home = new();
            TerminalScreen screen = new(OfficialPlugin.Run(sandbox, instance.Id, session, home.Path));
            await screen.WaitForAsync("Waiting for connections...");
            int port = int.Parse(OpenedPort().Match(screen.Shown).Groups[1].Value, CultureInfo.InvariantCulture);
            return new PluginTunnel(sandbox, home, screen, port);
        }

        public async ValueTask DisposeAsync()
        {
            await screen.DisposeAsync();
            await sandbox.DisposeAsync();
            home.Dispose();
        }

        [GeneratedRegex("Port ([0-9]+) opened for sessionId")]
        private static partial Regex OpenedPort();
    }
}
