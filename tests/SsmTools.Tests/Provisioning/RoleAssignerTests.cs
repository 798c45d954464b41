using System.Globalization;
using SsmTools.Engine;
using SsmTools.Engine.Provisioning;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Provisioning;

public sealed class RoleAssignerTests
{
    [Fact]
    public async Task Instances_without_a_profile_are_given_one_and_the_second_time_nothing_is_done()
    {
        await using ProvisioningAccount account = new(profileDelay: TimeSpan.FromSeconds(3));
        string[] ids = await LaunchAsync(account, null, 3);
        await MakeRoleAsync(account, "web");
        account.Forget();

        Plan<IReadOnlyList<InstanceDescription>> plan = await PlanAsync(account, "web", ids);
        Assert.Empty(account.Mutations);
        IReadOnlyList<InstanceDescription> result = await plan.ApplyAsync(TestTimeout.Token);
        account.Forget();
        Plan<IReadOnlyList<InstanceDescription>> again = await PlanAsync(account, "web", ids);

        Assert.Equal(
            ids.Order().Select(id => $"Attach instance profile web with role web ({id})"),
            plan.Changes.Select(change => change.ToString()).Order());
        Assert.All(plan.Changes, change => Assert.True(change.StandsAlone));
        Assert.Equal(ids.Order(), result.Select(one => one.InstanceId).Order());
        Assert.All(account.World.Instances.Values, one => Assert.Equal("web", one.Profile?.Name));
        Assert.Empty(again.Changes);
        Assert.Empty(again.Warnings);
        Assert.InRange(account.Calls.Count, 1, 3);
    }

    [Fact]
    public async Task Hundreds_of_instances_are_compared_in_a_handful_of_calls()
    {
        await using ProvisioningAccount account = new();
        await MakeRoleAsync(account, "old");
        await MakeRoleAsync(account, "web");
        for (int i = 0; i < 2; i++)
        {
            await LaunchAsync(account, "old", 110);
        }

        account.Forget();

        Plan<IReadOnlyList<InstanceDescription>> plan = await PlanAsync(account, "web", [.. account.World.Instances.Keys]);

        Assert.Equal(220, plan.Changes.Count);
        Assert.All(plan.Changes, change => Assert.StartsWith("Replace instance profile old by", change.Action, StringComparison.Ordinal));
        Assert.Equal(2, account.Calls.Count(call => call == "DescribeInstances"));
        Assert.Equal(2, account.Calls.Count(call => call == "DescribeIamInstanceProfileAssociations"));
        Assert.Equal(1, account.Calls.Count(call => call == "GetInstanceProfile"));
        Assert.Equal(5, account.Calls.Count(call => call == "DescribeInstanceInformation"));
    }

    [Fact]
    public async Task A_profile_of_others_is_replaced_only_by_force_and_the_rest_goes_on()
    {
        await using ProvisioningAccount account = new();
        await MakeRoleAsync(account, "web");
        RoleProvisionerTests.AddRole(account, "theirs", TrustPolicy.ForEc2("aws"));
        RoleOptionsTests.AddProfile(account, "theirs", "theirs");
        string foreign = (await LaunchAsync(account, "theirs", 1))[0];
        string bare = (await LaunchAsync(account, null, 1))[0];

        Plan<IReadOnlyList<InstanceDescription>> plan = await PlanAsync(account, "web", [foreign, bare]);
        EngineException alone = await Assert.ThrowsAsync<EngineException>(() => PlanAsync(account, "web", [foreign]));
        Plan<IReadOnlyList<InstanceDescription>> forced = await PlanAsync(account, "web", [foreign], force: true);
        await forced.ApplyAsync(TestTimeout.Token);

        EngineException problem = Assert.Single(plan.Problems);
        Assert.Equal("InstanceProfileForeign", problem.ErrorId);
        Assert.Equal(foreign, problem.Target);
        Assert.Contains("theirs", problem.Message, StringComparison.Ordinal);
        Assert.Contains(bare, Assert.Single(plan.Changes).Target, StringComparison.Ordinal);
        Assert.Equal("InstanceProfileForeign", alone.ErrorId);
        Assert.Equal("web", account.World.Instances[foreign].Profile?.Name);
    }

    [Fact]
    public async Task A_profile_that_was_deleted_and_made_again_is_attached_anew()
    {
        await using ProvisioningAccount account = new();
        await MakeRoleAsync(account, "web");
        string id = (await LaunchAsync(account, "web", 1))[0];
        Plan<InstanceRole> removal = await new RoleProvisioner(account.Context, account.Time)
            .PlanRemovalAsync("web", true, TestTimeout.Token);
        await removal.ApplyAsync(TestTimeout.Token);
        await MakeRoleAsync(account, "web");

        Plan<IReadOnlyList<InstanceDescription>> plan = await PlanAsync(account, "web", [id]);
        await plan.ApplyAsync(TestTimeout.Token);

        Assert.Contains("anew", Assert.Single(plan.Changes).Action, StringComparison.Ordinal);
        Assert.Equal(account.World.Profiles["web"].Id, account.World.Instances[id].Profile?.ProfileId);
    }

