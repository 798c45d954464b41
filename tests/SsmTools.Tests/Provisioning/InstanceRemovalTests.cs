using SsmTools.Engine;
using SsmTools.Engine.Provisioning;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Provisioning;

public sealed class InstanceRemovalTests
{
    private const string Unknown = "i-00000000000000000";

    [Fact]
    public async Task Instances_are_terminated_in_batches_and_told_of()
    {
        await using ProvisioningAccount account = new();
        string[] ids = await LaunchAsync(account, 120);
        account.Forget();

        Plan<IReadOnlyList<InstanceDescription>> plan = await Provisioner(account).PlanRemovalAsync(ids, false, TestTimeout.Token);
        Assert.Empty(account.Mutations);
        IReadOnlyList<InstanceDescription> result = await plan.ApplyAsync(TestTimeout.Token);

        Assert.Equal(["TerminateInstances", "TerminateInstances"], account.Mutations);
        Assert.Equal(ids, result.Select(instance => instance.InstanceId));
        Assert.All(result, instance => Assert.True(instance.State is "shutting-down" or "terminated", instance.State));
        Assert.Empty(account.Living);
    }

    [Fact]
    public async Task A_terminated_instance_needs_no_change()
    {
        await using ProvisioningAccount account = new();
        string[] ids = await LaunchAsync(account, 1);
        await (await Provisioner(account).PlanRemovalAsync(ids, false, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);

        Plan<IReadOnlyList<InstanceDescription>> again = await Provisioner(account).PlanRemovalAsync(ids, false, TestTimeout.Token);

        Assert.Empty(again.Changes);
        Assert.Single(await again.ApplyAsync(TestTimeout.Token));
    }

    [Fact]
    public async Task An_instance_of_somebody_else_is_not_touched_unless_forced()
    {
        await using ProvisioningAccount account = new();
        string[] ids = await LaunchAsync(account, 1);
        account.World.Instances[ids[0]].Tags.Remove("SsmTools");

        EngineException error = await Assert.ThrowsAsync<EngineException>(
            () => Provisioner(account).PlanRemovalAsync(ids, false, TestTimeout.Token));
        Assert.Equal(("InstanceNotManaged", ids[0]), (error.ErrorId, error.Target));
        Assert.Single(account.Living);

        await (await Provisioner(account).PlanRemovalAsync(ids, true, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
        Assert.Empty(account.Living);
    }

    [Theory]
    [InlineData(Unknown, "InstanceNotFound", ErrorKind.ObjectNotFound)]
    [InlineData("web", "InstanceIdInvalid", ErrorKind.InvalidArgument)]
    public async Task An_id_that_is_not_there_is_an_error(string id, string errorId, ErrorKind kind)
    {
        await using ProvisioningAccount account = new();

        EngineException error = await Assert.ThrowsAsync<EngineException>(
            () => Provisioner(account).PlanRemovalAsync([id], false, TestTimeout.Token));

        Assert.Equal((errorId, kind, id), (error.ErrorId, error.Kind, error.Target));
    }

    [Fact]
    public async Task Among_several_the_good_ones_go_on_and_the_bad_ones_are_told()
    {
        await using ProvisioningAccount account = new();
        string[] ids = await LaunchAsync(account, 2);

        Plan<IReadOnlyList<InstanceDescription>> plan = await Provisioner(account)
            .PlanRemovalAsync([ids[0], Unknown, "web", ids[1]], false, TestTimeout.Token);
        EngineException error = await Assert.ThrowsAsync<EngineException>(() => plan.ApplyAsync(TestTimeout.Token));

        Assert.Equal([Unknown, "web"], plan.Problems.Select(problem => problem.Target));
        Assert.Same(plan.Problems[0], error);
        Assert.Empty(account.Living);
    }

    private static InstanceProvisioner Provisioner(ProvisioningAccount account) => new(account.Context, account.Time);

    private static async Task<string[]> LaunchAsync(ProvisioningAccount account, int count) =>
    [
        .. (await InstanceProvisionerTests.LaunchAsync(
            account, new LaunchRequest { SubnetId = account.Isolated, Count = count })).Select(item => item.InstanceId),
    ];
}
