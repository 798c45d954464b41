using SsmTools.Engine;
using SsmTools.Engine.Tunnels;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Tunnels;

/// <summary>Tunnels through the sandbox's gateway to its agent.</summary>
public sealed class SandboxTunnelTests
{
    [Fact]
    public async Task It_leads_to_the_node_and_leaves_nothing_at_the_service()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        InstanceRecord node = await sandbox.LaunchOnlineAsync();
        await using EchoServer server = new();
        string[] ids;
        await using (Tunnel tunnel = await OpenAsync(sandbox, ToPort(node, server.Port) with { Reason = "a test" }))
        {
            using LocalClient client = await LocalClient.ConnectAsync(tunnel);
            Assert.True(await client.IsEchoedAsync("hello"));
            ids = [.. tunnel.SessionIds];
            Assert.Equal(("Connected", "a test"), Read(sandbox, session => (session.Status, session.Reason)).Single());
            Assert.Equal(1, server.Connections);
        }

        Assert.Single(ids);
        Assert.Empty(Alive(sandbox));
        await TunnelTests.UntilAsync(() => server.Connections == 0);
    }

    [Fact]
    public async Task A_host_behind_the_node_is_one_that_the_node_finds_and_may_go_to()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        InstanceRecord node = await sandbox.LaunchOnlineAsync();
        await using EchoServer server = new();
        await using Tunnel tunnel = await OpenAsync(sandbox, ToPort(node, server.Port, "localhost"));
        using LocalClient client = await LocalClient.ConnectAsync(tunnel);
        Assert.True(await client.IsEchoedAsync("hello"));

        EngineException unknown = await Assert.ThrowsAsync<EngineException>(
            () => OpenAsync(sandbox, ToPort(node, 80, "no-such-host.invalid")));
        EngineException forbidden = await Assert.ThrowsAsync<EngineException>(
            () => OpenAsync(sandbox, ToPort(node, 80, "169.254.169.254")));

        Assert.Equal($"The session with {node.Id} was ended: lookup no-such-host.invalid: no such host", unknown.Message);
        Assert.Equal(
            $"The session with {node.Id} was ended: Forwarding to IP address 169.254.169.254 is forbidden.", forbidden.Message);
        Assert.Single(Alive(sandbox));
    }

    [Fact]
    public async Task A_link_that_is_closed_every_moment_loses_not_a_byte()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync(
            options => options with { Faults = ["close=1000@300000"], FaultSeed = 5 });
        InstanceRecord node = await sandbox.LaunchOnlineAsync();
        await using EchoServer server = new();
        await using Tunnel tunnel = await OpenAsync(sandbox, ToPort(node, server.Port));
        using LocalClient client = await LocalClient.ConnectAsync(tunnel);

        Assert.True(await client.EchoesAsync(seed: 1, length: 2 * 1024 * 1024));

        Assert.True(tunnel.Reconnects > 0, "The link was never closed.");
        Assert.Single(Alive(sandbox));
        Assert.Equal(0, tunnel.Errors);
    }

    [Fact]
    public async Task Many_connections_over_several_sessions_are_equal_by_hash()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        InstanceRecord node = await sandbox.LaunchOnlineAsync();
        await using EchoServer server = new();
        await using Tunnel tunnel = await OpenAsync(sandbox, ToPort(node, server.Port) with { Sessions = 4 });
        Assert.Equal(4, Alive(sandbox).Length);

        bool[] equal = await Task.WhenAll(Enumerable.Range(0, 64).Select(async seed =>
        {
            using LocalClient client = await LocalClient.ConnectAsync(tunnel);
            return await client.EchoesAsync(seed, 64 * 1024);
        }));

        Assert.All(equal, Assert.True);
        Assert.Equal((64L, 64L * 64 * 1024, 0L), (tunnel.TotalConnections, tunnel.BytesIn, tunnel.Errors));
    }

    [Fact]
    public async Task A_node_that_is_gone_is_said_to_be_so()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        InstanceRecord node = await sandbox.LaunchOnlineAsync();
        await using EchoServer server = new();
        await using Tunnel tunnel = await OpenAsync(
            sandbox, ToPort(node, server.Port) with { ReconnectTimeout = TimeSpan.FromSeconds(1) });
        await sandbox.Aws.Ec2.TerminateInstancesAsync(new() { InstanceIds = { node.Id } }, TestTimeout.Token);
        sandbox.Host.Clock.Advance(TimeSpan.FromMinutes(2));
        await TunnelTests.UntilAsync(() => tunnel.SessionIds.Count == 0);

        using LocalClient client = await LocalClient.ConnectAsync(tunnel);
        Assert.Null(await client.ReadToEndAsync());
        Assert.Equal(TunnelState.Failing, tunnel.State);
        Assert.Contains("terminated", tunnel.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task For_a_day_with_hourly_closes_and_naps_no_connection_is_refused_and_nothing_is_left()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync(
            options => options with { Faults = ["close=1000@3600s"], FaultSeed = 5 });
        InstanceRecord node = await sandbox.LaunchOnlineAsync();
        await using EchoServer server = new();
        await using Tunnel tunnel = await Tunnel.OpenAsync(
            sandbox.Aws, ToPort(node, server.Port), sandbox.Host.Clock, TestTimeout.Token);
        LocalClient lasting = await LocalClient.ConnectAsync(tunnel);
        Assert.True(await lasting.IsEchoedAsync("first"), tunnel.LastError); // no clock is turned while a connection is made
        int reset = 0;
        for (int step = 1; step <= 24 * 6; step++)
        {
            // Ten minutes at work; every three hours an hour asleep, in which the service ends the session for idleness.
            bool isNap = step % 18 == 0;
            sandbox.Host.Clock.Advance(TimeSpan.FromMinutes(isNap ? 60 : 10));
            using (LocalClient brief = await LocalClient.ConnectAsync(tunnel))
            {
                Assert.True(await brief.IsEchoedAsync($"step {step}"), $"refused at step {step}: {tunnel.LastError}");
                brief.Reset();
            }

            if (!await lasting.TryEchoAsync("still there"))
            {
                Assert.True(isNap, $"cut at step {step}: {tunnel.LastError}");
                reset++;
                lasting.Dispose();
                lasting = await LocalClient.ConnectAsync(tunnel);
                Assert.True(await lasting.IsEchoedAsync("again"), tunnel.LastError);
            }
        }

        Assert.InRange(reset, 1, 8);
        Assert.True(tunnel.Reconnects >= 24, $"{tunnel.Reconnects} reconnects");
        Assert.Single(Alive(sandbox));
        lasting.Reset();
        await TunnelTests.UntilAsync(() => tunnel.Connections == 0 && server.Connections == 0);
        await tunnel.DisposeAsync();
        Assert.Empty(Alive(sandbox));
    }

    private static TunnelOptions ToPort(InstanceRecord node, int port, string? host = null) =>
        new() { Target = node.Id, Forward = new Forward { RemotePort = port, RemoteHost = host } };

    private static Task<Tunnel> OpenAsync(TestSandbox sandbox, TunnelOptions options) =>
        Tunnel.OpenAsync(sandbox.Aws, options, null, TestTimeout.Token);

    private static T[] Read<T>(TestSandbox sandbox, Func<SessionRecord, T> read)
    {
        lock (sandbox.Host.World.Gate)
        {
            return [.. sandbox.Host.World.Sessions.Values.Select(read)];
        }
    }

    private static string[] Alive(TestSandbox sandbox) =>
        [.. Read(sandbox, session => session).Where(session => session.Ended is null).Select(session => session.SessionId)];
}
