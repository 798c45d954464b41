using SsmTools.Engine.Tunnels;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Tunnels;

/// <summary>Tunnels to agents that carry one connection in a session.</summary>
public sealed class BasicTunnelTests
{
    private static TunnelOptions ToPort => new() { Target = "i-1", Forward = new Forward { RemotePort = 5432 } };

    [Fact]
    public async Task Bytes_go_both_ways_and_what_the_server_says_first_waits_for_the_client()
    {
        MemoryPorts ports = new(MemoryPorts.OldAgent);
        await using Tunnel tunnel = await ports.OpenAsync(ToPort, TestTimeout.Token);
        ports.Sessions[0].Say("hello ");

        using LocalClient client = await LocalClient.ConnectAsync(tunnel);
        await client.SendAsync("query");
        Assert.Equal("query"u8.ToArray(), await ports.Sessions[0].WaitForInputAsync(5, TestTimeout.Token));
        ports.Sessions[0].Say("answer");

        Assert.Equal("hello answer", await client.ReadAsync(12));
        Assert.Equal((1, 1L, TunnelState.Open), (tunnel.Connections, tunnel.TotalConnections, tunnel.State));
        Assert.Equal(5, tunnel.BytesOut);
    }

    [Fact]
    public async Task Every_connection_has_a_session_of_its_own_which_ends_with_it()
    {
        MemoryPorts ports = new(MemoryPorts.OldAgent);
        await using Tunnel tunnel = await ports.OpenAsync(ToPort, TestTimeout.Token);
        using LocalClient first = await LocalClient.ConnectAsync(tunnel);
        await first.SendAsync("1");
        await ports.Sessions[0].WaitForInputAsync(1, TestTimeout.Token);
        using LocalClient second = await LocalClient.ConnectAsync(tunnel);
        await second.SendAsync("2");
        while (ports.Sessions.Count < 2)
        {
            await Task.Yield();
        }

        Assert.Equal("2"u8.ToArray(), await ports.Sessions[1].WaitForInputAsync(1, TestTimeout.Token));
        ports.Sessions[0].Close(""); // the destination has closed
        Assert.Equal("", await first.ReadToEndAsync());
        ports.Sessions[1].Say("still here");
        Assert.Equal("still here", await second.ReadAsync(10));

        second.Reset();
        await ports.Sessions[1].WaitForAsync("Flag:\0\0\0\u0002", TestTimeout.Token);
        await ports.Sessions[1].WaitForAsync("terminate s-1", TestTimeout.Token);
    }
}
