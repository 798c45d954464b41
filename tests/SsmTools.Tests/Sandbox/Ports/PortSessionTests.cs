using System.Text;
using System.Text.Json;
using SsmTools.Engine.Protocol;
using SsmTools.Engine.Smux;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.Ports;

/// <summary>The sandbox's agent and port sessions, over the module's own channel.</summary>
public sealed class PortSessionTests
{
    [Fact]
    public async Task The_handshake_announces_the_document_s_properties()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        InstanceRecord instance = await sandbox.LaunchOnlineAsync();
        await using PortClient client = await PortClient.OpenAsync(
            sandbox.Aws, instance.Id, PortClient.Host, parameters: [("host", "localhost"), ("portNumber", 5432)]);

        ChannelOpening opening = await client.Opened;

        Assert.Equal(SessionType.Port, opening.SessionType);
        Assert.True(VersionGate.AgentMultiplexes(opening.PeerVersion));
        Assert.Equal("localhost 5432 0 LocalPortForwarding", Describe(opening, "host", "portNumber", "localPortNumber", "type"));
    }

    [Theory]
    [InlineData(PortClient.Port, "80 0 LocalPortForwarding")]
    [InlineData(PortClient.Host, "80 0 LocalPortForwarding localhost")]
    [InlineData(PortClient.Ssh, "22")]
    public async Task Documents_have_their_defaults(string document, string properties)
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        InstanceRecord instance = await sandbox.LaunchOnlineAsync();
        await using PortClient client = await PortClient.OpenAsync(sandbox.Aws, instance.Id, document);

        ChannelOpening opening = await client.Opened;

        Assert.Equal(properties, Describe(opening, "portNumber", "localPortNumber", "type", "host"));
    }

    [Fact]
    public async Task Streams_reach_the_destination_side_by_side()
    {
        CancellationToken token = TestTimeout.Token;
        await using LoopbackServer server = new(LoopbackServer.EchoAsync);
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        InstanceRecord instance = await sandbox.LaunchOnlineAsync();
        await using PortClient client = await PortClient.OpenAsync(
            sandbox.Aws, instance.Id, PortClient.Port, parameters: [("portNumber", server.Port)]);
        await client.Opened;

        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => PortTraffic.EchoAsync(client.Mux, (ulong)i, 200_000, token)));

        Assert.Equal(50, server.Accepted);
        await client.SendAsync(StreamFlag.TerminateSession);
        Assert.Equal("", (await client.End)?.Text);
    }

    [Fact]
    public async Task A_connection_that_is_refused_is_told_and_leaves_the_session_alive()
    {
        CancellationToken token = TestTimeout.Token;
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        InstanceRecord instance = await sandbox.LaunchOnlineAsync();
        int port = LoopbackServer.FindClosedPort();
        await using PortClient client = await PortClient.OpenAsync(sandbox.Aws, instance.Id, PortClient.Port, parameters: [("portNumber", port)]);
        await client.Opened;

        for (int i = 1; i <= 3; i++)
        {
            await using SmuxStream stream = client.Mux.Open();
            Assert.False(await stream.WaitToReadAsync(token));
            Assert.Equal(Enumerable.Repeat(StreamFlag.ConnectToPortError, i), client.Flags); // the flag comes before the end
        }

        Assert.False(client.End.IsCompleted);
    }

    [Fact]
    public async Task The_end_of_a_server_s_connection_is_the_end_of_its_stream()
    {
        CancellationToken token = TestTimeout.Token;
        await using LoopbackServer server = new(async (stream, stop) => await stream.WriteAsync("bye"u8.ToArray(), stop));
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        InstanceRecord instance = await sandbox.LaunchOnlineAsync();
        await using PortClient client = await PortClient.OpenAsync(
            sandbox.Aws, instance.Id, PortClient.Port, parameters: [("portNumber", server.Port)]);
        await client.Opened;
        await using SmuxStream stream = client.Mux.Open();

        byte[] buffer = new byte[10];
        Assert.Equal(3, await stream.ReadAsync(buffer, token));
        Assert.Equal(0, await stream.ReadAsync(buffer, token));
    }

    [Fact]
    public async Task The_end_of_a_stream_is_the_end_of_its_connection_after_all_its_data()
    {
        TaskCompletionSource<string> got = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using LoopbackServer server = new(async (stream, stop) =>
        {
            using StreamReader reader = new(stream, Encoding.ASCII);
            got.SetResult(await reader.ReadToEndAsync(stop));
        });
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        InstanceRecord instance = await sandbox.LaunchOnlineAsync();
        await using PortClient client = await PortClient.OpenAsync(
            sandbox.Aws, instance.Id, PortClient.Port, parameters: [("portNumber", server.Port)]);
        await client.Opened;
        SmuxStream stream = client.Mux.Open();
        string text = new('x', 300_000);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text), TestTimeout.Token);

        await stream.CloseAsync();

        Assert.Equal(text, await got.Task.WaitAsync(TestTimeout.Token));
    }

    [Fact]
    public async Task A_forbidden_destination_ends_the_session_with_the_agent_s_words()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        InstanceRecord instance = await sandbox.LaunchOnlineAsync();
        await using PortClient client = await PortClient.OpenAsync(
            sandbox.Aws, instance.Id, PortClient.Host, parameters: [("host", "169.254.169.254")]);

        Assert.Equal("Forwarding to IP address 169.254.169.254 is forbidden.", (await client.End)?.Text);
    }

    [Fact]
    public async Task A_client_that_speaks_nonsense_ends_the_session()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        InstanceRecord instance = await sandbox.LaunchOnlineAsync();
        await using PortClient client = await PortClient.OpenAsync(sandbox.Aws, instance.Id, PortClient.Port, isMultiplexed: false);
        await client.Opened;

        await client.SendAsync("GET / HTTP/1.1\r\n");

        Assert.Equal(ChannelEventKind.Closed, (await client.End)?.Kind);
    }

    [Fact]
    public async Task An_old_client_gets_one_connection_after_the_other()
    {
        await using LoopbackServer server = new(async (stream, stop) =>
        {
            byte[] buffer = new byte[100];
            int count;
            while ((count = await stream.ReadAsync(buffer, stop)) > 0 && buffer[0] != 'q')
            {
                await stream.WriteAsync(buffer.AsMemory(0, count), stop);
            }
        });
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        InstanceRecord instance = await sandbox.LaunchOnlineAsync();
        await using PortClient client = await PortClient.OpenAsync(
            sandbox.Aws, instance.Id, PortClient.Port, "1.1.61.0", isMultiplexed: false, ("portNumber", server.Port));
        await client.Opened;

        await client.SendAsync("one.");
        Assert.Equal("one.", await client.ReadAsync(4));
        await client.SendAsync(StreamFlag.DisconnectToPort); // the local connection ended
        await client.SendAsync("two.");
        Assert.Equal("one.two.", await client.ReadAsync(8));
        Assert.Equal(2, server.Accepted);
        await client.SendAsync("q"); // the server closes; the next message dials again, but for what the closing swallows
        while (server.Accepted == 2)
        {
            await client.SendAsync(".");
        }

        await client.ReadAsync(9);
        await client.SendAsync(StreamFlag.TerminateSession);
        Assert.Equal("", (await client.End)?.Text);
    }

    [Fact]
    public async Task An_old_client_is_told_why_there_is_no_connection()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        InstanceRecord instance = await sandbox.LaunchOnlineAsync();
        int port = LoopbackServer.FindClosedPort();
        await using PortClient client = await PortClient.OpenAsync(
            sandbox.Aws, instance.Id, PortClient.Port, "1.1.61.0", isMultiplexed: false, ("portNumber", port));

        Assert.Equal(
            $"Unable to connect to specified port: dial tcp 127.0.0.1:{port}: connect: connection refused", (await client.End)?.Text);
    }

    [Fact]
    public async Task An_ssh_session_ends_with_its_connection()
    {
        await using LoopbackServer server = new(async (stream, stop) =>
        {
            await stream.WriteAsync("SSH-2.0-x\r\n"u8.ToArray(), stop);
            await stream.ReadExactlyAsync(new byte[5], stop);
        });
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        InstanceRecord instance = await sandbox.LaunchOnlineAsync();
        await using PortClient client = await PortClient.OpenAsync(
            sandbox.Aws, instance.Id, PortClient.Ssh, isMultiplexed: false, parameters: [("portNumber", server.Port)]);
        await client.Opened;

        Assert.Equal("SSH-2.0-x\r\n", await client.ReadAsync(11));
        await client.SendAsync("hello");

        ChannelEvent? end = await client.End;
        Assert.Equal((ChannelEventKind.Closed, ""), (end?.Kind, end?.Text));
    }

    [Fact]
    public async Task A_destination_that_does_not_read_holds_the_client_back_until_it_does()
    {
        CancellationToken token = TestTimeout.Token;
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using HashedStream sent = new(7, 20_000_000);
        using HashedStream received = new(7, 20_000_000);
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using LoopbackServer server = new(async (stream, stop) =>
        {
            await go.Task.WaitAsync(stop);
            byte[] buffer = new byte[100_000];
            int count;
            while ((count = await stream.ReadAsync(buffer, stop)) > 0)
            {
                received.Take(buffer.AsSpan(0, count));
            }

            done.SetResult();
        });
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        InstanceRecord instance = await sandbox.LaunchOnlineAsync();
        await using PortClient client = await PortClient.OpenAsync(
            sandbox.Aws, instance.Id, PortClient.Port, parameters: [("portNumber", server.Port)]);
        await client.Opened;
        SmuxStream stream = client.Mux.Open();
        Task sending = PortTraffic.SendAsync(stream, sent, token);

        // More than the two ends hold between them, and what the operating system holds.
        while (server.Accepted == 0)
        {
            await Task.Yield();
            token.ThrowIfCancellationRequested();
        }

        Assert.False(sending.IsCompleted);
        go.SetResult();
        await sending;
        await stream.CloseAsync();
        await done.Task.WaitAsync(token);
        Assert.Equal((20_000_000L, 0L, sent.Hash), (received.Count, received.Wrong, received.Hash));
    }

    private static string Describe(ChannelOpening opening, params string[] names) => string.Join(
        ' ', names.Select(name => opening.Properties!.Value.TryGetProperty(name, out JsonElement value) ? value.GetString() : null).OfType<string>());
}
