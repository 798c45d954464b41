using System.Text;
using System.Text.Json.Nodes;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Commands;
using SsmTools.Engine.Provisioning;
using SsmTools.Sandbox.Commands;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.Commands;

/// <summary>Where the sandbox's agent puts a command's whole output.</summary>
public sealed class CommandOutputTests : IAsyncLifetime
{
    private const string Much = "seq 1 100000; printf '%0300000d\\n' 7; echo last";

    private static readonly string s_whole =
        string.Concat(Enumerable.Range(1, 100_000).Select(number => $"{number}\n")) + new string('0', 299_999) + "7\nlast\n";

    private TestSandbox _sandbox = null!;
    private InstanceRecord _node = null!;

    private SandboxWorld World => _sandbox.Host.World;

    public async Task InitializeAsync()
    {
        _sandbox = await TestSandbox.StartAsync();
        _node = await _sandbox.LaunchOnlineAsync();
        await _sandbox.WaitForConnectionAsync(_node.Id, true);
        await (await new EndpointProvisioner(_sandbox.Aws).PlanAsync(
            new EndpointRequest { SubnetIds = [_node.Subnet.Id], Services = ["s3", "logs"] }, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
    }

    public async Task DisposeAsync() => await _sandbox.DisposeAsync();

    [UnixFact]
    public async Task It_is_in_the_bucket_and_the_service_says_where()
    {
        await GrantAsync();
        CommandOutcome outcome = await RunAsync(
            new RunCommandOptions { Script = $"{Much}; echo 'err é' >&2; exit 3", OutputBucket = SandboxWorld.LogBucket, OutputPrefix = "of/mine/" });

        Assert.Equal(("Failed", 3, false), (outcome.Status, outcome.ExitCode, outcome.IsTruncated));
        Assert.True(outcome.Output == s_whole, "The output is not whole.");
        string folder = $"of/mine/{outcome.CommandId}/{_node.Id}/awsrunShellScript/0.awsrunShellScript";
        Assert.Equal([$"{folder}/stderr", $"{folder}/stdout"], World.Buckets[SandboxWorld.LogBucket].Objects.Keys);
        Assert.Equal(
            outcome.Error, Encoding.UTF8.GetString(World.Buckets[SandboxWorld.LogBucket].Objects[$"{folder}/stderr"].Content));
        GetCommandInvocationResponse told = await _sandbox.Aws.Ssm.GetCommandInvocationAsync(
            new GetCommandInvocationRequest { CommandId = outcome.CommandId, InstanceId = _node.Id }, TestTimeout.Token);
        Assert.Equal($"https://s3.{World.Region}.amazonaws.com/{SandboxWorld.LogBucket}/{folder}/stdout", told.StandardOutputUrl);
        Assert.EndsWith($"/{folder}/stderr", told.StandardErrorUrl, StringComparison.Ordinal);
        Assert.Equal(24_000, told.StandardOutputContent!.Length);
    }

    [UnixFact]
    public async Task It_is_in_the_log_group_with_a_stream_for_each_output()
    {
        await GrantAsync();
        CommandOutcome outcome = await RunAsync(
            new RunCommandOptions { Script = $"{Much}; echo err >&2", OutputLogGroup = SandboxWorld.LogGroup });

        Assert.False(outcome.IsTruncated);
        Assert.True(outcome.Output == s_whole.TrimEnd('\n'), "The output is not whole.");
        string folder = $"{outcome.CommandId}/{_node.Id}/aws-runShellScript";
        Assert.Equal([$"{folder}/stderr", $"{folder}/stdout"], World.LogGroups[SandboxWorld.LogGroup].Streams.Keys);
        GetCommandInvocationResponse told = await _sandbox.Aws.Ssm.GetCommandInvocationAsync(
            new GetCommandInvocationRequest { CommandId = outcome.CommandId, InstanceId = _node.Id }, TestTimeout.Token);
        Assert.Equal(SandboxWorld.LogGroup, told.CloudWatchOutputConfig?.CloudWatchLogGroupName);
        Assert.True(told.CloudWatchOutputConfig?.CloudWatchOutputEnabled);
        Assert.Equal("", told.StandardOutputUrl);
    }

    [UnixFact]
    public async Task Without_the_right_nothing_is_written_and_the_command_runs_all_the_same()
    {
        CommandOutcome outcome = await RunAsync(new RunCommandOptions
        {
            Script = "echo short", OutputBucket = SandboxWorld.LogBucket, OutputLogGroup = SandboxWorld.LogGroup,
        });

        Assert.Equal(("Success", "short\n", false), (outcome.Status, outcome.Output, outcome.IsTruncated));
        Assert.Empty(World.Buckets[SandboxWorld.LogBucket].Objects);
        Assert.Empty(World.LogGroups[SandboxWorld.LogGroup].Streams);
    }

    [Fact]
    public void Places_follow_the_steps_of_either_schema()
    {
        JsonObject steps = JsonNode.Parse("""{"mainSteps":[{"name":"PatchLinux","action":"aws:runShellScript"}]}""")!.AsObject();
        JsonObject plugins = JsonNode.Parse("""{"runtimeConfig":{"aws:runShellScript":{"properties":[{"id":"0.aws:runShellScript"}]}}}""")!.AsObject();

        Assert.Equal(
            "c/i/awsrunShellScript/PatchLinux/stdout",
            CommandPlaces.Key(null, "c", "i", CommandPlaces.PluginOf(steps, "PatchLinux"), "stdout"));
        Assert.Equal(
            "p/c/i/awsrunShellScript/0.awsrunShellScript/stderr",
            CommandPlaces.Key("p", "c", "i", CommandPlaces.PluginOf(plugins, "aws:runShellScript"), "stderr"));
        Assert.Equal("c/i/aws-runShellScript/stdout", CommandPlaces.Stream("c", "i", "aws:runShellScript", "stdout"));
    }

    private async Task GrantAsync() => await (await new RoleProvisioner(_sandbox.Aws).PlanAsync(
        new RoleRequest { Name = "web", LogBucket = SandboxWorld.LogBucket, LogGroup = SandboxWorld.LogGroup },
        TestTimeout.Token)).ApplyAsync(TestTimeout.Token);

    private async Task<CommandOutcome> RunAsync(RunCommandOptions options)
    {
        List<RunCommandEvent> events = [];
        await foreach (RunCommandEvent one in new RunCommand(_sandbox.Aws).RunAsync([_node.Id], options, TestTimeout.Token))
        {
            events.Add(one);
        }

        Assert.DoesNotContain(events, one => one.Failure is not null);
        return Assert.Single(events, one => one.Outcome is not null).Outcome!;
    }
}