    [Fact]
    public async Task Agents_that_sleep_are_told_of_with_the_time_and_what_ends_it()
    {
        await using ProvisioningAccount account = new();
        await MakeRoleAsync(account, "web");
        string[] ids = await LaunchAsync(account, null, 2);
        string earliest = HalfAnHourFromNow(account);

        Plan<IReadOnlyList<InstanceDescription>> plan = await PlanAsync(account, "web", ids);

        string warning = Assert.Single(plan.Warnings);
        Assert.Contains("Restart-EC2Instance", warning, StringComparison.Ordinal);
        Assert.Contains("Repair-SsmRegistration -Reboot", warning, StringComparison.Ordinal);
        Assert.All(ids, id => Assert.Contains(id, warning, StringComparison.Ordinal));
        Assert.Contains(
            new[] { earliest, HalfAnHourFromNow(account) },
            time => warning.Contains($"by {time} at the latest", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_instance_that_is_registered_is_not_waited_for()
    {
        await using ProvisioningAccount account = new();
        await MakeRoleAsync(account, "old");
        await MakeRoleAsync(account, "web");
        string[] ids = await LaunchAsync(account, "old", 1);

        Assert.Empty((await PlanAsync(account, "web", ids)).Warnings);
    }

    [Theory]
    [InlineData("i-0123456789abcdef0", "InstanceNotFound")]
    [InlineData("mi-0123456789abcdef0", "NotAnInstance")]
    [InlineData("web", "InstanceIdInvalid")]
    public async Task What_can_have_no_role_is_an_error(string id, string error)
    {
        await using ProvisioningAccount account = new();
        await MakeRoleAsync(account, "web");

        EngineException thrown = await Assert.ThrowsAsync<EngineException>(() => PlanAsync(account, "web", [id]));

        Assert.Equal(error, thrown.ErrorId);
        Assert.Equal(id, thrown.Target);
    }

    [Fact]
    public async Task A_terminated_instance_is_an_error_among_others()
    {
        await using ProvisioningAccount account = new();
        await MakeRoleAsync(account, "web");
        string[] ids = await LaunchAsync(account, null, 2);
        await (await new InstanceProvisioner(account.Context, account.Time).PlanRemovalAsync([ids[0]], true, TestTimeout.Token))
            .ApplyAsync(TestTimeout.Token);

        Plan<IReadOnlyList<InstanceDescription>> plan = await PlanAsync(account, "web", ids);

        Assert.Equal("InstanceGone", Assert.Single(plan.Problems).ErrorId);
        Assert.Single(plan.Changes);
    }

    [Theory]
    [InlineData("none", null, "RoleNotFound")]
    [InlineData("bare", null, "RoleWithoutProfile")]
    [InlineData("twice", null, "InstanceProfileAmbiguous")]
    [InlineData("twice", "one", null)]
    [InlineData("twice", "empty", "InstanceProfileEmpty")]
    [InlineData("web", "one", "InstanceProfileConflict")]
    [InlineData(null, "one", null)]
    [InlineData(null, "none", "InstanceProfileNotFound")]
    [InlineData("not good", null, "RoleNameInvalid")]
    [InlineData(null, "not good", "InstanceProfileNameInvalid")]
    public async Task The_profile_is_that_of_the_role(string? role, string? profile, string? error)
    {
        await using ProvisioningAccount account = new();
        await MakeRoleAsync(account, "web");
        RoleProvisionerTests.AddRole(account, "bare", TrustPolicy.ForEc2("aws"));
        RoleProvisionerTests.AddRole(account, "twice", TrustPolicy.ForEc2("aws"));
        RoleOptionsTests.AddProfile(account, "one", "twice");
        RoleOptionsTests.AddProfile(account, "two", "twice");
        RoleOptionsTests.AddProfile(account, "empty");
        string[] ids = await LaunchAsync(account, null, 1);
        RoleAssignmentRequest request = new() { RoleName = role, InstanceProfileName = profile, InstanceIds = ids };
        RoleAssigner assigner = new(account.Context, account.Time);

        if (error is null)
        {
            await (await assigner.PlanAsync(request, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
            Assert.Equal("one", account.World.Instances[ids[0]].Profile?.Name);
        }
        else
        {
            EngineException thrown =
                await Assert.ThrowsAsync<EngineException>(() => assigner.PlanAsync(request, TestTimeout.Token));
            Assert.Equal(error, thrown.ErrorId);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_was_given_another_profile_meanwhile_keeps_it(bool replaces)
    {
        await using ProvisioningAccount account = new();
        await MakeRoleAsync(account, "old");
        await MakeRoleAsync(account, "web");
        await MakeRoleAsync(account, "other");
        string[] ids = await LaunchAsync(account, replaces ? "old" : null, 1);
        Plan<IReadOnlyList<InstanceDescription>> mine = await PlanAsync(account, "web", ids);
        await (await PlanAsync(account, "other", ids)).ApplyAsync(TestTimeout.Token);

        EngineException error = await Assert.ThrowsAsync<EngineException>(() => mine.ApplyAsync(TestTimeout.Token));

        Assert.Equal("InstanceProfileChanged", error.ErrorId);
        Assert.Equal("other", account.World.Instances[ids[0]].Profile?.Name);
    }

    private static string HalfAnHourFromNow(ProvisioningAccount account) =>
        (account.Time.GetLocalNow() + TimeSpan.FromMinutes(30)).ToString("HH:mm", CultureInfo.InvariantCulture);

    private static async Task MakeRoleAsync(ProvisioningAccount account, string name) => await RoleProvisionerTests.MakeAsync(
        new RoleProvisioner(account.Context, account.Time), new RoleRequest { Name = name });

    private static async Task<string[]> LaunchAsync(ProvisioningAccount account, string? profile, int count)
    {
        IReadOnlyList<InstanceDescription> launched = await RoleDirectoryTests.LaunchAsync(account, profile, count);
        string[] ids = [.. launched.Select(one => one.InstanceId)];
        await account.StartedAsync(ids);
        return ids;
    }

    private static Task<Plan<IReadOnlyList<InstanceDescription>>> PlanAsync(
        ProvisioningAccount account, string role, string[] ids, bool force = false) =>
        new RoleAssigner(account.Context, account.Time).PlanAsync(
            new RoleAssignmentRequest { RoleName = role, InstanceIds = ids, Force = force }, TestTimeout.Token);
}
