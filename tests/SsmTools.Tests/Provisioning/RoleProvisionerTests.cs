using SsmTools.Engine;
using SsmTools.Engine.Provisioning;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Provisioning;

public sealed class RoleProvisionerTests
{
    private const string LambdaTrust =
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}""";

    [Fact]
    public async Task A_role_is_made_with_policy_and_profile_and_all_is_tagged()
    {
        await using ProvisioningAccount account = new();
        RoleProvisioner roles = new(account.Context, account.Time);
        RoleRequest request = new() { Name = "web", Path = "/ops/", Tags = new Dictionary<string, string> { ["Cost"] = "42" } };

        Plan<InstanceRole> plan = await roles.PlanAsync(request, TestTimeout.Token);
        InstanceRole result = await plan.ApplyAsync(TestTimeout.Token);

        Assert.Equal(
            [
                "Create the role, trusted by ec2.amazonaws.com (role web)",
                "Create the instance profile (instance profile web)",
                "Attach policy AmazonSSMManagedInstanceCore (role web)",
                "Add role web (instance profile web)",
            ],
            plan.Changes.Select(change => change.ToString()));
        RoleRecord role = account.World.Roles["web"];
        InstanceProfileRecord profile = account.World.Profiles["web"];
        Assert.Equal([AwsManagedPolicies.Core], role.Attached);
        Assert.True(TrustPolicy.TrustsEc2(role.TrustPolicy));
        Assert.Equal("web", profile.RoleName);
        Assert.Equal("web", role.Tags["SsmTools"]);
        Assert.Equal("web", profile.Tags["SsmTools"]);
        Assert.Equal("42", role.Tags["Cost"]);
        Assert.Equal(role.Arn, result.RoleArn);
        Assert.Equal(profile.Arn, result.InstanceProfileArn);
        Assert.Equal("web", result.InstanceProfileName);
        Assert.Equal(["AmazonSSMManagedInstanceCore"], result.Policies);
        Assert.True(result.Created);
        Assert.Contains("/ops/", result.RoleArn, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_alone_calls_nothing_that_changes()
    {
        await using ProvisioningAccount account = new();

        Plan<InstanceRole> plan = await new RoleProvisioner(account.Context, account.Time)
            .PlanAsync(new RoleRequest { Name = "web" }, TestTimeout.Token);

        Assert.Equal(4, plan.Changes.Count);
        Assert.NotEmpty(account.Calls);
        Assert.Empty(account.Mutations);
        Assert.Empty(account.World.Roles);
    }

    [Fact]
    public async Task The_second_time_there_is_nothing_to_do()
    {
        await using ProvisioningAccount account = new();
        RoleProvisioner roles = new(account.Context, account.Time);
        InstanceRole first = await MakeAsync(roles, new RoleRequest { Name = "web" });
        account.Forget();

        Plan<InstanceRole> plan = await roles.PlanAsync(new RoleRequest { Name = "web" }, TestTimeout.Token);
        InstanceRole second = await plan.ApplyAsync(TestTimeout.Token);

        Assert.Empty(plan.Changes);
        Assert.Empty(account.Mutations);
        Assert.Equal(
            first with { Created = false, Policies = second.Policies, InlinePolicies = second.InlinePolicies }, second);
        Assert.Equal(first.Policies, second.Policies);
    }

    [Fact]
    public async Task Applying_a_plan_twice_does_no_harm()
    {
        await using ProvisioningAccount account = new();
        Plan<InstanceRole> plan = await new RoleProvisioner(account.Context, account.Time)
            .PlanAsync(new RoleRequest { Name = "web" }, TestTimeout.Token);

        InstanceRole first = await plan.ApplyAsync(TestTimeout.Token);
        InstanceRole second = await plan.ApplyAsync(TestTimeout.Token);

        Assert.Equal(first.RoleArn, second.RoleArn);
        Assert.Single(account.World.Roles);
    }

    [Fact]
    public async Task An_existing_role_is_used_as_it_is_with_the_policy_added()
    {
        await using ProvisioningAccount account = new();
        RoleRecord role = AddRole(account, "web", TrustPolicy.ForEc2("aws"));

        InstanceRole result = await MakeAsync(
            new RoleProvisioner(account.Context, account.Time),
            new RoleRequest { Name = "web", InstanceProfileName = "web-profile" });

        Assert.False(result.Created);
        Assert.Equal("web-profile", result.InstanceProfileName);
        Assert.Equal([AwsManagedPolicies.Core], role.Attached);
        Assert.Empty(role.Tags);
        Assert.Equal("AmazonSSMManagedInstanceCore", account.World.Profiles["web-profile"].Tags["SsmTools:AttachedPolicy"]);
    }

    [Fact]
    public async Task A_role_that_ec2_may_not_assume_is_an_error_that_names_whom_it_trusts()
    {
        await using ProvisioningAccount account = new();
        AddRole(account, "web", LambdaTrust);

        EngineException error = await Assert.ThrowsAsync<EngineException>(() => new RoleProvisioner(account.Context, account.Time)
            .PlanAsync(new RoleRequest { Name = "web" }, TestTimeout.Token));

        Assert.Equal("RoleTrustMismatch", error.ErrorId);
        Assert.Equal(ErrorKind.ResourceExists, error.Kind);
        Assert.Contains("lambda.amazonaws.com", error.Message, StringComparison.Ordinal);
        Assert.Contains("ec2.amazonaws.com", error.Recommendation!, StringComparison.Ordinal);
        Assert.Empty(account.Mutations);
    }

    [Fact]
    public async Task Its_trust_is_replaced_when_that_is_asked_for()
    {
        await using ProvisioningAccount account = new();
        RoleRecord role = AddRole(account, "web", LambdaTrust);

        await MakeAsync(
            new RoleProvisioner(account.Context, account.Time), new RoleRequest { Name = "web", ReplaceTrust = true });

        Assert.True(TrustPolicy.TrustsEc2(role.TrustPolicy));
    }

    [Fact]
    public async Task A_profile_with_another_role_is_an_error_that_names_it()
    {
        await using ProvisioningAccount account = new();
        RoleProvisioner roles = new(account.Context, account.Time);
        await MakeAsync(roles, new RoleRequest { Name = "db", InstanceProfileName = "shared" });
        account.Forget();

        EngineException error = await Assert.ThrowsAsync<EngineException>(() => roles.PlanAsync(
            new RoleRequest { Name = "web", InstanceProfileName = "shared" }, TestTimeout.Token));

        Assert.Equal("InstanceProfileConflict", error.ErrorId);
        Assert.Contains("db", error.Message, StringComparison.Ordinal);
        Assert.Equal("shared", error.Target);
        Assert.Empty(account.Mutations);
    }

    [Fact]
    public async Task A_role_under_another_path_is_an_error()
    {
        await using ProvisioningAccount account = new();
        RoleProvisioner roles = new(account.Context, account.Time);
        await MakeAsync(roles, new RoleRequest { Name = "web" });

        EngineException error = await Assert.ThrowsAsync<EngineException>(() => roles.PlanAsync(
            new RoleRequest { Name = "web", Path = "/ops/" }, TestTimeout.Token));

        Assert.Equal("RolePathMismatch", error.ErrorId);
    }

    [Fact]
    public async Task The_deprecated_policy_is_told_of_and_replaced_on_request()
    {
        await using ProvisioningAccount account = new();
        RoleProvisioner roles = new(account.Context, account.Time);
        RoleRecord role = AddRole(account, "web", TrustPolicy.ForEc2("aws"));
        role.Attached.Add(ManagedPolicies.LegacyArn("aws"));

        Plan<InstanceRole> told = await roles.PlanAsync(new RoleRequest { Name = "web" }, TestTimeout.Token);
        InstanceRole kept = await told.ApplyAsync(TestTimeout.Token);
        InstanceRole replaced = await MakeAsync(roles, new RoleRequest { Name = "web", ReplaceLegacyPolicy = true });

        Assert.Contains("AmazonEC2RoleforSSM", Assert.Single(told.Warnings), StringComparison.Ordinal);
        Assert.True(kept.HasLegacyPolicy);
        Assert.False(replaced.HasLegacyPolicy);
        Assert.Equal([AwsManagedPolicies.Core], role.Attached);
    }

    [Theory]
    [InlineData("my role")]
    [InlineData("")]
    public async Task A_name_that_iam_refuses_is_refused_before_any_call(string name)
    {
        await using ProvisioningAccount account = new();
        RoleProvisioner roles = new(account.Context, account.Time);

        EngineException made = await Assert.ThrowsAsync<EngineException>(
            () => roles.PlanAsync(new RoleRequest { Name = name }, TestTimeout.Token));
        EngineException removed = await Assert.ThrowsAsync<EngineException>(
            () => roles.PlanRemovalAsync(name, false, TestTimeout.Token));

        Assert.Equal("RoleNameInvalid", made.ErrorId);
        Assert.Equal("RoleNameInvalid", removed.ErrorId);
        Assert.Empty(account.Calls);
    }

    [Fact]
    public async Task Two_runs_at_once_end_with_one_role()
    {
        await using ProvisioningAccount account = new();
        RoleProvisioner roles = new(account.Context, account.Time);

        Plan<InstanceRole> one = await roles.PlanAsync(new RoleRequest { Name = "web" }, TestTimeout.Token);
        Plan<InstanceRole> two = await roles.PlanAsync(new RoleRequest { Name = "web" }, TestTimeout.Token);
        InstanceRole[] results = await Task.WhenAll(one.ApplyAsync(TestTimeout.Token), two.ApplyAsync(TestTimeout.Token));

        Assert.Equal(results[0].RoleArn, results[1].RoleArn);
        Assert.Equal("web", account.World.Profiles["web"].RoleName);
    }

    internal static RoleRecord AddRole(ProvisioningAccount account, string name, string trust)
    {
        RoleRecord role = new()
        {
            Name = name,
            Path = "/",
            Id = account.World.Ids.Iam("AROA"),
            Arn = $"arn:aws:iam::{account.World.AccountId}:role/{name}",
            Created = account.World.Now,
            TrustPolicy = trust,
        };
        account.World.Roles.Add(name, role);
        return role;
    }

    internal static async Task<InstanceRole> MakeAsync(RoleProvisioner roles, RoleRequest request)
    {
        Plan<InstanceRole> plan = await roles.PlanAsync(request, TestTimeout.Token);
        return await plan.ApplyAsync(TestTimeout.Token);
    }
}
