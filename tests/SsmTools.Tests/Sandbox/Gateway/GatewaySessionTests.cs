using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Protocol;
using SsmTools.Sandbox.Agents;
using SsmTools.Sandbox.Gateway;
using SsmTools.Sandbox.Metadata;
using SsmTools.Sandbox.Pty;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.Gateway;

/// <summary>The life of a session: lost sockets, time that runs out, ends from either side.</summary>
public sealed class GatewaySessionTests : IAsyncLifetime
{
    private TestSandbox _sandbox = null!;
    private InstanceRecord _instance = null!;

    public async Task InitializeAsync()
    {
        _sandbox = await TestSandbox.StartAsync();
        _instance = await _sandbox.LaunchOnlineAsync();
    }

    public async Task DisposeAsync() => await _sandbox.DisposeAsync();

    [UnixFact]
    public async Task A_client_that_comes_back_misses_nothing_and_gets_it_in_order()
    {
        RawDataClient client = await _sandbox.OpenSessionAsync(_instance.Id);
        await client.TypeAsync("echo one$((1)); sleep 0.2; for i in 1 2 3 4 5; do echo away$i; done\r");
        await client.WaitForAsync("one1\r\n");

        // Delivered but not acknowledged: to the client, that is, as if it had never come.
        client.Acknowledges = false;
        Assert.True(await client.ReceiveAsync());
        client.Dispose();

        using RawDataClient again = await ResumeAsync(client);
        await again.WaitForAsync("away5\r\n");

        Assert.Contains("one1\r\naway1\r\naway2\r\naway3\r\naway4\r\naway5\r\n", again.Shown, StringComparison.Ordinal);
        await again.TypeAsync("echo on-we-go\r");
        await again.WaitForAsync("on-we-go\r\n");
    }

    [UnixFact]
    public async Task A_second_socket_of_the_client_replaces_the_first()
    {
        RawDataClient first = await _sandbox.OpenSessionAsync(_instance.Id);
        await first.WaitForAsync("$ ");

        using RawDataClient second = await ResumeAsync(first);
        Assert.False(await first.ReceiveAsync());
        first.Dispose();

        await second.TypeAsync("echo here-$((1+1))\r");
        await second.WaitForAsync("here-2\r\n");
    }

    [UnixFact]
    public async Task An_agent_that_loses_its_socket_comes_back_and_the_session_goes_on()
    {
        using RawDataClient client = await _sandbox.OpenSessionAsync(_instance.Id);
        await client.WaitForAsync("$ ");
        using HttpClient http = new();
        await using MetadataServer metadata = new(_sandbox.Host.World, _sandbox.Host.Credentials, _instance);
        AgentApi api = new(http, new MetadataClient(http, metadata.Endpoint, _sandbox.Host.Clock), Settings());

        // The same node opens the same channel a second time: the first socket is dropped.
        using AgentSocket usurper = await api.OpenDataChannelAsync(client.SessionId, TestTimeout.Token);
        while (await usurper.ReadAsync(TestTimeout.Token) is not null)
        {
        }

        await client.TypeAsync("echo back-$((2+3))\r");
        await client.WaitForAsync("back-5\r\n");
    }

    [UnixFact]
    public async Task Terminating_a_session_tells_the_client_and_ends_the_shell()
    {
        using RawDataClient client = await _sandbox.OpenSessionAsync(_instance.Id);
        await client.TypeAsync("echo pid=$$; exec sleep 300\r");
        await client.WaitForAsync("pid=");
        await client.WaitForAsync("\r\n");

        await _sandbox.Aws.Ssm.TerminateSessionAsync(new TerminateSessionRequest { SessionId = client.SessionId }, TestTimeout.Token);
        ChannelClosedPayload closed = await client.WaitForEndAsync();

        Assert.Matches(@"^The session was terminated by arn:aws:iam::\d{12}:user/sandbox\.$", closed.Output);
        Assert.Equal("Terminated", await _sandbox.ReadSessionStatusAsync(client.SessionId, "History"));
        ResumeSessionResponse resumed = await _sandbox.Aws.Ssm.ResumeSessionAsync(
            new ResumeSessionRequest { SessionId = client.SessionId }, TestTimeout.Token);
        Assert.Null(resumed.TokenValue);
    }

    [UnixFact]
    public async Task An_idle_session_ends_after_twenty_minutes_of_the_sandboxs_time()
    {
        using RawDataClient client = await _sandbox.OpenSessionAsync(_instance.Id);
        await client.WaitForAsync("$ ");
        _sandbox.Host.Clock.Advance(TimeSpan.FromMinutes(19));

        // Behind the sum, which is no echo, nothing is shown any more: no prompt that may come at any time.
        await client.TypeAsync("echo awake-$((1+1)); exec sleep 300\r");
        await client.WaitForAsync("awake-2\r\n");
        _sandbox.Host.Clock.Advance(TimeSpan.FromMinutes(19));
        Assert.Equal("Connected", await _sandbox.ReadSessionStatusAsync(client.SessionId, "Active"));

        // More than the minute that is left: what was not yet acknowledged may have been sent again in the 19.
        _sandbox.Host.Clock.Advance(TimeSpan.FromMinutes(20));

        Assert.Equal(SessionTimers.IdleText, (await client.WaitForEndAsync()).Output);
    }

    [UnixFact]
    public async Task A_session_to_which_no_client_comes_ends_by_itself()
    {
        StartSessionResponse session = await _sandbox.StartSessionAsync(_instance.Id);

        _sandbox.Host.Clock.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal("Terminated", await _sandbox.ReadSessionStatusAsync(session.SessionId!, "History"));
    }

