using SsmTools.Sandbox.World;
using SsmTools.Tests.Sandbox.Ports;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.Faults;

/// <summary>Whatever becomes of the link and the messages on it, the bytes of every connection of a tunnel arrive.</summary>
public sealed class FaultyPortTests
{
    private const int Connections = 20;
    private const int Length = 100_000;

    [Theory]
    [InlineData("drop=5%")]
    [InlineData("drop=20%:up")]
    [InlineData("drop@1000000:down")]
    [InlineData("duplicate=10%")]
    [InlineData("reorder=10%")]
    [InlineData("delay=20ms:5%")]
    [InlineData("corrupt=5%")]
    [InlineData("slow-agent=1ms")]
    [InlineData("drop=2%", "duplicate=2%", "reorder=2%", "delay=10ms:2%", "corrupt=2%")]
    public Task Messages_may_be_lost_or_damaged(params string[] faults) => CheckAsync(0, faults);

    [Theory]
    [InlineData("close@1000000")]
    [InlineData("close=1000@1000000")]
    [InlineData("close=2%:x5")]
    [InlineData("half-open@1000000")]
    [InlineData("close@1000000", "expired-token:x2")]
    [InlineData("close=1000@1000000", "drop=2%", "duplicate=2%", "reorder=2%", "corrupt=2%")]
    public Task The_client_s_link_may_be_lost(params string[] faults) => CheckAsync(1, faults);

    [Theory]
    [InlineData("close@1000000:agent")]
    [InlineData("close=1001@1000000:agent")]
    public Task The_agent_s_link_may_be_lost(params string[] faults) => CheckAsync(0, faults);

    private static async Task CheckAsync(int reconnects, string[] faults)
    {
        CancellationToken token = TestTimeout.Token;
        await using LoopbackServer server = new(LoopbackServer.EchoAsync);
        await using TestSandbox sandbox = await TestSandbox.StartAsync(options => options with { Faults = faults, FaultSeed = 1 });
        InstanceRecord instance = await sandbox.LaunchOnlineAsync();
        await using PortClient client = await PortClient.OpenAsync(
            sandbox.Aws, instance.Id, PortClient.Port, parameters: [("portNumber", server.Port)]);
        await client.Opened;

        await Task.WhenAll(Enumerable.Range(0, Connections).Select(i => PortTraffic.EchoAsync(client.Mux, (ulong)i, Length, token)));

        Assert.Equal(Connections, server.Accepted);
        Assert.True(client.Reconnects >= reconnects, $"{client.Reconnects} reconnects");
        Assert.All(sandbox.Host.Faults.Current, fault => Assert.True(fault.Hits > 0, fault.Text));
    }
}
