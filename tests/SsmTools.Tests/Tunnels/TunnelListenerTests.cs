using System.Net;
using System.Net.Sockets;
using SsmTools.Engine;
using SsmTools.Engine.Tunnels;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Tunnels;

public sealed class TunnelListenerTests
{
    [LinuxFact]
    public void A_port_in_use_is_told_with_who_has_it()
    {
        using Socket held = TunnelListener.Listen(IPAddress.Loopback, 0);
        int port = ((IPEndPoint)held.LocalEndPoint!).Port;

        EngineException failure = Assert.Throws<EngineException>(() => TunnelListener.Listen(IPAddress.Loopback, port));

        Assert.Equal(
            ("LocalPortInUse", ErrorKind.ResourceBusy, $"Local port {port} is in use by this very process."),
            (failure.ErrorId, failure.Kind, failure.Message));
    }

    [Fact]
    public void An_address_of_somebody_else_is_refused()
    {
        EngineException failure = Assert.Throws<EngineException>(() => TunnelListener.Listen(IPAddress.Parse("192.0.2.1"), 0));
        Assert.Equal("LocalAddressNotAvailable", failure.ErrorId);
    }

    [Theory]
    [InlineData("localhost", "127.0.0.1")]
    [InlineData("*", "0.0.0.0")]
    [InlineData("::1", "::1")]
    [InlineData("[::1]", "::1")]
    public void Addresses_are_read(string text, string address) =>
        Assert.Equal(address, TunnelListener.ReadAddress(text).ToString());

    [Fact]
    public void A_name_is_no_address() => Assert.Equal(
        "InvalidLocalAddress", Assert.Throws<EngineException>(() => TunnelListener.ReadAddress("web-1")).ErrorId);

    [Fact]
    public async Task Listening_for_others_warns_and_socks_does_not_do_it_at_all()
    {
        MemoryPorts ports = new(MemoryPorts.Agent);
        TunnelOptions options = new() { Target = "i-1", Forward = new Forward { RemotePort = 80 }, LocalAddress = "*" };
        await using Tunnel tunnel = await ports.OpenAsync(options, TestTimeout.Token);
        Assert.Contains("reaches 80 through i-1, with your rights", Assert.Single(tunnel.Warnings), StringComparison.Ordinal);

        EngineException failure = await Assert.ThrowsAsync<EngineException>(
            () => ports.OpenAsync(options with { IsDynamic = true }, TestTimeout.Token));
        Assert.Equal("SocksNotLocal", failure.ErrorId);
    }
}
