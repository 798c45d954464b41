using System.Text;
using SsmTools.Engine;
using SsmTools.Engine.Access;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Provisioning;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Provisioning;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Access;

public sealed class AccessPolicyProvisionerTests
{
    private static readonly AccessPolicyRequest s_web = new()
    {
        NodeTags = new Dictionary<string, IReadOnlyList<string>> { ["Team"] = ["web"] },
    };

    [Fact]
    public async Task A_document_alone_is_proven_and_changes_nothing()
    {
        await using ProvisioningAccount account = new();

        Plan<AccessPolicy> plan = await new AccessPolicyProvisioner(account.Context, account.Time).PlanAsync(
            s_web with { RunCommand = true, PortForwarding = true, KmsKeyId = "alias/sandbox" }, TestTimeout.Token);
        AccessPolicy policy = await plan.ApplyAsync(TestTimeout.Token);

        Assert.Empty(plan.Changes);
        Assert.DoesNotContain(account.Mutations, call => !call.StartsWith("Simulate", StringComparison.Ordinal));
        Assert.True(policy.Verified);
        Assert.All(policy.Checks, check => Assert.True(check.Passed, $"{check.Action} {check.Case}: {check.Decision}"));
        Assert.Contains(policy.Checks, check => check is { Action: "ssm:StartSession", Case: "on a node with another Team", MustBeAllowed: false });
        Assert.Contains(policy.Checks, check => check is { Action: "ssm:TerminateSession", Case: "a session of somebody else", MustBeAllowed: false });
        Assert.Contains(policy.Checks, check => check is { Action: "ssm:StartSession", Case: "with AWS-StartSSHSession", MustBeAllowed: false });
        Assert.InRange(policy.Length, 1, 6144);
        Assert.Contains($"arn:aws:ssm:{account.World.Region}:{account.World.AccountId}:session/*", policy.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_made_tagged_and_attached_and_a_second_run_finds_nothing_to_do()
    {
        await using ProvisioningAccount account = new();
        UserRecord user = AddUser(account, "ann");
        RoleRecord role = RoleProvisionerTests.AddRole(account, "ops", TrustPolicy.ForEc2("aws"));
        account.World.Groups.Add("team", new GroupRecord { Name = "team", Path = "/", Id = "AGPA1", Arn = "arn:aws:iam::1:group/team", Created = account.World.Now });
        AccessPolicyProvisioner provisioner = new(account.Context, account.Time);
        AccessPolicyRequest request = s_web with { Name = "web-ops", Path = "/ops/", UserNames = ["ann"], RoleNames = ["ops"], GroupNames = ["team"] };

        Plan<AccessPolicy> plan = await provisioner.PlanAsync(request, TestTimeout.Token);
        AccessPolicy made = await plan.ApplyAsync(TestTimeout.Token);
        Plan<AccessPolicy> again = await provisioner.PlanAsync(request with { Path = null }, TestTimeout.Token);

        Assert.Equal(
            [
                $"Make the policy ({made.Length} characters) (policy web-ops)",
                "Attach policy web-ops (user ann)", "Attach policy web-ops (role ops)", "Attach policy web-ops (group team)",
            ],
            plan.Changes.Select(change => change.ToString()));
        Assert.Equal($"arn:aws:iam::{account.World.AccountId}:policy/ops/web-ops", made.Arn);
        Assert.Equal("web-ops", account.World.Policies[made.Arn!].Tags["SsmTools"]);
        Assert.Contains(made.Arn!, user.Attached);
        Assert.Contains(made.Arn!, role.Attached);
        Assert.Equal(["group/team", "role/ops", "user/ann"], made.AttachedTo.Order());
        Assert.True(made.Verified);
        Assert.True(made.Created);
        Assert.Empty(made.Warnings);
        Assert.Contains(made.Checks, check => check.Principal == "role/ops");
        Assert.Empty(again.Changes);
    }

    [Fact]
    public async Task A_change_becomes_a_new_version_and_the_oldest_of_five_goes()
    {
        await using ProvisioningAccount account = new();
        AccessPolicyProvisioner provisioner = new(account.Context, account.Time);
        Plan<AccessPolicy> plan = null!;
        for (int i = 0; i < 6; i++)
        {
            plan = await provisioner.PlanAsync(
                new AccessPolicyRequest { Name = "ops", InstanceIds = [$"i-{i:x17}"] }, TestTimeout.Token);
            await plan.ApplyAsync(TestTimeout.Token);
        }

        PolicyRecord policy = account.World.Policies[$"arn:aws:iam::{account.World.AccountId}:policy/ops"];
        Assert.Equal(["Delete its oldest version v1", "Put a new version into force"], plan.Changes.Select(change => change.Action.Split(" (")[0]));
        Assert.Equal([2, 3, 4, 5, 6], policy.Versions.Keys);
        Assert.Contains("i-00000000000000005", policy.Document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_elses_policy_of_that_name_is_left_as_it_is()
    {
        await using ProvisioningAccount account = new();
        PolicyRecord foreign = AddPolicy(account, "ops", """{"Version":"2012-10-17","Statement":[]}""");
        AccessPolicyProvisioner provisioner = new(account.Context, account.Time);

        EngineException refused = await Assert.ThrowsAsync<EngineException>(
            () => provisioner.PlanAsync(s_web with { Name = "ops" }, TestTimeout.Token));
        EngineException kept = await Assert.ThrowsAsync<EngineException>(
            () => provisioner.PlanRemovalAsync("ops", false, TestTimeout.Token));

        Assert.Equal(("AccessPolicyExists", ErrorKind.ResourceExists, "ops"), (refused.ErrorId, refused.Kind, refused.Target));
        Assert.Equal("AccessPolicyNotManaged", kept.ErrorId);
        Assert.Single(foreign.Versions);
        await (await provisioner.PlanRemovalAsync("ops", true, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
        Assert.DoesNotContain(foreign.Arn, account.World.Policies.Keys);
    }

    [Fact]
    public async Task Removal_takes_it_from_everybody_with_all_its_versions()
    {
        await using ProvisioningAccount account = new();
        UserRecord user = AddUser(account, "ann");
        AccessPolicyProvisioner provisioner = new(account.Context, account.Time);
        await (await provisioner.PlanAsync(s_web with { Name = "ops", UserNames = ["ann"] }, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
        await (await provisioner.PlanAsync(s_web with { Name = "ops", Ssh = true }, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);

        Plan<AccessPolicy> plan = await provisioner.PlanRemovalAsync("ops", false, TestTimeout.Token);
        AccessPolicy removed = await plan.ApplyAsync(TestTimeout.Token);
        Plan<AccessPolicy> again = await provisioner.PlanRemovalAsync("ops", false, TestTimeout.Token);

        Assert.Equal(
            ["Detach policy ops (user ann)", "Delete its version v1 (policy ops)", "Delete the policy (policy ops)"],
            plan.Changes.Select(change => change.ToString()));
        Assert.Equal(["user/ann"], removed.AttachedTo);
        Assert.Empty(user.Attached);
        Assert.DoesNotContain(account.World.Policies.Values, policy => policy.Name == "ops");
        Assert.Empty(again.Changes);
        Assert.Single(again.Warnings);
    }

    [Fact]
    public async Task A_policy_that_bounds_somebody_is_not_removed()
    {
        await using ProvisioningAccount account = new();
        AccessPolicyProvisioner provisioner = new(account.Context, account.Time);
        AccessPolicy made = await (await provisioner.PlanAsync(s_web with { Name = "ops" }, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
        RoleProvisionerTests.AddRole(account, "bound", TrustPolicy.ForEc2("aws")).PermissionsBoundaryArn = made.Arn;

        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => provisioner.PlanRemovalAsync("ops", true, TestTimeout.Token));

        Assert.Equal("AccessPolicyIsBoundary", refused.ErrorId);
        Assert.Contains("role/bound", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_other_policies_add_or_a_boundary_takes_is_told()
    {
        await using ProvisioningAccount account = new();
        UserRecord mighty = AddUser(account, "mighty");
        mighty.Attached.Add(AddPolicy(account, "all", Statement("Allow", "ssm:*")).Arn);
        AddUser(account, "bound").PermissionsBoundaryArn = AddPolicy(account, "few", Statement("Allow", "ec2:*")).Arn;
        AccessPolicyProvisioner provisioner = new(account.Context, account.Time);

        AccessPolicy made = await (await provisioner.PlanAsync(
            s_web with { Name = "ops", UserNames = ["mighty", "bound"] }, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);

        Assert.False(made.Verified);
        Assert.Contains(made.Warnings, warning => warning.StartsWith("user/mighty may also ssm:StartSession", StringComparison.Ordinal));
        Assert.Contains(made.Warnings, warning => warning.StartsWith("user/bound has the policy and still may not", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_is_not_there_is_named_before_anything_is_made()
    {
        await using ProvisioningAccount account = new();

        EngineException error = await Assert.ThrowsAsync<EngineException>(() => new AccessPolicyProvisioner(account.Context, account.Time)
            .PlanAsync(s_web with { Name = "ops", GroupNames = ["nobody"] }, TestTimeout.Token));

        Assert.Equal(("PrincipalNotFound", ErrorKind.ObjectNotFound, "nobody"), (error.ErrorId, error.Kind, error.Target));
        Assert.DoesNotContain("CreatePolicy", account.Calls);
    }

    [Fact]
    public async Task A_policy_that_iam_would_find_too_long_is_refused_here()
    {
        await using ProvisioningAccount account = new();

        EngineException error = await Assert.ThrowsAsync<EngineException>(() => new AccessPolicyProvisioner(account.Context, account.Time)
            .PlanAsync(new AccessPolicyRequest { InstanceIds = [.. Enumerable.Range(0, 120).Select(i => $"i-{i:x17}")] }, TestTimeout.Token));

        Assert.Equal(("AccessPolicyTooLong", ErrorKind.LimitsExceeded), (error.ErrorId, error.Kind));
    }

    [Theory]
    [InlineData("iam:GetPolicy", false)]
    [InlineData("iam:ListPolicies", false)]
    [InlineData("iam:GetUser", false)]
    [InlineData("iam:CreatePolicy", false)]
    [InlineData("iam:AttachUserPolicy", false)]
    [InlineData("iam:ListEntitiesForPolicy", true)]
    [InlineData("iam:ListPolicyVersions", true)]
    [InlineData("iam:DetachUserPolicy", true)]
    [InlineData("iam:DeletePolicy", true)]
    public async Task A_right_that_is_missing_at_any_step_is_named(string action, bool removal)
    {
        await using ProvisioningAccount account = new();
        AddUser(account, "ann");
        if (removal)
        {
            await (await new AccessPolicyProvisioner(account.Context, account.Time)
                .PlanAsync(s_web with { Name = "ops", UserNames = ["ann"] }, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
        }

        using AwsContext limited = Limited(account, action);
        AccessPolicyProvisioner provisioner = new(limited, account.Time);

        EngineException error = await Assert.ThrowsAsync<EngineException>(async () => await (removal
            ? await provisioner.PlanRemovalAsync("ops", false, TestTimeout.Token)
            : await provisioner.PlanAsync(s_web with { Name = "ops", UserNames = ["ann"] }, TestTimeout.Token)).ApplyAsync(TestTimeout.Token));

        Assert.Equal(ErrorKind.PermissionDenied, error.Kind);
        Assert.Contains(action, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_right_to_ask_the_simulator_nothing_is_said_to_be_proven()
    {
        await using ProvisioningAccount account = new();
        AddUser(account, "ann");
        using AwsContext limited = Limited(account, "iam:Simulate*");

        Plan<AccessPolicy> plan = await new AccessPolicyProvisioner(limited, account.Time)
            .PlanAsync(s_web with { Name = "ops", UserNames = ["ann"] }, TestTimeout.Token);
        AccessPolicy made = await plan.ApplyAsync(TestTimeout.Token);

        Assert.Contains("iam:SimulateCustomPolicy", Assert.Single(plan.Warnings), StringComparison.Ordinal);
        Assert.Contains("iam:SimulatePrincipalPolicy", Assert.Single(made.Warnings), StringComparison.Ordinal);
        Assert.Null(made.Verified);
        Assert.Empty(made.Checks);
    }

    [Fact]
    public async Task Throttling_throughout_is_survived()
    {
        await using ProvisioningAccount account = new();
        AddUser(account, "ann");
        account.Before = (number, _) => number % 2 == 1 ? Throttled() : null;
        using AwsContext context = AwsContext.Create(new AwsOptions
        {
            Region = account.World.Region,
            AccessKey = account.Key.AccessKeyId,
            SecretKey = account.Key.SecretAccessKey,
            EndpointUrl = account.Endpoint,
            MaxBackoff = TimeSpan.FromMilliseconds(1),
        });
        AccessPolicyProvisioner provisioner = new(context, account.Time);

        AccessPolicy made = await (await provisioner.PlanAsync(s_web with { Name = "ops", UserNames = ["ann"] }, TestTimeout.Token))
            .ApplyAsync(TestTimeout.Token);
        await (await provisioner.PlanRemovalAsync("ops", false, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);

        Assert.True(made.Verified);
        Assert.DoesNotContain(account.World.Policies.Values, policy => policy.Name == "ops");
    }

    private static HttpResponse Throttled() => new(
        400,
        Encoding.UTF8.GetBytes("<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error><RequestId>1</RequestId></ErrorResponse>"),
        "text/xml");

    private static AwsContext Limited(ProvisioningAccount account, string denied)
    {
        UserRecord caller = AddUser(account, "caller");
        caller.Attached.Add(AddPolicy(account, "most", Statement("Allow", "*")).Arn);
        caller.Attached.Add(AddPolicy(account, "not", Statement("Deny", denied)).Arn);
        Credential key = account.Credentials.IssueUser(caller);
        return account.Connect(key.AccessKeyId, key.SecretAccessKey);
    }

    private static UserRecord AddUser(ProvisioningAccount account, string name)
    {
        UserRecord user = new()
        {
            Name = name,
            Path = "/",
            Id = account.World.Ids.Iam("AIDA"),
            Arn = $"arn:aws:iam::{account.World.AccountId}:user/{name}",
            Created = account.World.Now,
        };
        account.World.Users.Add(name, user);
        return user;
    }

    private static PolicyRecord AddPolicy(ProvisioningAccount account, string name, string document)
    {
        PolicyRecord policy = new()
        {
            Name = name,
            Path = "/",
            Id = account.World.Ids.Iam("ANPA"),
            Arn = $"arn:aws:iam::{account.World.AccountId}:policy/{name}",
            Created = account.World.Now,
            Versions = { [1] = document },
        };
        account.World.Policies.Add(policy.Arn, policy);
        return policy;
    }

    private static string Statement(string effect, string action) =>
        $$"""{"Version":"2012-10-17","Statement":[{"Effect":"{{effect}}","Action":"{{action}}","Resource":"*"}]}""";
}
