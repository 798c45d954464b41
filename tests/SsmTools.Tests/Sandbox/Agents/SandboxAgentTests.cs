using SsmTools.Sandbox.Agents;
using SsmTools.Sandbox.Metadata;
using SsmTools.Sandbox.Pty;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.Agents;

public sealed class SandboxAgentTests : IAsyncLifetime
{
    private TestSandbox _sandbox = null!;

    public async Task InitializeAsync() => _sandbox = await TestSandbox.StartAsync();

    public async Task DisposeAsync() => await _sandbox.DisposeAsync();

    [Fact]
    public async Task A_node_tells_what_it_runs()
    {
        InstanceRecord instance = await _sandbox.LaunchOnlineAsync();
        NodeRecord node = _sandbox.Host.World.FindNode(instance.Id)!;

        Assert.Equal("3.3.1142.0", node.AgentVersion);
        Assert.Equal("Linux", node.PlatformType);
        Assert.Equal(instance.Image.PlatformName, node.PlatformName);
    }

    [Fact]
    public async Task Without_rights_the_agent_sleeps_for_half_an_hour_even_if_it_gets_them_meanwhile()
    {
        await _sandbox.CreateProfileAsync("poor", withRights: false);
        _sandbox.Host.World.Lifecycle.Host = null;
        InstanceRecord instance = await _sandbox.LaunchAsync("poor");
        SignallingRandom random = new();
        using CancellationTokenSource off = new();
        using HttpClient http = new();
        await using MetadataServer metadata = new(_sandbox.Host.World, _sandbox.Host.Credentials, instance);
        AgentSettings settings = Settings(instance, random);
        MetadataClient client = new(http, metadata.Endpoint, _sandbox.Host.Clock);
        Task running = new SandboxAgent(
            _sandbox.Host.World, instance, settings, new AgentApi(http, client, settings), new AgentKms(http, client, settings))
            .RunAsync(off.Token);

        await random.Asked.WaitAsync(TestTimeout.Token);
        await _sandbox.GrantAsync("poor");
        _sandbox.Host.Clock.Advance(TimeSpan.FromMinutes(24));
        Assert.Null(await _sandbox.ReadStatusAsync(instance.Id, TestTimeout.Token));

        // The sleep may begin a moment after it was decided on, so more than once if need be.
        CancellationToken timeout = TestTimeout.Token;
        while (await _sandbox.ReadStatusAsync(instance.Id, timeout) != "Online")
        {
            _sandbox.Host.Clock.Advance(TimeSpan.FromMinutes(6));
        }

        await off.CancelAsync();
        await running.WaitAsync(TestTimeout.Token);
    }

    [Fact]
    public async Task A_reboot_ends_the_sleep()
    {
        await _sandbox.CreateProfileAsync("poor", withRights: false);
        InstanceRecord instance = await _sandbox.LaunchAsync("poor");
        await _sandbox.GrantAsync("poor");

        _sandbox.Host.World.Lifecycle.Reboot(instance);

        await _sandbox.WaitForStatusAsync(instance.Id, "Online");
    }

    [Fact]
    public async Task A_node_that_can_reach_nothing_any_more_is_lost()
    {
        await _sandbox.CreateProfileAsync("web");
        InstanceRecord instance = await _sandbox.LaunchAsync("web");
        await _sandbox.WaitForStatusAsync(instance.Id, "Online");
        lock (_sandbox.Host.World.Gate)
        {
            instance.Subnet.Vpc.DnsSupport = false;
        }

        await _sandbox.AwaitLossAsync(instance.Id);
    }

    [Fact]
    public async Task A_node_whose_profile_is_taken_away_is_lost_and_comes_back_with_it()
    {
        InstanceRecord instance = await _sandbox.LaunchOnlineAsync();
        ProfileAssociation profile = instance.Profile!;
        SetProfile(instance, null);
        await _sandbox.AwaitLossAsync(instance.Id);

        SetProfile(instance, profile);
        CancellationToken timeout = TestTimeout.Token;
        while (await _sandbox.ReadStatusAsync(instance.Id, timeout) != "Online")
        {
            _sandbox.Host.Clock.Advance(TimeSpan.FromMinutes(5));
        }
    }

    [Fact]
    public async Task A_node_stays_online_however_much_time_passes()
    {
        InstanceRecord instance = await _sandbox.LaunchOnlineAsync();

        _sandbox.Host.Clock.Advance(TimeSpan.FromHours(12));

        Assert.Equal("Online", await _sandbox.ReadStatusAsync(instance.Id, TestTimeout.Token));
    }

    [Fact]
    public async Task A_terminated_instance_is_gone_with_its_directory_and_its_profile_can_be_used_again()
    {
        InstanceRecord instance = await _sandbox.LaunchOnlineAsync();
        string home = Directory.GetDirectories(_sandbox.DirectoryPath, instance.Id, SearchOption.AllDirectories).Single();

        _sandbox.Host.World.Lifecycle.Terminate(instance, "");
        await _sandbox.WaitForStatusAsync(instance.Id, "ConnectionLost");
        _sandbox.Host.Clock.Advance(TimeSpan.FromSeconds(1));
        await _sandbox.WaitForStatusAsync(instance.Id, null);

        InstanceRecord next = await _sandbox.LaunchAsync("web");
        await _sandbox.WaitForStatusAsync(next.Id, "Online");
        CancellationToken timeout = TestTimeout.Token;
        while (Directory.Exists(home))
        {
            timeout.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private void SetProfile(InstanceRecord instance, ProfileAssociation? profile)
    {
        lock (_sandbox.Host.World.Gate)
        {
            instance.Profile = profile;
        }
    }

    private AgentSettings Settings(InstanceRecord instance, Random random) => new()
    {
        Target = instance.Id,
        Endpoint = _sandbox.Host.Facts.Endpoint,
        Region = _sandbox.Host.Facts.Region,
        BootDelay = TimeSpan.Zero,
        Clock = _sandbox.Host.Clock,
        Random = random,
        Shell = _ => new PseudoTerminalOptions { FileName = "", WorkingDirectory = "", Environment = new Dictionary<string, string>() },
    };

    /// <summary>Tells when it was asked, which the agent does when it decides how long to sleep.</summary>
    private sealed class SignallingRandom : Random
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => _asked.Task;

        public override double NextDouble()
        {
            _asked.TrySetResult();
            return 0.5;
        }
    }
}
