using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using SsmTools.Sandbox.Agents;
using SsmTools.Sandbox.Ports;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.Ports;

/// <summary>Where an agent connects a client to, and where not.</summary>
public sealed class PortDialerTests
{
    [Theory]
    [InlineData("169.254.169.254", true)]
    [InlineData("::ffff:169.254.169.254", true)]
    [InlineData("fd00:ec2::254", true)]
    [InlineData("169.254.169.123", true)]
    [InlineData("169.254.169.251", true)]
    [InlineData("169.254.169.252", false)]
    [InlineData("10.20.0.0", true)]
    [InlineData("10.20.0.3", true)]
    [InlineData("10.20.0.4", false)]
    [InlineData("10.20.1.2", false)]
    [InlineData("10.20.255.255", true)]
    [InlineData("10.20.255.254", false)]
    [InlineData("10.21.0.2", false)]
    [InlineData("127.0.0.1", false)]
    public void Some_addresses_are_forbidden(string address, bool isForbidden) =>
        Assert.Equal(isForbidden, ForbiddenDestinations.Contains(IPAddress.Parse(address), "10.20.0.0/16"));

    [Fact]
    public async Task A_name_that_leads_to_a_forbidden_address_ends_the_session()
    {
        PortException error = await Assert.ThrowsAsync<PortException>(() => ResolveAsync("80", "metadata.example", "10.0.9.9", "169.254.169.254"));

        Assert.Equal("Forwarding to IP address metadata.example is forbidden.", error.Message);
    }

    [Fact]
    public async Task A_name_that_nobody_knows_ends_the_session()
    {
        PortException error = await Assert.ThrowsAsync<PortException>(() => PortDialer.ResolveAsync(
            Plan("80", "nowhere.example"), null, (_, _) => throw new SocketException((int)SocketError.HostNotFound), TestTimeout.Token));

        Assert.Equal("lookup nowhere.example: no such host", error.Message);
    }

    [Theory]
    [InlineData("", "Port number is empty in session properties.")]
    [InlineData("0", "invalid port")]
    [InlineData("65536", "invalid port")]
    [InlineData("http", "invalid port")]
    public async Task A_port_that_is_none_ends_the_session(string port, string message) =>
        Assert.Contains(message, (await Assert.ThrowsAsync<PortException>(() => ResolveAsync(port, ""))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Every_address_is_tried_and_the_failure_of_the_first_counts()
    {
        await using LoopbackServer server = new(LoopbackServer.EchoAsync);
        PortDialer dialer = await ResolveAsync($"{server.Port}", "two.example", "127.0.0.99", "127.0.0.1");
        using Socket socket = await dialer.DialAsync(TestTimeout.Token);
        Assert.True(socket.Connected);

        int closed = LoopbackServer.FindClosedPort();
        PortDialer lost = await ResolveAsync($"{closed}", "two.example", "127.0.0.99", "127.0.0.1");
        PortException error = await Assert.ThrowsAsync<PortException>(() => lost.DialAsync(TestTimeout.Token));
        Assert.Equal($"dial tcp 127.0.0.99:{closed}: connect: connection refused", error.Message);
    }

    [Fact]
    public void Properties_that_are_no_strings_are_refused() =>
        Assert.Throws<AgentException>(() => PortPlan.Read(JsonDocument.Parse("""{"portNumber":80}""").RootElement));

    private static Task<PortDialer> ResolveAsync(string port, string host, params string[] addresses) => PortDialer.ResolveAsync(
        Plan(port, host), "10.0.0.0/16", (_, _) => Task.FromResult(addresses.Select(IPAddress.Parse).ToArray()), TestTimeout.Token);

    private static PortPlan Plan(string port, string host) => new() { Properties = default, Port = port, Host = host };
}
