using SsmTools.Engine.Provisioning;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Provisioning;

/// <summary>
/// A run is killed at every one of its calls in turn, just before the service does it and just after; then it is run
/// again. Whatever the moment, the end is the same, and nothing is left over.
/// </summary>
public sealed class ConvergenceTests
{
    private const string Name = "web";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Role_and_instance_converge_wherever_they_are_killed(bool done)
    {
        int kills = await KillEverywhereAsync(done, _ => Task.CompletedTask, MakeAsync, account =>
        {
            RoleRecord role = Assert.Single(account.World.Roles).Value;
            Assert.Equal([AwsManagedPolicies.Core], role.Attached);
            InstanceProfileRecord profile = Assert.Single(account.World.Profiles).Value;
            Assert.Equal(Name, profile.RoleName);
            Assert.Equal(Name, profile.Tags["SsmTools"]);
            Assert.False(profile.Tags.ContainsKey("SsmTools:AttachedPolicy"));
            Assert.Equal(2, account.World.Instances.Count);
            Assert.Equal(2, account.Living.Count);
            Assert.Equal(2, account.World.Volumes.Count);
        });

        Assert.InRange(kills, 15, 60);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Removal_converges_wherever_it_is_killed(bool done)
    {
        int kills = await KillEverywhereAsync(done, MakeAsync, RemoveAsync, account =>
        {
            Assert.Empty(account.World.Roles);
            Assert.Empty(account.World.Profiles);
            Assert.Empty(account.Living);
        });

        Assert.InRange(kills, 10, 60);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_role_that_was_there_is_found_as_it_was_after_both(bool done)
    {
        await KillEverywhereAsync(
            done,
            account =>
            {
                RoleProvisionerTests.AddRole(account, Name, TrustPolicy.ForEc2("aws"));
                return Task.CompletedTask;
            },
            async (account, token) =>
            {
                RoleProvisioner roles = new(account.Context, account.Time);
                RoleRequest request = new() { Name = Name, InstanceProfileName = "extra" };
                await (await roles.PlanAsync(request, token)).ApplyAsync(token);
            },
            account =>
            {
                Assert.Equal([AwsManagedPolicies.Core], account.World.Roles[Name].Attached);
                Assert.Equal(Name, account.World.Profiles["extra"].RoleName);
                Plan<InstanceRole> removal = new RoleProvisioner(account.Context, account.Time)
                    .PlanRemovalAsync(Name, false, TestTimeout.Token).GetAwaiter().GetResult();
                removal.ApplyAsync(TestTimeout.Token).GetAwaiter().GetResult();
                Assert.Empty(account.World.Roles[Name].Attached);
                Assert.Empty(account.World.Profiles);
            });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_profile_with_a_name_of_its_own_is_found_by_a_removal_that_was_killed(bool done)
    {
        RoleRequest request = new() { Name = Name, InstanceProfileName = "extra" };
        await KillEverywhereAsync(
            done,
            async account =>
            {
                RoleProvisioner roles = new(account.Context, account.Time);
                await (await roles.PlanAsync(request, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
            },
            async (account, token) =>
            {
                Plan<InstanceRole> plan =
                    await new RoleProvisioner(account.Context, account.Time).PlanRemovalAsync(Name, false, token);
                await plan.ApplyAsync(token);
            },
            account =>
            {
                Assert.Empty(account.World.Roles);
                Assert.Empty(account.World.Profiles);
            });
    }

    private static Task MakeAsync(ProvisioningAccount account) => MakeAsync(account, TestTimeout.Token);

    private static async Task MakeAsync(ProvisioningAccount account, CancellationToken token)
    {
        RoleProvisioner roles = new(account.Context, account.Time);
        InstanceRole role = await (await roles.PlanAsync(new RoleRequest { Name = Name }, token)).ApplyAsync(token);
        LaunchRequest request = new()
        {
            SubnetId = account.Isolated,
            InstanceProfileName = role.InstanceProfileName,
            Name = Name,
            Count = 2,
        };
        InstanceProvisioner instances = new(account.Context, account.Time);
        await (await instances.PlanAsync(request, token)).ApplyAsync(token);
    }

    private static async Task RemoveAsync(ProvisioningAccount account, CancellationToken token)
    {
        InstanceProvisioner instances = new(account.Context, account.Time);
        string[] ids = [.. account.World.Instances.Keys];
        await (await instances.PlanRemovalAsync(ids, false, token)).ApplyAsync(token);
        RoleProvisioner roles = new(account.Context, account.Time);
        await (await roles.PlanRemovalAsync(Name, false, token)).ApplyAsync(token);
    }

    /// <summary>Kills the run at call 1, then (in a new account) at call 2, and so on until it ends by itself.</summary>
    /// <returns>How many kills there were.</returns>
    internal static async Task<int> KillEverywhereAsync(
        bool done,
        Func<ProvisioningAccount, Task> prepare,
        Func<ProvisioningAccount, CancellationToken, Task> run,
        Action<ProvisioningAccount> check)
    {
        for (int at = 1; ; at++)
        {
            await using ProvisioningAccount account = new(profileDelay: TimeSpan.FromSeconds(2));
            await prepare(account);
            using CancellationTokenSource kill = CancellationTokenSource.CreateLinkedTokenSource(TestTimeout.Seconds(30));
            account.Kill = kill;
            account.KillAt = account.Calls.Count + at;
            account.KillAfter = done;
            try
            {
                await run(account, kill.Token);
                Assert.False(kill.IsCancellationRequested);
                account.KillAt = -1;
                check(account);
                return at - 1;
            }
            catch (OperationCanceledException)
            {
                Assert.True(kill.IsCancellationRequested, $"cancelled by something else at call {at}");
            }

            account.KillAt = -1;
            await run(account, TestTimeout.Token);
            check(account);
        }
    }
}
