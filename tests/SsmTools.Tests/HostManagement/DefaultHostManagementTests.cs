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
