using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using SsmTools.Engine;
using SsmTools.Engine.Smux;
using SsmTools.Tests.Sessions;
using SsmTools.Engine.Tunnels;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Tunnels;

/// <summary>Tunnels to agents that multiplex.</summary>
public sealed class TunnelTests
{
    private static TunnelOptions ToPort => new() { Target = "i-1", Forward = new Forward { RemotePort = 5432 } };

    [Fact]
    public async Task Many_connections_share_a_session()
    {
        MemoryPorts ports = new(MemoryPorts.Agent);
        await using Tunnel tunnel = await ports.OpenAsync(ToPort, TestTimeout.Token);
        LocalClient[] clients = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => LocalClient.ConnectAsync(tunnel)));

        bool[] echoed = await Task.WhenAll(clients.Select((client, index) => client.IsEchoedAsync($"number {index}")));

        Assert.All(echoed, Assert.True);
        Assert.Single(ports.Sessions);
        Assert.Equal((20, 0L, null), (tunnel.Connections, tunnel.Errors, tunnel.LastError));
        foreach (LocalClient client in clients)
        {
            client.Reset();
        }

        await UntilAsync(() => tunnel.Connections == 0);
    }

    [Fact]
    public async Task Connections_are_spread_over_the_sessions()
    {
        MemoryPorts ports = new(MemoryPorts.Agent);
        await using Tunnel tunnel = await ports.OpenAsync(ToPort with { Sessions = 3 }, TestTimeout.Token);
        Assert.Equal(3, ports.Sessions.Count);
        List<LocalClient> clients = [];
        for (int i = 0; i < 6; i++)
        {
            LocalClient client = await LocalClient.ConnectAsync(tunnel);
            clients.Add(client);
            Assert.True(await client.IsEchoedAsync("x"));
        }

        ports.Sessions[1].Close("ended by a test"); // takes its two along, and no others
        await UntilAsync(() => tunnel.Connections == 4);
        foreach (LocalClient client in clients)
        {
            client.Dispose();
        }
    }

    [Fact]
    public async Task A_quota_leaves_the_sessions_that_there_are()
    {
        int started = 0;
        MemoryPorts ports = new(MemoryPorts.Agent)
        {
            OnStart = _ =>
            {
                if (Interlocked.Increment(ref started) > 2)
                {
                    throw new EngineException("LimitExceeded", ErrorKind.LimitsExceeded, "No more than two.");
                }
            },
        };
        await using Tunnel tunnel = await ports.OpenAsync(ToPort with { Sessions = 3 }, TestTimeout.Token);
        using LocalClient client = await LocalClient.ConnectAsync(tunnel);

        Assert.True(await client.IsEchoedAsync("x"));
        Assert.Equal((2, "No more than two."), (ports.Sessions.Count, tunnel.LastError));
    }

    [Fact]
    public async Task What_keeps_a_session_from_starting_is_heard_at_once_and_nothing_listens_then()
    {
        MemoryPorts ports = new(MemoryPorts.Agent)
        {
            OnStart = _ => throw new EngineException("TargetNotConnected", ErrorKind.ResourceUnavailable, "It is away."),
        };
        int port = FreePort();

        EngineException failure = await Assert.ThrowsAsync<EngineException>(
            () => ports.OpenAsync(ToPort with { Forward = new Forward { LocalPort = port, RemotePort = 1 } }, TestTimeout.Token));

        Assert.Equal("TargetNotConnected", failure.ErrorId);
        new TcpListener(IPAddress.Loopback, port).Start();
    }

    [Fact]
    public async Task A_closed_port_resets_the_connection_and_is_counted_and_the_tunnel_lives()
    {
        MemoryPorts ports = new(MemoryPorts.Agent) { OnConnect = _ => Task.FromResult(false) };
        await using Tunnel tunnel = await ports.OpenAsync(ToPort, TestTimeout.Token);
        Assert.True(await LocalClient.IsResetAsync(tunnel));

        await UntilAsync(() => tunnel.Errors == 1);
        Assert.Equal(
            "i-1 could not connect to 5432: the port is closed there, or something in between does not let it through.",
            tunnel.LastError);
        ports.OnConnect = MemoryPorts.EchoAsync;
        using LocalClient client = await LocalClient.ConnectAsync(tunnel);
        Assert.True(await client.IsEchoedAsync("x"));
        Assert.Equal((1L, TunnelState.Open), (tunnel.Errors, tunnel.State));
    }

    [Fact]
    public async Task A_destination_that_closes_without_a_word_is_not_taken_for_a_closed_port()
    {
        MemoryPorts ports = new(MemoryPorts.Agent) { OnConnect = _ => Task.FromResult(true) };
        await using Tunnel tunnel = await ports.OpenAsync(ToPort, TestTimeout.Token);
        using LocalClient client = await LocalClient.ConnectAsync(tunnel);

        Assert.Equal("", await client.ReadToEndAsync());
        Assert.Equal(0, tunnel.Errors);
    }

    [Fact]
    public async Task An_answer_that_comes_after_the_client_has_ended_its_sending_arrives()
    {
        TaskCompletionSource answer = new();
        MemoryPorts ports = new(MemoryPorts.Agent)
        {
            OnConnect = async stream =>
            {
                byte[] request = new byte[100];
                int length = await stream.ReadAsync(request, CancellationToken.None);
                await answer.Task;
                await stream.WriteAsync(request.AsMemory(0, length), CancellationToken.None);
                return true;
            },
        };
        await using Tunnel tunnel = await ports.OpenAsync(ToPort, TestTimeout.Token);
        using LocalClient client = await LocalClient.ConnectAsync(tunnel);
        await client.SendAsync("question");
        client.FinishSending();
        await UntilAsync(() => tunnel.BytesOut == 8);
        answer.SetResult();

        Assert.Equal("question", await client.ReadToEndAsync());
    }

    [Fact]
    public async Task In_flight_connections_outlive_a_link_that_is_resumed()
    {
        MemoryPorts ports = new(MemoryPorts.Agent);
        await using Tunnel tunnel = await ports.OpenAsync(ToPort, TestTimeout.Token);
        using LocalClient client = await LocalClient.ConnectAsync(tunnel);
        Assert.True(await client.IsEchoedAsync("before"));

        ports.Sessions[0].BreakLink();
        Assert.True(await client.IsEchoedAsync("after"));

        Assert.Equal(1, tunnel.Reconnects);
        Assert.Single(ports.Sessions);
    }

    [Fact]
    public async Task While_a_program_does_not_read_what_it_sends_goes_through_and_the_end_is_noticed()
    {
        const int Length = 8 * 1024 * 1024; // more than all windows and buffers on the way
        int taken = 0;
        MemoryPorts ports = new(MemoryPorts.Agent)
        {
            OnConnect = async stream =>
            {
                Task flood = FloodAsync(stream, 2 * Length);
                byte[] buffer = new byte[64 * 1024];
                while (taken < Length && await stream.ReadAsync(buffer, CancellationToken.None) is int count and > 0)
                {
                    taken += count;
                }

                await flood;
                return true;
            },
        };
        await using Tunnel tunnel = await ports.OpenAsync(ToPort, TestTimeout.Token);
        using LocalClient client = await LocalClient.ConnectAsync(tunnel);

        await client.SendAsync(new string('x', Length));
        await UntilAsync(() => taken == Length);
        ports.Sessions[0].Close("ended by a test");
        await UntilAsync(() => tunnel.LastError is not null);

        Assert.Contains("ended by a test", tunnel.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_arrives_when_a_program_reads_again()
    {
        const int Length = 24 * 1024 * 1024;
        MemoryPorts ports = new(MemoryPorts.Agent)
        {
            OnConnect = async stream =>
            {
                await FloodAsync(stream, Length);
                return true;
            },
        };
        await using Tunnel tunnel = await ports.OpenAsync(ToPort, TestTimeout.Token);
        using LocalClient client = await LocalClient.ConnectAsync(tunnel);
        using LocalClient other = await LocalClient.ConnectAsync(tunnel);
        Task<string?> all = client.ReadToEndAsync();

        Assert.Equal(Length, (await other.ReadToEndAsync())!.Length);
        Assert.Equal(Length, (await all)!.Length);
        Assert.Equal(0, tunnel.Errors);
    }

    [Fact]
    public async Task A_session_that_cannot_be_resumed_is_started_anew_by_the_next_connection()
    {
        MemoryPorts ports = new(MemoryPorts.Agent);
        await using Tunnel tunnel = await ports.OpenAsync(ToPort, TestTimeout.Token);
        ConcurrentQueue<string> states = [];
        tunnel.StateChanged += (_, change) => states.Enqueue($"{change.Before} {change.Now}");
        using LocalClient first = await LocalClient.ConnectAsync(tunnel);
        Assert.True(await first.IsEchoedAsync("before"));

        ports.Sessions[0].OnResume = () => null;
        ports.Sessions[0].BreakLink();
        Assert.Null(await first.ReadToEndAsync());
        await UntilAsync(() => tunnel.State == TunnelState.Idle);
        using LocalClient second = await LocalClient.ConnectAsync(tunnel);
        Assert.True(await second.IsEchoedAsync("after"));

        Assert.Equal(2, ports.Sessions.Count);
        Assert.Equal((1L, TunnelState.Open), (tunnel.Reconnects, tunnel.State));
        Assert.Contains("it was idle or open for too long, or somebody terminated it", tunnel.LastError, StringComparison.Ordinal);
        await UntilAsync(() => states.Count == 3);
        Assert.Equal(["Open Idle", "Idle Reconnecting", "Reconnecting Open"], states);
    }

    [Fact]
    public async Task A_connection_waits_while_the_node_is_away_for_a_moment()
    {
        ManualTimeProvider time = new();
        int started = 0;
        MemoryPorts ports = new(MemoryPorts.Agent, time)
        {
            OnStart = _ =>
            {
                if (Interlocked.Increment(ref started) is 2 or 3)
                {
                    throw new EngineException("TargetNotConnected", ErrorKind.ResourceUnavailable, "It is away.");
                }
            },
        };
        await using Tunnel tunnel = await ports.OpenAsync(ToPort, TestTimeout.Token);
        ports.Sessions[0].Close("");
        await UntilAsync(() => tunnel.SessionIds.Count == 0);

        using LocalClient client = await LocalClient.ConnectAsync(tunnel);
        Task<bool> echoed = client.IsEchoedAsync("x");
        await UntilAsync(() => Volatile.Read(ref started) == 2 && tunnel.State == TunnelState.Failing);
        await AdvanceUntilAsync(time, () => Volatile.Read(ref started) == 4);

        Assert.True(await echoed);
        Assert.Equal("It is away.", tunnel.LastError);
    }

    [Fact]
    public async Task A_node_that_is_gone_resets_connections_in_the_end_and_the_port_stays_open()
    {
        ManualTimeProvider time = new();
        bool isGone = false;
        MemoryPorts ports = new(MemoryPorts.Agent, time)
        {
            OnStart = _ =>
            {
                if (Volatile.Read(ref isGone))
                {
                    throw new EngineException("TargetNotConnected", ErrorKind.ResourceUnavailable, "It is gone.");
                }
            },
        };
        await using Tunnel tunnel = await ports.OpenAsync(ToPort, TestTimeout.Token);
        Volatile.Write(ref isGone, true);
        ports.Sessions[0].Close("");
        await UntilAsync(() => tunnel.SessionIds.Count == 0);

        using LocalClient client = await LocalClient.ConnectAsync(tunnel);
        Task<string?> read = client.ReadToEndAsync();
        await AdvanceUntilAsync(time, () => read.IsCompleted);

        Assert.Null(await read);
        Assert.Equal(TunnelState.Failing, tunnel.State);
        Volatile.Write(ref isGone, false);
        using LocalClient next = await LocalClient.ConnectAsync(tunnel);
        Assert.True(await next.IsEchoedAsync("x"));
    }

    [Fact]
    public async Task With_nothing_connected_no_session_is_held_and_the_next_connection_starts_one()
    {
        ManualTimeProvider time = new();
        MemoryPorts ports = new(MemoryPorts.Agent, time);
        await using Tunnel tunnel = await ports.OpenAsync(ToPort, TestTimeout.Token);
        time.Advance(TimeSpan.FromMinutes(6));
        await UntilAsync(() => tunnel.State == TunnelState.Idle);
        await ports.Sessions[0].WaitForAsync("terminate s-1", TestTimeout.Token);
        Assert.Empty(tunnel.SessionIds);

        using LocalClient client = await LocalClient.ConnectAsync(tunnel);
        Assert.True(await client.IsEchoedAsync("x"));
        time.Advance(TimeSpan.FromMinutes(6));
        Assert.True(await client.IsEchoedAsync("y"));
        Assert.Equal((2, 0L), (ports.Sessions.Count, tunnel.Reconnects));
    }

    [Fact]
    public async Task Kept_alive_it_says_something_now_and_then_and_comes_back_by_itself()
    {
        ManualTimeProvider time = new();
        MemoryPorts ports = new(MemoryPorts.Agent, time);
        await using Tunnel tunnel = await ports.OpenAsync(ToPort with { KeepAlive = true }, TestTimeout.Token);
        int Said() => ports.Sessions.Sum(session => session.Log.Count(line => line == """Size:{"cols":80,"rows":24}"""));
        for (int i = 1; i <= 5; i++)
        {
            time.Advance(TimeSpan.FromSeconds(30));
            await AdvanceUntilAsync(time, () => Said() >= i, TimeSpan.FromMilliseconds(1));
        }

        int before = ports.Sessions.Count;
        ports.Sessions[^1].Close("Your session was open for too long.");
        await AdvanceUntilAsync(
            time, () => ports.Sessions.Count > before && tunnel.State == TunnelState.Open, TimeSpan.FromMilliseconds(1));
        Assert.True(tunnel.Reconnects > 0);
    }

    [Fact]
    public async Task An_agent_that_ends_the_session_says_why()
    {
        MemoryPorts ports = new(MemoryPorts.Agent);
        await using Tunnel tunnel = await ports.OpenAsync(ToPort, TestTimeout.Token);
        ports.Sessions[0].Close("\n----------ERROR-------\nlookup db.internal: no such host");
        await UntilAsync(() => tunnel.LastError is not null);

        Assert.Equal("The session with i-1 was ended: lookup db.internal: no such host", tunnel.LastError);
    }

    [Fact]
    public async Task Each_destination_that_is_asked_for_by_socks_has_a_session_of_its_own()
    {
        List<string> started = [];
        MemoryPorts ports = new(MemoryPorts.Agent) { OnStart = options => started.Add($"{options.DocumentName} {options.Parameters["host"][0]} {options.Parameters["portNumber"][0]}") };
        await using Tunnel tunnel = await ports.OpenAsync(
            new TunnelOptions { Target = "i-1", Forward = new Forward(), IsDynamic = true }, TestTimeout.Token);
        Assert.Equal(TunnelState.Idle, tunnel.State);
        foreach (string host in new[] { "web", "web", "db" })
        {
            using LocalClient client = await LocalClient.ConnectAsync(tunnel);
            await client.SendAsync("\u0005\u0001\0");
            Assert.Equal("\u0005\0", await client.ReadAsync(2));
            await client.SendAsync($"\u0005\u0001\0\u0003{(char)host.Length}{host}\0\u0050");
            Assert.StartsWith("\u0005\0", await client.ReadAsync(10), StringComparison.Ordinal);
            Assert.True(await client.IsEchoedAsync("hello"));
        }

        Assert.Equal(
            ["AWS-StartPortForwardingSessionToRemoteHost web 80", "AWS-StartPortForwardingSessionToRemoteHost db 80"], started);
        Assert.Equal((TunnelState.Open, 2), (tunnel.State, tunnel.SessionIds.Count));
        using LocalClient wrong = await LocalClient.ConnectAsync(tunnel);
        await wrong.SendAsync("GET / HTTP/1.1\r\n\r\n");
        await wrong.ReadToEndAsync();
        await UntilAsync(() => tunnel.Errors == 1);
        Assert.Equal("A program connected to the tunnel's SOCKS port that does not speak SOCKS 5.", tunnel.LastError);
    }

    [Fact]
    public async Task Disposing_closes_port_connections_and_sessions()
    {
        MemoryPorts ports = new(MemoryPorts.Agent);
        Tunnel tunnel = await ports.OpenAsync(ToPort, TestTimeout.Token);
        using LocalClient client = await LocalClient.ConnectAsync(tunnel);
        Assert.True(await client.IsEchoedAsync("x"));

        await tunnel.DisposeAsync();
        await tunnel.DisposeAsync();

        Assert.Null(await client.ReadToEndAsync());
        Assert.Contains("terminate s-1", ports.Sessions[0].Log);
        Assert.Equal((TunnelState.Closed, 0), (tunnel.State, tunnel.Connections));
        await Assert.ThrowsAsync<SocketException>(() => LocalClient.ConnectAsync(tunnel));
    }

    [Fact]
    public async Task A_document_that_makes_a_shell_is_refused()
    {
        MemoryNode node = new(new() { Role = Engine.Protocol.ChannelRole.Agent });
        PortSessionOptions options = PortSessionOptions.To("i-1", new Forward { RemotePort = 1 });
        Task<PortSession> start = PortSession.StartAsync(node, node, options, TimeProvider.System, TestTimeout.Token);
        await node.WaitForAsync("open", TestTimeout.Token);
        node.Say("$ ");

        Assert.Equal("NotAPortSession", (await Assert.ThrowsAsync<EngineException>(() => start)).ErrorId);
        await node.WaitForAsync("terminate", TestTimeout.Token);
    }

    [Fact]
    public async Task An_agent_that_says_nothing_is_not_awaited_for_ever()
    {
        ManualTimeProvider time = new();
        MemoryNode node = new(new() { Role = Engine.Protocol.ChannelRole.Agent }, time);
        PortSessionOptions options = PortSessionOptions.To("i-1", new Forward { RemotePort = 1 });
        Task<PortSession> start = PortSession.StartAsync(node, node, options, time, TestTimeout.Token);
        await node.WaitForAsync("open", TestTimeout.Token);
        await AdvanceUntilAsync(time, () => start.IsCompleted);

        Assert.Equal("SessionHandshakeFailed", (await Assert.ThrowsAsync<EngineException>(() => start)).ErrorId);
    }

    private static async Task FloodAsync(SmuxStream stream, int length)
    {
        byte[] piece = new byte[64 * 1024];
        Array.Fill(piece, (byte)'y');
        for (int sent = 0; sent < length; sent += piece.Length)
        {
            await stream.WriteAsync(piece, CancellationToken.None);
        }
    }

    internal static async Task UntilAsync(Func<bool> condition)
    {
        CancellationToken timeout = TestTimeout.Token;
        while (!condition())
        {
            timeout.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static Task AdvanceUntilAsync(ManualTimeProvider time, Func<bool> condition, TimeSpan? step = null) => UntilAsync(() =>
    {
        time.Advance(step ?? TimeSpan.FromMilliseconds(100));
        return condition();
    });

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
