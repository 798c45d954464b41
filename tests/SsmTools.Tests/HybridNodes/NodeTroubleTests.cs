using SsmTools.Engine;
using SsmTools.Engine.Aws;
using SsmTools.Engine.HybridNodes;
using SsmTools.Engine.Provisioning;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.HybridNodes;

/// <summary>Machines outside EC2 where rights are missing and calls are too many.</summary>
public sealed class NodeTroubleTests : IAsyncLifetime
{
    private TestSandbox _sandbox = null!;

    private SandboxWorld World => _sandbox.Host.World;

    public async Task InitializeAsync() => _sandbox = await TestSandbox.StartAsync();

    public async Task DisposeAsync() => await _sandbox.DisposeAsync();

    [Theory]
    [InlineData("iam:GetRole")]
    [InlineData("iam:CreateRole")]
    [InlineData("iam:AttachRolePolicy")]
    [InlineData("ssm:CreateActivation")]
    public async Task A_right_that_is_missing_is_named(string action)
    {
        using AwsContext context = LimitedCaller.Without(_sandbox.Host, action);

        EngineException error = await Assert.ThrowsAsync<EngineException>(async () => await (await new NodeActivator(context)
            .PlanAsync(new NodeActivationRequest { Name = "desk" }, TestTimeout.Token)).ApplyAsync(TestTimeout.Token));

        Assert.Equal(ErrorKind.PermissionDenied, error.Kind);
        Assert.Contains(action, error.Message, StringComparison.Ordinal);
        Assert.Empty(World.Activations);
    }

    [Theory]
    [InlineData("ssm:DescribeActivations")]
    [InlineData("ssm:DescribeInstanceInformation")]
    [InlineData("ssm:GetServiceSetting")]
    public async Task A_right_that_is_for_a_warning_only_stops_nothing(string action)
    {
        using AwsContext context = LimitedCaller.Without(_sandbox.Host, action);

        await (await new NodeActivator(context).PlanAsync(
            new NodeActivationRequest { Name = "desk", Tier = "Advanced" }, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);

        Assert.Single(World.Activations);
    }

    [Fact]
    public async Task A_role_stays_where_it_may_not_be_asked_who_else_needs_it()
    {
        NodeActivation made = await (await new NodeActivator(_sandbox.Aws)
            .PlanAsync(new NodeActivationRequest { Name = "desk" }, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
        using AwsContext context = LimitedCaller.Without(_sandbox.Host, "ssm:GetServiceSetting");

        Plan<IReadOnlyList<string>> plan = await new NodeRemoval(context).PlanAsync([], [made.ActivationId], false, TestTimeout.Token);
        await plan.ApplyAsync(TestTimeout.Token);

        Assert.Empty(World.Activations);
        Assert.Contains(made.RoleName, World.Roles.Keys);
        Assert.Contains("ssm:GetServiceSetting", Assert.Single(plan.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Throttling_throughout_makes_one_activation_and_takes_it_back()
    {
        using AwsContext context = LimitedCaller.Throttled(_sandbox.Host);

        NodeActivation made = await (await new NodeActivator(context)
            .PlanAsync(new NodeActivationRequest { Name = "desk" }, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
        Assert.Equal([made.ActivationId], World.Activations.Keys);
        await (await new NodeRemoval(context).PlanAsync([], [made.ActivationId], false, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);

        Assert.Empty(World.Activations);
        Assert.DoesNotContain(HybridRole.DefaultName(World.Region), World.Roles.Keys);
        Assert.Contains(_sandbox.Host.Faults.Current, fault => fault.Hits > 3);
    }
}