    [UnixFact]
    public async Task Sessions_on_a_node_whose_agent_just_vanished_end_when_it_counts_as_lost()
    {
        _sandbox.Host.World.Lifecycle.Host = null;
        InstanceRecord instance = await _sandbox.LaunchAsync("web");
        await using MetadataServer metadata = new(_sandbox.Host.World, _sandbox.Host.Credentials, instance);
        using HttpClient http = new();
        AgentApi api = new(
            http, new MetadataClient(http, metadata.Endpoint, _sandbox.Host.Clock), Settings() with { Target = instance.Id });
        AgentSocket control = await api.OpenControlChannelAsync(TestTimeout.Token);
        await _sandbox.WaitForStatusAsync(instance.Id, "Online");
        using RawDataClient client = await _sandbox.OpenSessionAsync(instance.Id);

        // A session that no client came to in a minute would end for that.
        CancellationToken timeout = TestTimeout.Token;
        while (!_sandbox.Host.Gateway.FindSession(client.SessionId)!.HadClient)
        {
            timeout.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        control.Dispose();
        await _sandbox.WaitForConnectionAsync(instance.Id, false);
        Assert.Equal("Online", await _sandbox.ReadStatusAsync(instance.Id, TestTimeout.Token));
        _sandbox.Host.Clock.Advance(NodeRecord.LostAfter + TimeSpan.FromMinutes(2));

        Assert.Equal("ConnectionLost", await _sandbox.ReadStatusAsync(instance.Id, TestTimeout.Token));
        Assert.Contains("gone", (await client.WaitForEndAsync()).Output, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task A_session_ends_with_its_instance_and_says_why()
    {
        using RawDataClient client = await _sandbox.OpenSessionAsync(_instance.Id);
        await client.WaitForAsync("$ ");

        _sandbox.Host.World.Lifecycle.Terminate(_instance, "");

        Assert.Contains(_instance.Id, (await client.WaitForEndAsync()).Output, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task An_interactive_command_runs_on_a_terminal_and_ends_the_session()
    {
        StartSessionResponse session = await _sandbox.Aws.Ssm.StartSessionAsync(
            new StartSessionRequest
            {
                Target = _instance.Id,
                DocumentName = "AWS-StartInteractiveCommand",
                Parameters = { ["command"] = ["test -t 0 && read x && echo \"got $x\""] },
            },
            TestTimeout.Token);
        using RawDataClient client = await RawDataClient.OpenAsync(session.SessionId!, session.StreamUrl!, session.TokenValue!);

        await client.TypeAsync("input\r");

        Assert.Equal("", (await client.WaitForEndAsync()).Output);
        Assert.EndsWith("got input\r\n", client.Shown, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task Much_output_arrives_whole()
    {
        using RawDataClient client = await _sandbox.OpenSessionAsync(_instance.Id);
        await client.TypeAsync("stty -echo -opost; echo start; seq 1 300000; echo end; exit\r");

        await client.WaitForEndAsync();

        string output = client.Shown[(client.Shown.IndexOf("start\n", StringComparison.Ordinal) + 6)..];
        string expected = string.Concat(Enumerable.Range(1, 300_000).Select(i => $"{i}\n")) + "end\n";
        Assert.Equal(expected.Length, output[..output.LastIndexOf("end\n", StringComparison.Ordinal)].Length + 4);
        Assert.StartsWith(expected, output, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task What_was_read_before_the_window_shrank_waits_for_room()
    {
        using RawDataClient client = await _sandbox.OpenSessionAsync(_instance.Id);
        await client.TypeAsync("stty -echo -opost; echo rea''dy; read x; seq 100001 114000; read x; echo l''ast\r");
        await client.WaitForAsync("ready\n");

        // More than the least window, less than the first one: the agent reads on, until nothing comes back in time.
        client.Acknowledges = false;
        await client.TypeAsync("\r");
        await ReceiveUntilResentAsync(client);
        await client.TypeAsync("\r");
        await ReceiveUntilResentAsync(client);
        client.Acknowledges = true;
        await client.WaitForAsync("last\n");

        string expected = string.Concat(Enumerable.Range(100_001, 14_000).Select(i => $"{i}\n")) + "last\n";
        Assert.Contains(expected, client.Shown, StringComparison.Ordinal);
    }

    private static async Task ReceiveUntilResentAsync(RawDataClient client)
    {
        int earlier = client.Numbers.Count;
        while (client.Numbers.Skip(earlier).Distinct().Count() == client.Numbers.Count - earlier)
        {
            Assert.True(await client.ReceiveAsync());
        }
    }

    private async Task<RawDataClient> ResumeAsync(RawDataClient earlier)
    {
        ResumeSessionResponse resumed = await _sandbox.Aws.Ssm.ResumeSessionAsync(
            new ResumeSessionRequest { SessionId = earlier.SessionId }, TestTimeout.Token);
        return await RawDataClient.OpenAsync(earlier.SessionId, resumed.StreamUrl!, resumed.TokenValue!, earlier);
    }

    private AgentSettings Settings() => new()
    {
        Target = _instance.Id,
        Endpoint = _sandbox.Host.Facts.Endpoint,
        Region = _sandbox.Host.Facts.Region,
        BootDelay = TimeSpan.Zero,
        Clock = _sandbox.Host.Clock,
        Shell = _ => new PseudoTerminalOptions { FileName = "", WorkingDirectory = "", Environment = new Dictionary<string, string>() },
    };
}
