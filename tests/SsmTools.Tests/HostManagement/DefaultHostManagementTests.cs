using SsmTools.Engine;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Iam;
using SsmTools.Engine.HostManagement;
using SsmTools.Engine.HybridNodes;
using SsmTools.Engine.Provisioning;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;
using Default = SsmTools.Engine.HostManagement.DefaultHostManagement;

namespace SsmTools.Tests.HostManagement;

/// <summary>Default Host Management where its role is somebody else's too.</summary>
public sealed class DefaultHostManagementTests : IAsyncLifetime
{
    private const string Trust =
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ssm.amazonaws.com"},"Action":"sts:AssumeRole"}]}""";

    private TestSandbox _sandbox = null!;

    private SandboxWorld World => _sandbox.Host.World;

    private string Setting => World.Settings.Get(ServiceSettings.HostManagementRole).Value;

    public async Task InitializeAsync() => _sandbox = await TestSandbox.StartAsync();

    public async Task DisposeAsync() => await _sandbox.DisposeAsync();

    [Fact]
    public async Task Where_its_role_may_not_be_read_the_setting_is_shown_all_the_same()
    {
        await ApplyAsync(await new Default(_sandbox.Aws).PlanAsync(null, TestTimeout.Token));
        using AwsContext context = LimitedCaller.Without(_sandbox.Host, "iam:GetRole");

        HostManagementState? state = await new Default(context).ReadAsync(TestTimeout.Token);

        Assert.Equal(("On", "Unknown"), (state!.Status, state.MadeBy));
    }

