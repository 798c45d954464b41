using System.Text;
using System.Text.Json.Nodes;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Logs;
using SsmTools.Engine.Preferences;
using SsmTools.Engine.Protocol;
using SsmTools.Engine.Provisioning;
using SsmTools.Sandbox.Agents;
using SsmTools.Sandbox.Pty;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;
using SessionPreferences = SsmTools.Engine.Preferences.SessionPreferences;

namespace SsmTools.Tests.Sandbox.Agents;

/// <summary>What preferences do to sessions that start from then on.</summary>
public sealed class SessionLogTests : IAsyncLifetime
{
    private TestSandbox _sandbox = null!;
    private InstanceRecord _node = null!;

    private SandboxWorld World => _sandbox.Host.World;

    public async Task InitializeAsync()
    {
        _sandbox = await TestSandbox.StartAsync();
        _node = await _sandbox.LaunchOnlineAsync();
    }

    public async Task DisposeAsync() => await _sandbox.DisposeAsync();

    [UnixFact]
    public async Task A_sessions_log_is_in_the_bucket_and_the_group_when_it_is_over()
    {
        await GrantAsync();
        await SetAsync(new SessionPreferenceRequest { LogBucket = $"{SandboxWorld.LogBucket}/of/sessions", LogGroup = SandboxWorld.LogGroup });
        using RawDataClient client = await _sandbox.OpenSessionAsync(_node.Id);
        await client.TypeAsync("printf '\\033[31mred\\033[0m '; echo seen-$((40+2))\r");
        await client.WaitForAsync("seen-42");
        await client.TypeAsync("exit\r");
        await client.WaitForEndAsync();

        string key = $"of/sessions/{client.SessionId}.log";
        byte[] log = await WaitForAsync(() => World.Buckets[SandboxWorld.LogBucket].Objects.GetValueOrDefault(key)?.Content);
        Assert.Contains("red seen-42\n", Encoding.UTF8.GetString(log), StringComparison.Ordinal);
        StringBuilder text = new();
        await foreach (LogLine line in new LogReader(_sandbox.Aws).ReadStreamAsync(SandboxWorld.LogGroup, client.SessionId, TestTimeout.Token))
        {
            text.Append(line.Message);
        }

        Assert.Equal(Encoding.UTF8.GetString(log), text.ToString());
    }

    [UnixFact]
    public async Task A_streamed_log_grows_while_the_session_runs_and_says_who_and_where()
    {
        await GrantAsync();
        await SetAsync(new SessionPreferenceRequest { LogGroup = SandboxWorld.LogGroup, LogStreaming = true });
        using RawDataClient client = await _sandbox.OpenSessionAsync(_node.Id);
        await client.TypeAsync("echo seen-$((40+2))\r");
        string message = await WaitForAsync(() => World.LogGroups[SandboxWorld.LogGroup].Streams.GetValueOrDefault(client.SessionId)?.Events
            .Select(one => one.Message).FirstOrDefault(one => one.Contains("seen-42", StringComparison.Ordinal)));

        Assert.Null(client.Closed);
        JsonNode record = JsonNode.Parse(message)!;
        Assert.Equal(_node.Id, (string?)record["target"]!["id"]);
        Assert.Equal(client.SessionId, (string?)record["sessionId"]);
        Assert.Equal("ssm-user", (string?)record["runAsUser"]);
        Assert.Contains(record["sessionData"]!.AsArray(), line => (string?)line == "seen-42");
        await client.TypeAsync("exit\r");
        await client.WaitForEndAsync();
    }

    [UnixFact]
    public async Task A_streamed_log_is_whole_however_much_came_last()
    {
        await GrantAsync();
        await SetAsync(new SessionPreferenceRequest { LogGroup = SandboxWorld.LogGroup, LogStreaming = true });
        using RawDataClient client = await _sandbox.OpenSessionAsync(_node.Id);
        await client.TypeAsync("yes 012345678 | head -n 60000; echo last-$((40+2)); exit\r");
        await client.WaitForEndAsync();

        string[] messages = await WaitForAsync(() =>
            World.LogGroups[SandboxWorld.LogGroup].Streams.GetValueOrDefault(client.SessionId)?.Events.Select(one => one.Message).ToArray()
                is { } all && all.Any(one => one.Contains("last-42", StringComparison.Ordinal)) ? all : null);
        Assert.Equal(60_000, messages.SelectMany(one => JsonNode.Parse(one)!["sessionData"]!.AsArray()).Count(line => (string?)line == "012345678"));
        Assert.All(messages, one => Assert.InRange(Encoding.UTF8.GetByteCount(one), 1, 256 * 1024));
    }

    [UnixFact]
    public async Task A_session_that_failed_before_its_client_came_tells_it_why_when_it_comes()
    {
        await SetAsync(new SessionPreferenceRequest { RunAs = true, RunAsUser = "nobody-like-that" });
        StartSessionResponse session = await _sandbox.StartSessionAsync(_node.Id);
        await WaitForEndAsync(session.SessionId!);

        using (RawDataClient wrong = await RawDataClient.OpenAsync(session.SessionId!, session.StreamUrl!, "guessed"))
        {
            Assert.False(await wrong.ReceiveAsync());
        }

        using RawDataClient client = await RawDataClient.OpenAsync(session.SessionId!, session.StreamUrl!, session.TokenValue!);
        Assert.Contains("RunAs user nobody-like-that does not exist", (await client.WaitForEndAsync()).Output, StringComparison.Ordinal);
        using RawDataClient again = await RawDataClient.OpenAsync(session.SessionId!, session.StreamUrl!, session.TokenValue!);
        Assert.False(await again.ReceiveAsync());
    }

