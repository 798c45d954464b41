using System.Net.Sockets;
using System.Text;
using SsmTools.Engine.Tunnels;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Tunnels;

/// <summary>Tunnels to agents that carry one connection in a session.</summary>
public sealed class BasicTunnelTests
{
    private const string OldAgent = "2.3.900.0";

    private static TunnelOptions ToPort => new() { Target = "i-1", Forward = new Forward { RemotePort = 5432 } };

    [Fact]
    public async Task Bytes_go_both_ways_and_what_the_server_says_first_waits_for_the_client()
    {
        MemoryPorts ports = new(OldAgent);
        await using Tunnel tunnel = await ports.OpenAsync(ToPort, TestTimeout.Token);
        ports.Sessions[0].Say("hello ");

        using TcpClient client = await ConnectAsync(tunnel);
        await client.GetStream().WriteAsync("query"u8.ToArray(), TestTimeout.Token);
        Assert.Equal("query"u8.ToArray(), await ports.Sessions[0].WaitForInputAsync(5, TestTimeout.Token));
        ports.Sessions[0].Say("answer");

        Assert.Equal("hello answer", await ReadAsync(client, 12));
        Assert.Equal((1, 1L, TunnelState.Open), (tunnel.Connections, tunnel.TotalConnections, tunnel.State));
        Assert.Equal((12L, 5L), (tunnel.BytesIn, tunnel.BytesOut));
    }

    [Fact]
    public async Task Every_connection_has_a_session_of_its_own_which_ends_with_it()
    {
        MemoryPorts ports = new(OldAgent);
        await using Tunnel tunnel = await ports.OpenAsync(ToPort, TestTimeout.Token);
        using TcpClient first = await ConnectAsync(tunnel);
        await first.GetStream().WriteAsync("1"u8.ToArray(), TestTimeout.Token);
        await ports.Sessions[0].WaitForInputAsync(1, TestTimeout.Token);
        using TcpClient second = await ConnectAsync(tunnel);
        await second.GetStream().WriteAsync("2"u8.ToArray(), TestTimeout.Token);
        while (ports.Sessions.Count < 2)
        {
            await Task.Yield();
        }

        Assert.Equal("2"u8.ToArray(), await ports.Sessions[1].WaitForInputAsync(1, TestTimeout.Token));
        ports.Sessions[0].Close(""); // the destination has closed
        Assert.Equal(0, await first.GetStream().ReadAsync(new byte[1], TestTimeout.Token));
        ports.Sessions[1].Say("still here");
        Assert.Equal("still here", await ReadAsync(second, 10));

        second.LingerState = new LingerOption(true, 0);
        second.Close();
        await ports.Sessions[1].WaitForAsync("Flag:\0\0\0\u0002", TestTimeout.Token);
        await ports.Sessions[1].WaitForAsync("terminate s-1", TestTimeout.Token);
    }

    private static async Task<TcpClient> ConnectAsync(Tunnel tunnel)
    {
        TcpClient client = new();
        await client.ConnectAsync(tunnel.LocalEndpoint, TestTimeout.Token);
        return client;
    }

    private static async Task<string> ReadAsync(TcpClient client, int length)
    {
        byte[] bytes = new byte[length];
        await client.GetStream().ReadExactlyAsync(bytes, TestTimeout.Token);
        return Encoding.UTF8.GetString(bytes);
    }
}
