using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Provisioning;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Provisioning;

public sealed class LaunchSpreadTests
{
    [Theory]
    [InlineData(5, new[] { 0, 0, 0 }, new[] { 2, 2, 1 })]
    [InlineData(4, new[] { 3, 0 }, new[] { 3, 1 })]
    [InlineData(6, new[] { 3, 0 }, new[] { 3, 3 })]
    [InlineData(1, new[] { 0, 0 }, new[] { 1, 0 })]
    [InlineData(2, new[] { 4, 0 }, new[] { 4, 0 })]
    public void What_is_missing_goes_where_there_are_fewest(int count, int[] has, int[] wanted)
    {
        List<LaunchShare> shares = Spread(count, has);

        Assert.Equal(wanted, shares.Select(share => share.Wanted));
        Assert.Equal(wanted.Zip(has, (all, there) => all - there), shares.Select(share => share.Missing));
    }

    [Fact]
    public void Whatever_part_of_a_spread_is_there_the_rest_of_it_is_missing()
    {
        for (int count = 1; count <= 8; count++)
        {
            int[] whole = [.. Spread(count, [0, 0, 0]).Select(share => share.Wanted)];
            foreach (int first in Enumerable.Range(0, whole[0] + 1))
            {
                foreach (int second in Enumerable.Range(0, whole[1] + 1))
                {
                    foreach (int third in Enumerable.Range(0, whole[2] + 1))
                    {
                        Assert.Equal(whole, Spread(count, [first, second, third]).Select(share => share.Wanted));
                    }
                }
            }
        }
    }

    [Fact]
    public async Task Instances_are_spread_over_subnets_and_a_second_run_launches_what_is_missing()
    {
        await using ProvisioningAccount account = new();
        await InstanceProvisionerTests.MakeProfileAsync(account);
        string[] subnets = [account.World.Seed.Isolated[0].Id, account.World.Seed.Isolated[1].Id];
        LaunchRequest request = new() { SubnetIds = subnets, InstanceProfileName = "web", Name = "web", Count = 3 };

        IReadOnlyList<InstanceDescription> first = await InstanceProvisionerTests.LaunchAsync(account, request);
        IReadOnlyList<InstanceDescription> second = await InstanceProvisionerTests.LaunchAsync(account, request with { Count = 4 });

        Assert.Equal([2, 1], subnets.Select(id => first.Count(one => one.SubnetId == id)));
        Assert.Equal([2, 2], subnets.Select(id => second.Count(one => one.SubnetId == id)));
        Assert.Subset(second.Select(one => one.InstanceId).ToHashSet(), first.Select(one => one.InstanceId).ToHashSet());
        Assert.Equal(4, account.World.Instances.Count);
    }

    [Fact]
    public async Task A_plan_has_a_change_for_each_subnet()
    {
        await using ProvisioningAccount account = new();
        IReadOnlyList<SubnetRecord> subnets = account.World.Seed.Isolated;

        Plan<IReadOnlyList<InstanceDescription>> plan = await new InstanceProvisioner(account.Context, account.Time).PlanAsync(
            new LaunchRequest { SubnetIds = [subnets[0].Id, subnets[1].Id, subnets[0].Id], Count = 5, ClientToken = "mine" },
            TestTimeout.Token);

        Assert.Equal(
            [
                ($"{subnets[0].Id} (eu-west-1a)", "Launch 3 t3.nano"),
                ($"{subnets[1].Id} (eu-west-1b)", "Launch 2 t3.nano"),
            ],
            plan.Changes.Select(change => (change.Target, change.Action[..16])));
        await plan.ApplyAsync(TestTimeout.Token);
        await plan.ApplyAsync(TestTimeout.Token);
        Assert.Equal(5, account.World.Instances.Count);
    }

    private static List<LaunchShare> Spread(int count, int[] has) => LaunchShare.Spread(
        [.. has.Select((_, at) => new Subnet { SubnetId = $"subnet-{at}" })],
        [.. has.SelectMany((many, at) => Enumerable.Repeat(new Instance { SubnetId = $"subnet-{at}" }, many))],
        count);
}