    [UnixFact]
    public async Task A_client_that_comes_more_than_a_minute_after_that_finds_nothing()
    {
        await SetAsync(new SessionPreferenceRequest { RunAs = true, RunAsUser = "nobody-like-that" });
        StartSessionResponse session = await _sandbox.StartSessionAsync(_node.Id);
        await WaitForEndAsync(session.SessionId!);
        _sandbox.Host.Clock.Advance(TimeSpan.FromSeconds(61));

        using RawDataClient client = await RawDataClient.OpenAsync(session.SessionId!, session.StreamUrl!, session.TokenValue!);
        Assert.False(await client.ReceiveAsync());
    }

    [UnixFact]
    public async Task Where_the_group_must_be_encrypted_and_is_not_no_session_starts()
    {
        await GrantAsync();
        await SetAsync(new SessionPreferenceRequest { LogBucket = SandboxWorld.LogBucket, LogGroup = SandboxWorld.LogGroup });
        World.LogGroups[SandboxWorld.LogGroup].KmsKeyArn = null;
        await WaitForEndAsync((await _sandbox.StartSessionAsync(_node.Id)).SessionId!);
        Assert.Empty(World.Buckets[SandboxWorld.LogBucket].Objects);

        AgentStorage away = new(null!, null!, Settings(), _ => false);
        AgentException e = await Assert.ThrowsAsync<AgentException>(
            () => new SessionLogPlan("", "", false, "/group", GroupMustBeEncrypted: true, false).CheckAsync(away, TestTimeout.Token));
        Assert.Contains("encryption is not set up on the selected CloudWatch Logs log group", e.Message, StringComparison.Ordinal);
        e = await Assert.ThrowsAsync<AgentException>(
            () => new SessionLogPlan("bucket", "", BucketMustEncrypt: true, "", false, false).CheckAsync(away, TestTimeout.Token));
        Assert.Contains("encryption is not set up on the selected Amazon S3 bucket", e.Message, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task Without_rights_or_a_way_there_is_no_log_and_the_session_runs_all_the_same()
    {
        await SetAsync(new SessionPreferenceRequest { LogBucket = SandboxWorld.LogBucket, RequireBucketEncryption = false });
        using RawDataClient client = await _sandbox.OpenSessionAsync(_node.Id);
        await client.TypeAsync("echo seen-$((40+2)); exit\r");
        await client.WaitForAsync("seen-42");
        await client.WaitForEndAsync();
        Assert.Empty(World.Buckets[SandboxWorld.LogBucket].Objects);
    }

    [UnixFact]
    public async Task A_session_ends_when_its_time_is_over_on_the_sandboxs_clock()
    {
        await SetAsync(new SessionPreferenceRequest { MaxDurationMinutes = 5, IdleTimeoutMinutes = 60 });
        using RawDataClient client = await _sandbox.OpenSessionAsync(_node.Id);
        await client.WaitForAsync("$ ");
        _sandbox.Host.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Contains("maximum duration", (await client.WaitForEndAsync()).Output, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task A_profile_is_run_first_and_a_user_that_is_not_there_gets_no_shell()
    {
        await SetAsync(new SessionPreferenceRequest { LinuxProfile = "echo first-$((40+2))" });
        using (RawDataClient client = await _sandbox.OpenSessionAsync(_node.Id))
        {
            await client.WaitForAsync("first-42");
        }

        await SetAsync(new SessionPreferenceRequest { RunAs = true, RunAsUser = "nobody-like-that" });
        await WaitForEndAsync((await _sandbox.StartSessionAsync(_node.Id)).SessionId!);
        SessionTask task = new()
        {
            SessionId = "s-1",
            DocumentContent = TestSandbox.ParseJson(
                """{"sessionType":"Standard_Stream","inputs":{"runAsEnabled":true,"runAsDefaultUser":"nobody-like-that"}}"""),
        };
        AgentException e = Assert.Throws<AgentException>(() => SessionPlan.Read(task, Settings()));
        Assert.Contains("RunAs user nobody-like-that does not exist", e.Message, StringComparison.Ordinal);
        Assert.NotNull(SessionPlan.Read(task with { RunAsUser = Environment.UserName }, Settings()));
    }

    private async Task WaitForEndAsync(string sessionId) =>
        await WaitForAsync(() => World.Sessions[sessionId].Ended is null ? null : World.Sessions[sessionId]);

    private AgentSettings Settings() => new()
    {
        Target = _node.Id,
        Endpoint = _sandbox.Host.Facts.Endpoint,
        Region = World.Region,
        BootDelay = TimeSpan.Zero,
        Clock = _sandbox.Host.Clock,
        Shell = _ => new PseudoTerminalOptions { FileName = "sh", WorkingDirectory = _sandbox.DirectoryPath, Environment = new Dictionary<string, string>() },
    };

    private async Task GrantAsync()
    {
        await (await new RoleProvisioner(_sandbox.Aws).PlanAsync(
            new RoleRequest { Name = "web", LogBucket = SandboxWorld.LogBucket, LogGroup = SandboxWorld.LogGroup },
            TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
        await (await new EndpointProvisioner(_sandbox.Aws).PlanAsync(
            new EndpointRequest { SubnetIds = [_node.Subnet.Id], Services = ["s3", "logs"] }, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
    }

    private async Task SetAsync(SessionPreferenceRequest request) =>
        await (await new SessionPreferences(_sandbox.Aws).PlanAsync(request, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);

    private async Task<T> WaitForAsync<T>(Func<T?> find)
        where T : class
    {
        CancellationToken timeout = TestTimeout.Token;
        while (true)
        {
            lock (World.Gate)
            {
                if (find() is { } found)
                {
                    return found;
                }
            }

            timeout.ThrowIfCancellationRequested();
            await _sandbox.ReadStatusAsync(_node.Id, timeout);
        }
    }
}
