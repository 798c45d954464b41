using SsmTools.Engine;
using SsmTools.Engine.Provisioning;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Provisioning;

public sealed class RoleRemovalTests
{
    [Fact]
    public async Task What_was_made_is_removed_in_the_order_that_iam_wants()
    {
        await using ProvisioningAccount account = new();
        RoleProvisioner roles = new(account.Context, account.Time);
        await RoleProvisionerTests.MakeAsync(roles, new RoleRequest { Name = "web" });
        account.World.Roles["web"].Inline["logs"] = """{"Version":"2012-10-17","Statement":[]}""";
        account.Forget();

        Plan<InstanceRole> plan = await roles.PlanRemovalAsync("web", false, TestTimeout.Token);
        Assert.Empty(account.Mutations);
        await plan.ApplyAsync(TestTimeout.Token);

        Assert.Equal(
            [
                "RemoveRoleFromInstanceProfile", "DeleteInstanceProfile", "DetachRolePolicy", "DeleteRolePolicy",
                "DeleteRole",
            ],
            account.Mutations);
        Assert.Empty(account.World.Roles);
        Assert.Empty(account.World.Profiles);
    }

    [Fact]
    public async Task The_second_time_there_is_nothing_to_do_and_it_says_so()
    {
        await using ProvisioningAccount account = new();

        Plan<InstanceRole> plan = await new RoleProvisioner(account.Context, account.Time)
            .PlanRemovalAsync("web", false, TestTimeout.Token);
        InstanceRole result = await plan.ApplyAsync(TestTimeout.Token);

        Assert.Empty(plan.Changes);
        Assert.Contains("no role web", Assert.Single(plan.Warnings), StringComparison.Ordinal);
        Assert.Empty(result.RoleArn);
    }

    [Fact]
    public async Task A_plan_can_be_applied_again()
    {
        await using ProvisioningAccount account = new();
        RoleProvisioner roles = new(account.Context, account.Time);
        await RoleProvisionerTests.MakeAsync(roles, new RoleRequest { Name = "web" });
        Plan<InstanceRole> plan = await roles.PlanRemovalAsync("web", false, TestTimeout.Token);

        await plan.ApplyAsync(TestTimeout.Token);
        await plan.ApplyAsync(TestTimeout.Token);

        Assert.Empty(account.World.Roles);
    }

    [Fact]
    public async Task A_role_of_somebody_else_is_not_touched_unless_forced()
    {
        await using ProvisioningAccount account = new();
        RoleProvisioner roles = new(account.Context, account.Time);
        RoleRecord role = RoleProvisionerTests.AddRole(account, "web", TrustPolicy.ForEc2("aws"));
        role.Attached.Add(AwsManagedPolicies.Core);

        EngineException error = await Assert.ThrowsAsync<EngineException>(
            () => roles.PlanRemovalAsync("web", false, TestTimeout.Token));
        Assert.Equal("RoleNotManaged", error.ErrorId);
        Assert.Empty(account.Mutations);

        Plan<InstanceRole> forced = await roles.PlanRemovalAsync("web", true, TestTimeout.Token);
        await forced.ApplyAsync(TestTimeout.Token);
        Assert.Empty(account.World.Roles);
    }

    [Fact]
    public async Task From_a_role_that_was_there_before_only_what_was_added_is_taken()
    {
        await using ProvisioningAccount account = new();
        RoleProvisioner roles = new(account.Context, account.Time);
        RoleRecord role = RoleProvisionerTests.AddRole(account, "web", TrustPolicy.ForEc2("aws"));
        await RoleProvisionerTests.MakeAsync(roles, new RoleRequest { Name = "web", InstanceProfileName = "extra" });

        Plan<InstanceRole> plan = await roles.PlanRemovalAsync("web", false, TestTimeout.Token);
        await plan.ApplyAsync(TestTimeout.Token);

        Assert.Same(role, account.World.Roles["web"]);
        Assert.Empty(role.Attached);
        Assert.Empty(account.World.Profiles);
        Assert.Contains("kept", Assert.Single(plan.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_that_was_there_before_is_emptied_and_kept()
    {
        await using ProvisioningAccount account = new();
        RoleProvisioner roles = new(account.Context, account.Time);
        account.World.Profiles.Add("mine", new InstanceProfileRecord
        {
            Name = "mine",
            Path = "/",
            Id = account.World.Ids.Iam("AIPA"),
            Arn = $"arn:aws:iam::{account.World.AccountId}:instance-profile/mine",
            Created = account.World.Now,
        });
        await RoleProvisionerTests.MakeAsync(roles, new RoleRequest { Name = "web", InstanceProfileName = "mine" });

        Plan<InstanceRole> plan = await roles.PlanRemovalAsync("web", false, TestTimeout.Token);
        await plan.ApplyAsync(TestTimeout.Token);

        Assert.Empty(account.World.Roles);
        Assert.Null(account.World.Profiles["mine"].RoleName);
    }

    [Fact]
    public async Task A_role_that_instances_use_is_kept_unless_forced()
    {
        await using ProvisioningAccount account = new();
        RoleProvisioner roles = new(account.Context, account.Time);
        await RoleProvisionerTests.MakeAsync(roles, new RoleRequest { Name = "web" });
        string id = (await InstanceProvisionerTests.LaunchAsync(account, new LaunchRequest
        {
            SubnetId = account.Isolated,
            InstanceProfileName = "web",
            Name = "web-1",
        }))[0].InstanceId;
        account.Forget();

        EngineException error = await Assert.ThrowsAsync<EngineException>(
            () => roles.PlanRemovalAsync("web", false, TestTimeout.Token));
        Plan<InstanceRole> forced = await roles.PlanRemovalAsync("web", true, TestTimeout.Token);

        Assert.Equal("InstanceRoleInUse", error.ErrorId);
        Assert.Equal(ErrorKind.ResourceBusy, error.Kind);
        Assert.Contains(id, error.Message, StringComparison.Ordinal);
        Assert.Contains(forced.Warnings, warning => warning.Contains(id, StringComparison.Ordinal));
        Assert.Empty(account.Mutations);
    }
}
