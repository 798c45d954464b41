using System.Diagnostics;
using SsmTools.Engine;
using SsmTools.Engine.Aws.Iam;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.HybridNodes;
using SsmTools.Engine.Provisioning;
using SsmTools.Engine.Sessions;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.HybridNodes;

/// <summary>Machines outside EC2 are let in and taken off again.</summary>
public sealed class NodeActivatorTests : IAsyncLifetime
{
    private const string SsmTrust =
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ssm.amazonaws.com"},"Action":"sts:AssumeRole"}]}""";

    private TestSandbox _sandbox = null!;

    private SandboxWorld World => _sandbox.Host.World;

    private string DefaultRole => HybridRole.DefaultName(World.Region);

    public async Task InitializeAsync() => _sandbox = await TestSandbox.StartAsync();

    public async Task DisposeAsync() => await _sandbox.DisposeAsync();

    [Fact]
    public async Task An_activation_is_made_with_a_role_that_is_this_accounts_alone_and_the_second_one_uses_it_too()
    {
        Plan<NodeActivation> plan = await PlanAsync(new() { Name = "desk", RegistrationLimit = 3, Tags = new Dictionary<string, string> { ["Site"] = "b" } });

        Assert.Equal(
            [
                $"Create the role, trusted by ssm.amazonaws.com for account {World.AccountId} (role {DefaultRole})",
                $"Attach policy AmazonSSMManagedInstanceCore (role {DefaultRole})",
                $"Create the activation for 3 machines with role {DefaultRole}, good for 24 hours (activation desk)",
            ],
            plan.Changes.Select(change => change.ToString()));
        Assert.Empty(World.Activations);
        NodeActivation made = await plan.ApplyAsync(TestTimeout.Token);

        ActivationRecord record = World.Activations[made.ActivationId];
        Assert.Equal((record.Code, "desk", 3, DefaultRole), (made.ActivationCode, record.DefaultInstanceName!, record.Limit, record.RoleName));
        Assert.Contains(new("SsmTools", "desk"), record.Tags);
        Assert.Contains(new("Site", "b"), record.Tags);
        Assert.Equal(record.Expires, made.Expires, TimeSpan.FromSeconds(2));
        string trust = World.Roles[DefaultRole].TrustPolicy;
        Assert.Contains($"\"aws:SourceAccount\":\"{World.AccountId}\"", trust, StringComparison.Ordinal);
        Assert.Equal([AwsManagedPolicies.Core], World.Roles[DefaultRole].Attached);
        Assert.DoesNotContain(record.Code, made.ToString(), StringComparison.Ordinal);

        Plan<NodeActivation> second = await PlanAsync(new() { Name = "desk" });
        Assert.Equal("activation desk", Assert.Single(second.Changes).Target);
        Assert.Contains(second.Warnings, warning => warning.Contains(made.ActivationId, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", 1, 1, "NodeNameInvalid")]
    [InlineData("semi;colon", 1, 1, "NodeNameInvalid")]
    [InlineData("desk", 0, 1, "RegistrationLimitInvalid")]
    [InlineData("desk", 1001, 1, "RegistrationLimitInvalid")]
    [InlineData("desk", 1, 0, "ExpiryInvalid")]
    [InlineData("desk", 1, 721, "ExpiryInvalid")]
    public async Task What_the_service_would_not_take_is_refused_before_anything_is_called(string name, int limit, int hours, string id)
    {
        EngineException e = await Assert.ThrowsAsync<EngineException>(
            () => PlanAsync(new() { Name = name, RegistrationLimit = limit, Lifetime = TimeSpan.FromHours(hours) }));

        Assert.Equal((id, ErrorKind.InvalidArgument), (e.ErrorId, e.Kind));
    }

    [Fact]
    public async Task A_role_of_others_is_used_with_a_note_of_what_was_added_and_loses_that_alone()
    {
        await CreateRoleAsync("office", SsmTrust);
        Plan<NodeActivation> plan = await PlanAsync(new() { Name = "desk", RoleName = "office" });

        Assert.Contains(plan.Warnings, warning => warning.Contains("aws:SourceAccount", StringComparison.Ordinal));
        NodeActivation made = await plan.ApplyAsync(TestTimeout.Token);
        Assert.Equal([AwsManagedPolicies.Core], World.Roles["office"].Attached);

        await RemoveAsync([], [made.ActivationId]);

        Assert.Empty(World.Activations);
        Assert.Empty(World.Roles["office"].Attached);
        Assert.Empty(World.Roles["office"].Tags);
    }

    [Fact]
    public async Task A_role_that_Systems_Manager_may_not_assume_is_refused_by_name()
    {
        await CreateRoleAsync("office", SsmTrust.Replace("ssm.", "lambda.", StringComparison.Ordinal));

        EngineException e = await Assert.ThrowsAsync<EngineException>(() => PlanAsync(new() { Name = "desk", RoleName = "office" }));

        Assert.Equal(("NodeRoleTrustMismatch", "office"), (e.ErrorId, e.Target));
        Assert.Contains("lambda.amazonaws.com", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_price_of_the_advanced_tier_is_told_before_it_is_changed_and_sessions_need_it()
    {
        Plan<NodeActivation> plan = await PlanAsync(new() { Name = "desk" });
        Assert.Contains(plan.Warnings, warning => warning.Contains("5.07 USD a month", StringComparison.Ordinal));
        NodeActivation made = await plan.ApplyAsync(TestTimeout.Token);
        Assert.Equal("standard", made.Tier);
        using HybridMachine machine = await JoinAsync(made);

        EngineException refused = await Assert.ThrowsAsync<EngineException>(
            () => ShellSession.StartAsync(_sandbox.Aws, new ShellSessionOptions { Target = machine.NodeId! }, null, TestTimeout.Token));
        Assert.Equal("AdvancedTierNeeded", refused.ErrorId);

        Plan<NodeActivation> change = await PlanAsync(new() { Name = "desk", Tier = "Advanced" });
        Assert.Equal("Change the tier of all of them from standard to advanced", change.Changes[0].Action);
        Assert.Contains(change.Warnings, warning => warning.Contains("The one that is there now: 5.07 USD a month", StringComparison.Ordinal));
        Assert.Equal("standard", World.Settings.Get(ServiceSettings.ActivationTier).Value);
        Assert.Equal("advanced", (await change.ApplyAsync(TestTimeout.Token)).Tier);
        Assert.Equal("advanced", World.Settings.Get(ServiceSettings.ActivationTier).Value);
        Assert.DoesNotContain((await PlanAsync(new() { Name = "other" })).Warnings, warning => warning.Contains("USD", StringComparison.Ordinal));

        // Now it is only not connected: what stands in for its agent opens no channel.
        refused = await Assert.ThrowsAsync<EngineException>(
            () => ShellSession.StartAsync(_sandbox.Aws, new ShellSessionOptions { Target = machine.NodeId! }, null, TestTimeout.Token));
        Assert.Equal("TargetNotConnected", refused.ErrorId);
    }

    [Fact]
    public async Task With_the_last_node_go_its_used_up_activation_and_the_role()
    {
        NodeActivation made = await ActivateAsync(new() { Name = "desk" });
        using HybridMachine machine = await JoinAsync(made);
        Assert.Equal("desk", World.FindNode(machine.NodeId!)!.Name);

        Assert.Equal([machine.NodeId!], await RemoveAsync([machine.NodeId!], []));

        Assert.Empty(World.Nodes);
        Assert.Empty(World.Activations);
        Assert.Empty(World.Roles);
        Plan<IReadOnlyList<string>> again = await PlanRemovalAsync([machine.NodeId!], []);
        Assert.Empty(again.Changes);
        Assert.Contains("nothing to remove", Assert.Single(again.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_removal_that_was_cut_short_anywhere_is_finished_by_the_next(bool byNode)
    {
        int steps = 1;
        for (int made = 0; made < steps; made++)
        {
            NodeActivation desk = await ActivateAsync(new() { Name = "desk" });
            using HybridMachine machine = await JoinAsync(desk);
            string[] nodes = byNode ? [machine.NodeId!] : [];
            string[] activations = byNode ? [] : [desk.ActivationId];
            Plan<IReadOnlyList<string>> plan = await PlanRemovalAsync(nodes, activations);
            steps = plan.Changes.Count;
            foreach (PlannedChange change in plan.Changes.Take(made))
            {
                await change.ApplyAsync(TestTimeout.Token);
            }

            await RemoveAsync(nodes, activations);

            Assert.Empty(World.Nodes);
            Assert.Empty(World.Activations);
            Assert.Empty(World.Roles);
        }

        Assert.Equal(4, steps);
    }

    [Fact]
    public async Task Nodes_that_others_registered_stay_although_their_activation_is_gone()
    {
        await CreateRoleAsync("office", SsmTrust);
        await _sandbox.GrantAsync("office");
        CreateActivationResponse foreign = await _sandbox.Aws.Ssm.CreateActivationAsync(
            new CreateActivationRequest { IamRole = "office" }, TestTimeout.Token);
        using HybridMachine machine = new(_sandbox);
        Assert.True(await machine.StartAsync(TestSandbox.ParseJson(
            $$"""{"ActivationId":"{{foreign.ActivationId}}","ActivationCode":"{{foreign.ActivationCode}}"}""")));
        World.Activations.Clear();

        EngineException e = await Assert.ThrowsAsync<EngineException>(() => PlanRemovalAsync([], [foreign.ActivationId!]));

        Assert.Equal(("NodeNotManaged", machine.NodeId), (e.ErrorId, e.Target));
    }

    [Fact]
    public async Task What_others_need_still_is_kept()
    {
        NodeActivation two = await ActivateAsync(new() { Name = "desk", RegistrationLimit = 2 });
        using HybridMachine first = await JoinAsync(two);
        using HybridMachine second = await JoinAsync(two);

        await RemoveAsync([first.NodeId!], []);
        Assert.Equal(second.NodeId, Assert.Single(World.Nodes).NodeId);
        Assert.Contains(two.ActivationId, World.Activations.Keys);
        Assert.Contains(DefaultRole, World.Roles.Keys);

        Assert.Equal([second.NodeId!], await RemoveAsync([], [two.ActivationId]));
        Assert.Empty(World.Nodes);
        Assert.Empty(World.Roles);
    }

    [Fact]
    public async Task What_others_made_is_kept_unless_forced()
    {
        await CreateRoleAsync("office", SsmTrust);
        CreateActivationResponse foreign = await _sandbox.Aws.Ssm.CreateActivationAsync(
            new CreateActivationRequest { IamRole = "office", DefaultInstanceName = "theirs" }, TestTimeout.Token);

        EngineException e = await Assert.ThrowsAsync<EngineException>(() => PlanRemovalAsync([], [foreign.ActivationId!]));
        Assert.Equal(("NodeNotManaged", foreign.ActivationId), (e.ErrorId, e.Target));
        e = await Assert.ThrowsAsync<EngineException>(() => PlanRemovalAsync(["i-0123456789abcdef0"], []));
        Assert.Equal("NodeNotHybrid", e.ErrorId);

        Plan<IReadOnlyList<string>> forced = await new NodeRemoval(_sandbox.Aws).PlanAsync([], [foreign.ActivationId!], force: true, TestTimeout.Token);
        await forced.ApplyAsync(TestTimeout.Token);
        Assert.Empty(World.Activations);
        Assert.Contains("office", World.Roles.Keys);
    }

    [UnixFact]
    public async Task The_script_is_written_for_its_owner_alone_and_never_over_a_file()
    {
        using TemporaryDirectory directory = new();
        string path = Path.Combine(directory.Path, "join.sh");
        NodeActivation made = await ActivateAsync(new() { Name = "desk", ScriptPath = path });

        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(path) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.Equal(made.Script, await File.ReadAllTextAsync(path, TestTimeout.Token));
        Assert.Contains($"activation_code='{made.ActivationCode}'", made.Script, StringComparison.Ordinal);

        EngineException e = await Assert.ThrowsAsync<EngineException>(() => PlanAsync(new() { Name = "other", ScriptPath = path }));
        Assert.Equal("ScriptFileExists", e.ErrorId);
        e = await Assert.ThrowsAsync<EngineException>(() => ActivateAsync(new() { Name = "other", ScriptPath = "/nowhere/at/all.sh" }));
        Assert.Equal("ScriptFileFailed", e.ErrorId);
        Assert.Single(World.Activations);
    }

    [UnixFact]
    public async Task The_scripts_are_shell_and_refuse_what_they_are_not_for()
    {
        foreach (JoinPlatform platform in new[] { JoinPlatform.Linux, JoinPlatform.MacOS })
        {
            string script = JoinScript.Create(platform, "cn-north-1", "id", "it's");
            Assert.DoesNotContain('@', script.Replace("\"$@\"", "", StringComparison.Ordinal));
            Assert.Contains(".amazonaws.com.cn/latest", script, StringComparison.Ordinal);
            Assert.Contains(@"activation_code='it'\''s'", script, StringComparison.Ordinal);
            Assert.Equal((0, ""), await RunAsync(script, "-n"));
            (int code, string errors) = await RunAsync(script, "-s", "--", "--nonsense");
            Assert.Equal(1, code);
            Assert.StartsWith("join: --nonsense is no option", errors, StringComparison.Ordinal);
        }
    }

    [UnixFact]
    public async Task A_machine_that_no_agent_is_made_for_is_told_so_and_nothing_is_fetched()
    {
        using TemporaryDirectory directory = new();
        foreach ((string name, string body) in new[]
        {
            ("uname", "[ \"$1\" = -s ] && echo Linux || echo riscv64"), ("id", "echo 0"), ("gpg", "exit 0"),
            ("curl", $"echo fetched > '{directory.Path}/fetched'; exit 1"),
        })
        {
            string program = Path.Combine(directory.Path, name);
            await File.WriteAllTextAsync(program, $"#!/bin/sh\n{body}\n", TestTimeout.Token);
            if (OperatingSystem.IsWindows())
            {
                return;
            }

            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        // Whatever agent the machine has is none of this test's business.
        string script = JoinScript.Create(JoinPlatform.Linux, "eu-west-1", "id", "code")
            .Replace("/usr/bin/amazon-ssm-agent", "/nowhere/agent", StringComparison.Ordinal)
            .Replace("/snap/", "/nowhere/", StringComparison.Ordinal)
            .Replace("command -v amazon-ssm-agent", ":", StringComparison.Ordinal)
            .Replace("/var/lib/amazon/", "/nowhere/", StringComparison.Ordinal);
        (int code, string errors) = await RunAsync($"PATH='{directory.Path}':$PATH\n{script}", "-s");

        Assert.Equal((1, "join: There is no agent for this machine's riscv64.\n"), (code, errors));
        Assert.False(File.Exists(Path.Combine(directory.Path, "fetched")));
    }

    [LinuxFact]
    public void A_script_that_does_not_fit_on_the_disk_is_an_error_that_names_the_file()
    {
        using FileStream full = new("/dev/full", FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 0);

        EngineException e = Assert.Throws<EngineException>(() => JoinScript.Save(full, "script"));

        Assert.Equal(("ScriptFileFailed", "/dev/full"), (e.ErrorId, e.Target));
    }

    private static async Task<(int Code, string Errors)> RunAsync(string script, params string[] arguments)
    {
        using Process shell = Process.Start(new ProcessStartInfo("sh", arguments) { RedirectStandardInput = true, RedirectStandardError = true })!;
        await shell.StandardInput.WriteAsync(script);
        shell.StandardInput.Close();
        string errors = await shell.StandardError.ReadToEndAsync(TestTimeout.Token);
        await shell.WaitForExitAsync(TestTimeout.Token);
        return (shell.ExitCode, errors);
    }

    private async Task CreateRoleAsync(string name, string trust) => await _sandbox.Aws.Iam.CreateRoleAsync(
        new CreateRoleRequest { RoleName = name, AssumeRolePolicyDocument = trust }, TestTimeout.Token);

    private async Task<HybridMachine> JoinAsync(NodeActivation activation)
    {
        HybridMachine machine = new(_sandbox);
        Assert.True(await machine.StartAsync(TestSandbox.ParseJson(
            $$"""{"ActivationId":"{{activation.ActivationId}}","ActivationCode":"{{activation.ActivationCode}}"}""")));
        return machine;
    }

    private Task<Plan<NodeActivation>> PlanAsync(NodeActivationRequest request) =>
        new NodeActivator(_sandbox.Aws, _sandbox.Host.Clock).PlanAsync(request, TestTimeout.Token);

    private async Task<NodeActivation> ActivateAsync(NodeActivationRequest request) =>
        await (await PlanAsync(request)).ApplyAsync(TestTimeout.Token);

    private Task<Plan<IReadOnlyList<string>>> PlanRemovalAsync(string[] nodes, string[] activations) =>
        new NodeRemoval(_sandbox.Aws).PlanAsync(nodes, activations, force: false, TestTimeout.Token);

    private async Task<IReadOnlyList<string>> RemoveAsync(string[] nodes, string[] activations) =>
        await (await PlanRemovalAsync(nodes, activations)).ApplyAsync(TestTimeout.Token);
}
