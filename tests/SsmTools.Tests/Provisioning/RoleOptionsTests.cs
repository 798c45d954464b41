using System.Collections.Concurrent;
using SsmTools.Engine;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Provisioning;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Provisioning;

public sealed class RoleOptionsTests
{
    private const string Cloud = "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy";

    private const string AllowAll =
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""";

    [Fact]
    public async Task All_options_at_once_are_one_plan_and_the_second_time_none()
    {
        await using ProvisioningAccount account = new();
        RoleProvisioner roles = new(account.Context, account.Time);
        KmsKeyRecord key = account.World.KmsKeys.Values.First();
        RoleRequest request = Everything(account, key.Id);

        Plan<InstanceRole> plan = await roles.PlanAsync(request, TestTimeout.Token);
        InstanceRole result = await plan.ApplyAsync(TestTimeout.Token);
        Plan<InstanceRole> again = await roles.PlanAsync(request, TestTimeout.Token);

        Assert.Equal(
            [
                $"Create the role, trusted by ec2.amazonaws.com and bounded by {request.PermissionsBoundary} (role web)",
                "Create the instance profile (instance profile web)",
                "Attach policy AmazonSSMManagedInstanceCore (role web)",
                "Attach policy CloudWatchAgentServerPolicy (role web)",
                "Add inline policy SsmTools-SessionLogBucket, to log to bucket logs/ssm (role web)",
                "Add inline policy SsmTools-SessionLogGroup, to log to group /ssm/sessions (role web)",
                $"Add inline policy SsmTools-SessionKey, to use key {key.Id} (role web)",
                "Add role web (instance profile web)",
            ],
            plan.Changes.Select(change => change.ToString()));
        Assert.Empty(again.Changes);
        RoleRecord role = account.World.Roles["web"];
        Assert.Equal(request.PermissionsBoundary, role.PermissionsBoundaryArn);
        Assert.Equal([AwsManagedPolicies.Core, Cloud], role.Attached);
        Assert.Equal(role.Inline.Keys, result.InlinePolicies);
        Assert.Contains(
            $"arn:aws:logs:{account.World.Region}:{account.World.AccountId}:log-group:/ssm/sessions:*",
            role.Inline["SsmTools-SessionLogGroup"],
            StringComparison.Ordinal);
        Assert.Contains($"\"{key.Arn}\"", role.Inline["SsmTools-SessionKey"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_bucket_replaces_the_first_and_what_is_not_named_stays()
    {
        await using ProvisioningAccount account = new();
        RoleProvisioner roles = new(account.Context, account.Time);
        await RoleProvisionerTests.MakeAsync(roles, new RoleRequest { Name = "web", LogBucket = "logs", LogGroup = "sessions" });

        Plan<InstanceRole> plan = await roles.PlanAsync(new RoleRequest { Name = "web", LogBucket = "other" }, TestTimeout.Token);
        await plan.ApplyAsync(TestTimeout.Token);

        Assert.Equal(
            "Change inline policy SsmTools-SessionLogBucket, to log to bucket other (role web)", Assert.Single(plan.Changes).ToString());
        RoleRecord role = account.World.Roles["web"];
        Assert.Contains("arn:aws:s3:::other/*", role.Inline["SsmTools-SessionLogBucket"], StringComparison.Ordinal);
        Assert.DoesNotContain("arn:aws:s3:::logs", role.Inline["SsmTools-SessionLogBucket"], StringComparison.Ordinal);
        Assert.Contains("SsmTools-SessionLogGroup", role.Inline.Keys);
    }

    [Fact]
    public async Task A_policy_that_means_the_same_is_left_as_it_is()
    {
        await using ProvisioningAccount account = new();
        RoleProvisioner roles = new(account.Context, account.Time);
        RoleRequest request = new() { Name = "web", LogBucket = "logs" };
        await RoleProvisionerTests.MakeAsync(roles, request);
        account.World.Roles["web"].Inline["SsmTools-SessionLogBucket"] =
            """{ "Statement": [ {"Sid":"B","Resource":["arn:aws:s3:::logs"],"Action":["s3:GetEncryptionConfiguration"],"Effect":"Allow"}, {"Sid":"A","Resource":["arn:aws:s3:::logs/*"],"Action":["s3:putobject"],"Effect":"Allow"} ], "Version": "2012-10-17" }""";

        Assert.Empty((await roles.PlanAsync(request, TestTimeout.Token)).Changes);
    }

    [Theory]
    [InlineData("alias/none")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    public async Task A_key_that_kms_does_not_know_is_an_error(string key)
    {
        await using ProvisioningAccount account = new();

        EngineException error = await Assert.ThrowsAsync<EngineException>(() => new RoleProvisioner(account.Context, account.Time)
            .PlanAsync(new RoleRequest { Name = "web", KmsKeyId = key }, TestTimeout.Token));

        Assert.Equal("KmsKeyNotFound", error.ErrorId);
        Assert.Equal(key, error.Target);
        Assert.Empty(account.Mutations);
    }

    [Fact]
    public async Task An_alias_stands_for_its_key_and_an_arn_is_taken_as_it_is()
    {
        await using ProvisioningAccount account = new();
        KmsKeyRecord key = account.World.KmsKeys.Values.First();
        key.Aliases.Add("alias/mine");
        const string foreign = "arn:aws:kms:eu-west-1:999999999999:key/mrk-0123";
        RoleProvisioner roles = new(account.Context, account.Time);

        await RoleProvisionerTests.MakeAsync(roles, new RoleRequest { Name = "one", KmsKeyId = "alias/mine" });
        await RoleProvisionerTests.MakeAsync(roles, new RoleRequest { Name = "two", KmsKeyId = foreign });

        Assert.True(PolicyJson.IsSame(SessionPolicies.ForKey(key.Arn), account.World.Roles["one"].Inline["SsmTools-SessionKey"]));
        Assert.True(PolicyJson.IsSame(SessionPolicies.ForKey(foreign), account.World.Roles["two"].Inline["SsmTools-SessionKey"]));
    }

    [Fact]
    public async Task Our_role_gets_boundary_and_tags_that_it_lacks()
    {
        await using ProvisioningAccount account = new();
        RoleProvisioner roles = new(account.Context, account.Time);
        await RoleProvisionerTests.MakeAsync(roles, new RoleRequest { Name = "web", Tags = new Dictionary<string, string> { ["a"] = "1" } });
        string boundary = AddPolicy(account, "bound", AllowAll);
        RoleRequest request = new()
        {
            Name = "web",
            PermissionsBoundary = boundary,
            Tags = new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" },
        };

        Plan<InstanceRole> plan = await roles.PlanAsync(request, TestTimeout.Token);
        await plan.ApplyAsync(TestTimeout.Token);

        Assert.Equal(
            [
                $"Set the permissions boundary {boundary} (role web)",
                "Tag the role: b (role web)",
                "Tag the instance profile: b (instance profile web)",
            ],
            plan.Changes.Select(change => change.ToString()));
        Assert.Equal(boundary, account.World.Roles["web"].PermissionsBoundaryArn);
        Assert.Equal("2", account.World.Roles["web"].Tags["b"]);
        Assert.Equal("2", account.World.Profiles["web"].Tags["b"]);
        Assert.Empty((await roles.PlanAsync(request, TestTimeout.Token)).Changes);
    }

    [Fact]
    public async Task What_others_made_is_neither_bounded_anew_nor_tagged()
    {
        await using ProvisioningAccount account = new();
        RoleProvisioner roles = new(account.Context, account.Time);
        RoleProvisionerTests.AddRole(account, "web", TrustPolicy.ForEc2("aws"));
        string boundary = AddPolicy(account, "bound", AllowAll);

        EngineException error = await Assert.ThrowsAsync<EngineException>(() => roles.PlanAsync(
            new RoleRequest { Name = "web", PermissionsBoundary = boundary }, TestTimeout.Token));
        await RoleProvisionerTests.MakeAsync(
            roles, new RoleRequest { Name = "web", Tags = new Dictionary<string, string> { ["a"] = "1" } });

        Assert.Equal("RoleBoundaryMismatch", error.ErrorId);
        Assert.Empty(account.World.Roles["web"].Tags);
    }

    [Fact]
    public async Task A_boundary_that_keeps_the_agent_out_is_warned_of_and_one_that_is_missing_is_an_error()
    {
        await using ProvisioningAccount account = new();
        RoleProvisioner roles = new(account.Context, account.Time);
        string narrow = AddPolicy(
            account, "narrow", """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ssm:*","Resource":"*"}]}""");

        Plan<InstanceRole> plan =
            await roles.PlanAsync(new RoleRequest { Name = "web", PermissionsBoundary = narrow }, TestTimeout.Token);
        EngineException error = await Assert.ThrowsAsync<EngineException>(() => roles.PlanAsync(
            new RoleRequest { Name = "web", PermissionsBoundary = narrow + "er" }, TestTimeout.Token));

        string warning = Assert.Single(plan.Warnings);
        Assert.Contains("ssmmessages:OpenDataChannel", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("ssm:UpdateInstanceInformation", warning, StringComparison.Ordinal);
        Assert.Equal("BoundaryNotFound", error.ErrorId);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whatever_was_added_to_a_role_of_others_is_taken_away_again(bool profileToo)
    {
        await using ProvisioningAccount account = new();
        RoleProvisioner roles = new(account.Context, account.Time);
        RoleRecord role = RoleProvisionerTests.AddRole(account, "web", TrustPolicy.ForEc2("aws"));
        role.Inline["theirs"] = AllowAll;
        if (profileToo)
        {
            AddProfile(account, "web");
        }

        await RoleProvisionerTests.MakeAsync(roles, new RoleRequest { Name = "web" });
        await RoleProvisionerTests.MakeAsync(roles, new RoleRequest { Name = "web", CloudWatchAgent = true, LogBucket = "logs" });
        Assert.Equal([AwsManagedPolicies.Core, Cloud], role.Attached);
        Plan<InstanceRole> removal = await roles.PlanRemovalAsync("web", false, TestTimeout.Token);
        await removal.ApplyAsync(TestTimeout.Token);

        Assert.Empty(role.Attached);
        Assert.Equal(["theirs"], role.Inline.Keys);
        Assert.Empty(role.Tags);
        Assert.Equal(profileToo, account.World.Profiles.ContainsKey("web"));
        if (profileToo)
        {
            EngineException nothing = await Assert.ThrowsAsync<EngineException>(
                () => roles.PlanRemovalAsync("web", false, TestTimeout.Token));
            Assert.Equal("RoleNotManaged", nothing.ErrorId);
        }
    }

    [Theory]
    [InlineData("cn-north-1", "aws-cn", "ec2.amazonaws.com.cn")]
    [InlineData("us-gov-west-1", "aws-us-gov", "ec2.amazonaws.com")]
    [InlineData("us-iso-east-1", "aws-iso", "ec2.amazonaws.com")]
    [InlineData("eusc-de-east-1", "aws-eusc", "ec2.amazonaws.com")]
    public async Task Arns_are_those_of_the_partition(string region, string partition, string ec2)
    {
        ConcurrentQueue<string> sent = new();
        await using AwsStub stub = new();
        stub.Then(async (request, token) =>
        {
            await Task.Yield();
            string body = Uri.UnescapeDataString(System.Text.Encoding.UTF8.GetString(request.Body));
            sent.Enqueue(body);
            string action = body.Split('&').First(part => part.StartsWith("Action=", StringComparison.Ordinal))["Action=".Length..];
            return action == "GetCallerIdentity"
                ? HttpResponse.Text(200, "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>")
                : action.StartsWith("Get", StringComparison.Ordinal)
                ? HttpResponse.Text(404, "<ErrorResponse><Error><Code>NoSuchEntity</Code><Message>none</Message></Error></ErrorResponse>")
                : HttpResponse.Text(200, $"<{action}Response><{action}Result/></{action}Response>");
        });
        using AwsContext context = stub.Connect(region: region);
        RoleRequest request = new() { Name = "web", CloudWatchAgent = true, LogBucket = "logs", LogGroup = "group" };

        Plan<InstanceRole> plan = await new RoleProvisioner(context).PlanAsync(request, TestTimeout.Token);
        foreach (PlannedChange change in plan.Changes)
        {
            await change.ApplyAsync(TestTimeout.Token);
        }

        Assert.Contains(sent, body => body.Contains($"\"{ec2}\"", StringComparison.Ordinal));
        Assert.Contains(sent, body => body.Contains($"PolicyArn=arn:{partition}:iam::aws:policy/CloudWatchAgentServerPolicy", StringComparison.Ordinal));
        Assert.Contains(sent, body => body.Contains($"arn:{partition}:s3:::logs/*", StringComparison.Ordinal));
        Assert.Contains(sent, body => body.Contains($"arn:{partition}:logs:{region}:123456789012:log-group:group:*", StringComparison.Ordinal));
    }

    internal static RoleRequest Everything(ProvisioningAccount account, string key) => new()
    {
        Name = "web",
        CloudWatchAgent = true,
        LogBucket = "logs/ssm",
        LogGroup = "/ssm/sessions",
        KmsKeyId = key,
        PermissionsBoundary = AddPolicy(account, "bound", AllowAll),
    };

    internal static string AddPolicy(ProvisioningAccount account, string name, string document)
    {
        string arn = $"arn:aws:iam::{account.World.AccountId}:policy/{name}";
        account.World.Policies.TryAdd(arn, new PolicyRecord
        {
            Name = name,
            Path = "/",
            Id = account.World.Ids.Iam("ANPA"),
            Arn = arn,
            Created = account.World.Now,
            Versions = { [1] = document },
        });
        return arn;
    }

    internal static InstanceProfileRecord AddProfile(ProvisioningAccount account, string name, string? role = null)
    {
        InstanceProfileRecord profile = new()
        {
            Name = name,
            Path = "/",
            Id = account.World.Ids.Iam("AIPA"),
            Arn = $"arn:aws:iam::{account.World.AccountId}:instance-profile/{name}",
            Created = account.World.Now,
            RoleName = role,
        };
        account.World.Profiles.Add(name, profile);
        return profile;
    }
}