    [Fact]
    public async Task A_role_that_hybrid_nodes_have_too_outlives_the_setting_and_goes_with_the_last_of_both()
    {
        NodeActivation desk = await (await new NodeActivator(_sandbox.Aws).PlanAsync(new() { Name = "desk" }, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
        Default management = new(_sandbox.Aws);
        await ApplyAsync(await management.PlanAsync(desk.RoleName, TestTimeout.Token));

        Plan<IReadOnlyList<HostManagementState>> off = await management.PlanRemovalAsync(force: false, TestTimeout.Token);
        await ApplyAsync(off);

        Assert.Equal(ServiceSettings.None, Setting);
        Assert.Contains(desk.RoleName, World.Roles.Keys);
        Assert.Contains(off.Warnings, one => one.StartsWith($"Role {desk.RoleName} is kept", StringComparison.Ordinal));
        await UnregisterAsync(desk);
        Assert.Empty(World.Roles);
    }

    [Fact]
    public async Task A_role_that_the_setting_names_too_outlives_the_last_hybrid_node()
    {
        NodeActivation desk = await (await new NodeActivator(_sandbox.Aws).PlanAsync(new() { Name = "desk" }, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
        Default management = new(_sandbox.Aws);
        await ApplyAsync(await management.PlanAsync(desk.RoleName, TestTimeout.Token));

        IReadOnlyList<string> warnings = await UnregisterAsync(desk);

        Assert.Empty(World.Activations);
        Assert.Contains(desk.RoleName, World.Roles.Keys);
        Assert.Contains(warnings, one => one.StartsWith($"Role {desk.RoleName} is kept", StringComparison.Ordinal));
        await ApplyAsync(await management.PlanRemovalAsync(force: false, TestTimeout.Token));
        Assert.Empty(World.Roles);
    }

    [Theory]
    [InlineData("ssm:DescribeActivations")]
    [InlineData("ssm:DescribeInstanceInformation")]
    public async Task Where_hybrid_nodes_may_not_be_seen_the_setting_goes_and_the_role_stays(string action)
    {
        await ApplyAsync(await new Default(_sandbox.Aws).PlanAsync(null, TestTimeout.Token));
        using AwsContext context = LimitedCaller.Without(_sandbox.Host, action);

        Plan<IReadOnlyList<HostManagementState>> plan = await new Default(context).PlanRemovalAsync(force: false, TestTimeout.Token);
        await ApplyAsync(plan);

        Assert.Equal(ServiceSettings.None, Setting);
        Assert.Contains(plan.Warnings, one => one.Contains("is kept", StringComparison.Ordinal) && one.Contains(action, StringComparison.Ordinal));
        Assert.Contains("AWSSystemsManagerDefaultEC2InstanceManagementRole", World.Roles.Keys);
    }

    [Fact]
    public async Task A_switching_off_that_was_cut_short_anywhere_is_finished_by_the_next_and_leaves_others_roles_alone()
    {
        int steps = 1;
        for (int made = 0; made < steps; made++)
        {
            string name = $"theirs{made}";
            await CreateRoleAsync(name, Trust);
            Default management = new(_sandbox.Aws);
            await ApplyAsync(await management.PlanAsync(name, TestTimeout.Token));
            Plan<IReadOnlyList<HostManagementState>> plan = await management.PlanRemovalAsync(force: false, TestTimeout.Token);
            steps = plan.Changes.Count;
            foreach (PlannedChange change in plan.Changes.Take(made))
            {
                await change.ApplyAsync(TestTimeout.Token);
            }

            await ApplyAsync(await management.PlanRemovalAsync(force: false, TestTimeout.Token));

            Assert.Equal(ServiceSettings.None, Setting);
            Assert.Empty(World.Roles[name].Attached);
        }

        Assert.Equal(4, steps);
    }

    [Fact]
    public async Task What_was_switched_on_with_a_role_of_others_is_switched_off_and_leaves_the_role_as_it_was()
    {
        await CreateRoleAsync("theirs", Trust);
        Default management = new(_sandbox.Aws);
        await ApplyAsync(await management.PlanAsync("theirs", TestTimeout.Token));
        Assert.Equal("theirs", Setting);
        Assert.Single(World.Roles["theirs"].Attached);
        Assert.Equal("SsmTools", (await management.ReadAsync(TestTimeout.Token))!.MadeBy);
        Assert.Empty((await management.PlanAsync("theirs", TestTimeout.Token)).Changes);

        await ApplyAsync(await management.PlanRemovalAsync(force: false, TestTimeout.Token));

        Assert.Equal(ServiceSettings.None, Setting);
        Assert.Empty(World.Roles["theirs"].Attached);
        Assert.Empty(World.Roles["theirs"].Tags);
    }

    [Fact]
    public async Task A_role_that_cannot_be_its_is_refused_in_its_own_words()
    {
        await CreateRoleAsync("function", Trust.Replace("ssm.", "lambda.", StringComparison.Ordinal));

        EngineException e = await Assert.ThrowsAsync<EngineException>(() => new Default(_sandbox.Aws).PlanAsync("function", TestTimeout.Token));

        Assert.Equal(("NodeRoleTrustMismatch", "function"), (e.ErrorId, e.Target));
        Assert.Contains("lambda.amazonaws.com", e.Message, StringComparison.Ordinal);
        Assert.Contains("Default Host Management", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hybrid", e.Message, StringComparison.Ordinal);
    }

    private static Task<IReadOnlyList<HostManagementState>> ApplyAsync(Plan<IReadOnlyList<HostManagementState>> plan) =>
        plan.ApplyAsync(TestTimeout.Token);

    private async Task CreateRoleAsync(string name, string trust) => await _sandbox.Aws.Iam.CreateRoleAsync(
        new CreateRoleRequest { RoleName = name, AssumeRolePolicyDocument = trust }, TestTimeout.Token);

    private async Task<IReadOnlyList<string>> UnregisterAsync(NodeActivation activation)
    {
        Plan<IReadOnlyList<string>> plan = await new NodeRemoval(_sandbox.Aws).PlanAsync([], [activation.ActivationId], false, TestTimeout.Token);
        await plan.ApplyAsync(TestTimeout.Token);
        return plan.Warnings;
    }
}
