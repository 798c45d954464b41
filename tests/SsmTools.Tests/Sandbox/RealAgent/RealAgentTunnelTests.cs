using SsmTools.Engine;
using SsmTools.Engine.Tunnels;
using SsmTools.Tests.Support;
using SsmTools.Tests.Tunnels;
using Xunit;

namespace SsmTools.Tests.Sandbox.RealAgent;

/// <summary>Tunnels through AWS's own agent.</summary>
public sealed class RealAgentTunnelTests
{
    private const string OwnId = "i-0a1b2c3d4e5f60718";

    [RealAgentFact]
    public async Task It_carries_connections_side_by_side_or_alone_and_says_where_it_cannot_go()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync(tlsPort: 0, caFile: null);
        await using RealAgentProcess agent = RealAgentProcess.StartCustom(sandbox, OwnId);
        await sandbox.WaitForConnectionAsync(OwnId, true);
        await using EchoServer server = new();
        TunnelOptions toServer = new() { Target = OwnId, Forward = new Forward { RemotePort = server.Port } };

        await using (Tunnel tunnel = await OpenAsync(sandbox, toServer with { Sessions = 2 }))
        {
            bool[] equal = await Task.WhenAll(Enumerable.Range(0, 6).Select(async seed =>
            {
                using LocalClient client = await LocalClient.ConnectAsync(tunnel);
                return await client.EchoesAsync(seed, 100_000);
            }));
            Assert.All(equal, Assert.True);
            Assert.Equal((6L, 0L), (tunnel.TotalConnections, tunnel.Errors));
        }

        await using (Tunnel tunnel = await OpenAsync(sandbox, toServer))
        {
            using LocalClient client = await LocalClient.ConnectAsync(tunnel);
            Assert.True(await client.IsEchoedAsync("before"));
            sandbox.Host.Faults.Set(["close=1000@20000"], 3);
            Assert.True(await client.EchoesAsync(seed: 7, length: 100_000));
            sandbox.Host.Faults.Set([], 3);
            Assert.True(tunnel.Reconnects > 0, "The link was never closed.");
        }

        await using (Tunnel tunnel = await OpenAsync(sandbox, toServer with { Forward = new Forward { RemotePort = 1 } }))
        {
            Assert.True(await LocalClient.IsResetAsync(tunnel));
            await TunnelTests.UntilAsync(() => tunnel.Errors == 1);
            Assert.StartsWith($"{OwnId} could not connect to 1:", tunnel.LastError, StringComparison.Ordinal);
        }

        Forward nowhere = new() { RemoteHost = "no-such-host.invalid", RemotePort = 80 };
        EngineException failure = await Assert.ThrowsAsync<EngineException>(() => OpenAsync(sandbox, toServer with { Forward = nowhere }));
        Assert.Contains("lookup no-such-host.invalid", failure.Message, StringComparison.Ordinal);

        await TryBasicAsync(sandbox, server);
    }

    /// <summary>As for a client that cannot multiplex.</summary>
    private static async Task TryBasicAsync(TestSandbox sandbox, EchoServer server)
    {
        await using PortSession session = await PortSession.StartAsync(
            sandbox.Aws,
            PortSessionOptions.To(OwnId, new Forward { RemotePort = server.Port }) with { ClientVersion = "1.1.60" },
            TimeProvider.System,
            TestTimeout.Token);
        Assert.Equal(PortMode.Basic, session.Mode);
        IPortStream stream = session.TryConnect()!;
        await stream.WriteAsync("hello"u8.ToArray(), TestTimeout.Token);
        byte[] answer = new byte[5];
        for (int read = 0; read < answer.Length;)
        {
            read += await stream.ReadAsync(answer.AsMemory(read), TestTimeout.Token);
        }

        Assert.Equal("hello"u8.ToArray(), answer);
        await stream.DisposeAsync();
        await TunnelTests.UntilAsync(() => session.IsEnded);
    }

    private static Task<Tunnel> OpenAsync(TestSandbox sandbox, TunnelOptions options) =>
        Tunnel.OpenAsync(sandbox.Aws, options, null, TestTimeout.Token);
}
