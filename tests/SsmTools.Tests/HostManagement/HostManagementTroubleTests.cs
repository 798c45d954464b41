using SsmTools.Engine;
using SsmTools.Engine.Aws;
using SsmTools.Engine.HostManagement;
using SsmTools.Engine.Provisioning;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;
using Default = SsmTools.Engine.HostManagement.DefaultHostManagement;

namespace SsmTools.Tests.HostManagement;

/// <summary>Host management where rights are missing and calls are too many.</summary>
public sealed class HostManagementTroubleTests : IAsyncLifetime
{
    private static readonly HostManagementRequest s_all = new() { Name = "Default", Tasks = ["AgentUpdate", "Inventory", "PatchScan"] };

    private TestSandbox _sandbox = null!;

    private SandboxWorld World => _sandbox.Host.World;

    public async Task InitializeAsync() => _sandbox = await TestSandbox.StartAsync();

    public async Task DisposeAsync() => await _sandbox.DisposeAsync();

    [Theory]
    [InlineData("ssm:ListAssociations")]
    [InlineData("ssm:CreateAssociation")]
    public async Task A_right_that_is_missing_for_the_tasks_is_named(string action)
    {
        using AwsContext context = LimitedCaller.Without(_sandbox.Host, action);

        AssertNames(action, await Assert.ThrowsAsync<EngineException>(async () => await Apply(
            await new HostManagementPlanner(context).PlanAsync(s_all, TestTimeout.Token))));
    }

    [Theory]
    [InlineData("ssm:GetServiceSetting")]
    [InlineData("ssm:UpdateServiceSetting")]
    [InlineData("iam:CreateRole")]
    [InlineData("iam:AttachRolePolicy")]
    public async Task A_right_that_is_missing_for_the_Region_is_named(string action)
    {
        using AwsContext context = LimitedCaller.Without(_sandbox.Host, action);

        AssertNames(action, await Assert.ThrowsAsync<EngineException>(async () => await Apply(
            await new Default(context).PlanAsync(null, TestTimeout.Token))));
    }

    [Fact]
    public async Task How_nodes_stand_is_told_without_patches_where_the_inventory_may_not_be_read()
    {
        World.Report("mi-0123456789abcdef0", new NodeReport { PlatformType = "Linux" });
        using AwsContext context = LimitedCaller.Without(_sandbox.Host, "ssm:GetInventory");

        List<NodeCompliance> nodes = [];
        await foreach (NodeCompliance node in new ComplianceReader(context).ListAsync([], TestTimeout.Token))
        {
            nodes.Add(node);
        }

        Assert.Null(Assert.Single(nodes).MissingPatches);
    }

    [Fact]
    public async Task Throttling_throughout_is_survived()
    {
        await _sandbox.LaunchOnlineAsync();
        using AwsContext context = LimitedCaller.Throttled(_sandbox.Host);
        HostManagementPlanner planner = new(context);
        Default region = new(context);

        await Apply(await planner.PlanAsync(s_all, TestTimeout.Token));
        await Apply(await region.PlanAsync(null, TestTimeout.Token));
        Assert.Equal(3, World.Associations.Records.Count);
        Assert.NotEqual("$None", World.Settings.Get(ServiceSettings.HostManagementRole).Value);
        await Apply(await planner.PlanRemovalAsync("Default", [], false, TestTimeout.Token));
        await Apply(await region.PlanRemovalAsync(false, TestTimeout.Token));

        Assert.Empty(World.Associations.Records);
        Assert.Equal("$None", World.Settings.Get(ServiceSettings.HostManagementRole).Value);
        Assert.Contains(_sandbox.Host.Faults.Current, fault => fault.Hits > 5);
    }

    private static Task<IReadOnlyList<HostManagementState>> Apply(Plan<IReadOnlyList<HostManagementState>> plan) =>
        plan.ApplyAsync(TestTimeout.Token);

    private static void AssertNames(string action, EngineException error)
    {
        Assert.Equal(ErrorKind.PermissionDenied, error.Kind);
        Assert.Contains(action, error.Message, StringComparison.Ordinal);
    }
}
