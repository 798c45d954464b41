using SsmTools.Engine;
using SsmTools.Engine.Provisioning;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Provisioning;

/// <summary>Launches that EC2 refuses for want of something: the error says what would help.</summary>
public sealed class LaunchErrorsTests
{
    [Fact]
    public async Task A_type_that_the_zone_has_not_comes_with_subnets_that_have_it()
    {
        await using ProvisioningAccount account = new();
        NetworkSeed seed = account.World.Seed;

        EngineException error = await FailsAsync(account, Request(seed.Isolated[1]) with { InstanceType = "c7g.large" });

        Assert.Equal(("InstanceTypeNotInZone", ErrorKind.InvalidArgument), (error.ErrorId, error.Kind));
        Assert.Equal(seed.Isolated[1].Id, error.Target);
        Assert.Contains("eu-west-1b", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{seed.Isolated[0].Id} (eu-west-1a)", error.Recommendation, StringComparison.Ordinal);
        Assert.DoesNotContain(seed.Dead[0].Id, error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_subnet_there_the_zones_are_named_and_without_a_zone_another_type_is_advised()
    {
        await using ProvisioningAccount account = new();
        SandboxWorld world = account.World;
        world.Limits.NotOffered.UnionWith([("t3.nano", world.Zones[0]), ("t3.nano", world.Zones[1])]);

        EngineException far = await FailsAsync(account, Request(world.Seed.Isolated[0]));
        world.Limits.NotOffered.Add(("t3.nano", world.Zones[2]));
        EngineException nowhere = await FailsAsync(account, Request(world.Seed.Isolated[0]));

        Assert.EndsWith("one of the zones that have it: eu-west-1c.", far.Recommendation, StringComparison.Ordinal);
        Assert.Contains("choose another instance type", nowhere.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_zone_that_has_run_out_comes_with_others()
    {
        await using ProvisioningAccount account = new();
        NetworkSeed seed = account.World.Seed;
        account.World.Limits.Exhausted.Add(("t3.nano", account.World.Zones[0]));

        EngineException error = await FailsAsync(account, Request(seed.Isolated[0]));

        Assert.Equal(("InsufficientCapacity", ErrorKind.ResourceUnavailable), (error.ErrorId, error.Kind));
        Assert.Contains("no t3.nano left in eu-west-1a", error.Message, StringComparison.Ordinal);
        Assert.Contains(seed.Isolated[1].Id, error.Recommendation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_quota_is_named(bool cpus)
    {
        await using ProvisioningAccount account = new();
        account.World.Limits.Cpus = cpus ? 3 : null;
        account.World.Limits.Instances = cpus ? null : 1;

        EngineException error = await FailsAsync(account, Request(account.World.Seed.Isolated[0]) with { Count = 2 });

        Assert.Equal(("QuotaExceeded", ErrorKind.LimitsExceeded), (error.ErrorId, error.Kind));
        Assert.Contains("L-1216C47A", error.Recommendation, StringComparison.Ordinal);
        Assert.Empty(account.World.Instances);
    }

    [Fact]
    public async Task Whoever_may_not_look_for_another_zone_gets_the_error_all_the_same()
    {
        await using ProvisioningAccount account = new();
        account.World.Limits.Exhausted.Add(("t3.nano", account.World.Zones[0]));
        account.Before = (_, operation) => operation == "DescribeInstanceTypeOfferings"
            ? HttpResponse.Text(
                403, "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>", "text/xml")
            : null;

        EngineException error = await FailsAsync(account, Request(account.World.Seed.Isolated[0]));

        Assert.Equal("InsufficientCapacity", error.ErrorId);
        Assert.Contains("another zone", error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_subnet_that_is_not_there_is_named_among_those_that_are()
    {
        await using ProvisioningAccount account = new();
        LaunchRequest request = new() { SubnetIds = [account.Isolated, "subnet-0123456789abcdef0"] };

        EngineException error = await Assert.ThrowsAsync<EngineException>(
            () => new InstanceProvisioner(account.Context, account.Time).PlanAsync(request, TestTimeout.Token));

        Assert.Equal(("SubnetNotFound", "subnet-0123456789abcdef0"), (error.ErrorId, error.Target));
    }

    private static LaunchRequest Request(SubnetRecord subnet) => new() { SubnetId = subnet.Id };

    private static Task<EngineException> FailsAsync(ProvisioningAccount account, LaunchRequest request) =>
        Assert.ThrowsAsync<EngineException>(() => InstanceProvisionerTests.LaunchAsync(account, request));
}
