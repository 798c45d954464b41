using SsmTools.Engine;
using SsmTools.Engine.Provisioning;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Provisioning;

public sealed class RoleDirectoryTests
{
    private const string LambdaTrust =
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}""";

    [Fact]
    public async Task A_role_of_ours_is_shown_whole()
    {
        await using ProvisioningAccount account = new();
        RoleRequest request = RoleOptionsTests.Everything(account, account.World.KmsKeys.Keys.First());
        await RoleProvisionerTests.MakeAsync(new RoleProvisioner(account.Context, account.Time), request);
        await LaunchAsync(account, "web");
        account.Forget();

        RoleDescription role = Assert.Single(await ListAsync(account, "WEB", false));

        Assert.Equal("web", role.RoleName);
        Assert.Equal(account.World.Roles["web"].Arn, role.RoleArn);
        Assert.Equal("web", role.InstanceProfileName);
        Assert.Equal(["web"], role.InstanceProfiles);
        Assert.Equal(["AmazonSSMManagedInstanceCore", "CloudWatchAgentServerPolicy"], role.Policies);
        Assert.Equal(["SsmTools-SessionKey", "SsmTools-SessionLogBucket", "SsmTools-SessionLogGroup"], role.InlinePolicies);
        Assert.Equal(["ec2.amazonaws.com"], role.TrustedBy);
        Assert.Equal(request.PermissionsBoundary, role.PermissionsBoundary);
        Assert.True(role.MadeBySsmTools);
        Assert.True(role.CanRegister);
        Assert.Null(role.Problem);
        Assert.Equal(account.World.Instances.Keys, role.Instances);
        Assert.Empty(account.Mutations);
        Assert.Equal(1, account.Calls.Count(call => call == "DescribeInstances"));
    }

    [Fact]
    public async Task A_listing_costs_a_call_for_each_page_of_profiles_and_knows_whom_roles_trust()
    {
        await using ProvisioningAccount account = new();
        for (int i = 0; i < 230; i++)
        {
            RoleProvisionerTests.AddRole(account, $"role-{i:000}", i == 7 ? LambdaTrust : TrustPolicy.ForEc2("aws"));
            RoleOptionsTests.AddProfile(account, $"profile-{i:000}", $"role-{i:000}");
        }

        RoleOptionsTests.AddProfile(account, "second", "role-000");
        RoleOptionsTests.AddProfile(account, "empty");
        RoleProvisionerTests.AddRole(account, "nowhere", TrustPolicy.ForEc2("aws"));
        account.Forget();

        IReadOnlyList<RoleDescription> all = await ListAsync(account, null, false);
        Assert.InRange(account.Calls.Count, 1, 3);
        IReadOnlyList<RoleDescription> some = await ListAsync(account, "ROLE-00[0-7]", false);

        Assert.Equal(230, all.Count);
        Assert.Equal(["profile-000", "second"], all[0].InstanceProfiles);
        Assert.Null(all[0].CanRegister);
        Assert.Null(all[0].Policies);
        Assert.Null(all[0].MadeBySsmTools);
        Assert.Equal(8, some.Count);
        Assert.False(some[7].CanRegister);
        Assert.Contains("lambda.amazonaws.com", some[7].Problem, StringComparison.Ordinal);
        Assert.Equal(["lambda.amazonaws.com"], some[7].TrustedBy);
        Assert.Empty(await ListAsync(account, "none*", false));
    }

    [Fact]
    public async Task With_details_each_is_looked_at_and_policies_of_aws_are_read_once()
    {
        await using ProvisioningAccount account = new();
        RoleProvisioner roles = new(account.Context, account.Time);
        for (int i = 0; i < 5; i++)
        {
            await RoleProvisionerTests.MakeAsync(roles, new RoleRequest { Name = $"web-{i}" });
        }

        account.Forget();

        IReadOnlyList<RoleDescription> all = await ListAsync(account, "web-*", true);

        Assert.All(all, role => Assert.True(role.CanRegister));
        Assert.Equal(1, account.Calls.Count(call => call == "GetPolicyVersion"));
    }

    [Fact]
    public async Task What_keeps_an_agent_from_registering_is_named()
    {
        await using ProvisioningAccount account = new();
        RoleRecord bare = RoleProvisionerTests.AddRole(account, "bare", TrustPolicy.ForEc2("aws"));
        bare.Inline["some"] =
            """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ssm:*","Resource":"*"}]}""";
        RoleRecord bounded = RoleProvisionerTests.AddRole(account, "bounded", TrustPolicy.ForEc2("aws"));
        bounded.Attached.Add(AwsManagedPolicies.Core);
        bounded.PermissionsBoundaryArn = RoleOptionsTests.AddPolicy(
            account, "narrow", """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}""");
        RoleProvisionerTests.AddRole(account, "loose", TrustPolicy.ForEc2("aws")).Attached.Add(AwsManagedPolicies.Core);
        RoleOptionsTests.AddProfile(account, "bare", "bare");
        RoleOptionsTests.AddProfile(account, "bounded", "bounded");

        RoleDescription one = Assert.Single(await ListAsync(account, "bare", false));
        RoleDescription two = Assert.Single(await ListAsync(account, "bounded", false));
        RoleDescription three = Assert.Single(await ListAsync(account, "loose", false));

        Assert.False(one.CanRegister);
        Assert.Contains("ssmmessages:OpenDataChannel", one.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("ssm:UpdateInstanceInformation", one.Problem, StringComparison.Ordinal);
        Assert.False(one.MadeBySsmTools);
        Assert.False(two.CanRegister);
        Assert.Contains("permissions boundary", two.Problem, StringComparison.Ordinal);
        Assert.False(three.CanRegister);
        Assert.Contains("no instance profile", three.Problem, StringComparison.Ordinal);
        Assert.Null(three.InstanceProfileName);
    }

    [Theory]
    [InlineData("GetPolicyVersion")]
    [InlineData("ListRolePolicies")]
    public async Task What_may_not_be_read_is_unknown_and_the_rest_is_told(string denied)
    {
        await using ProvisioningAccount account = new();
        await RoleProvisionerTests.MakeAsync(new RoleProvisioner(account.Context, account.Time), new RoleRequest { Name = "web" });
        account.Before = (_, operation) => operation == denied || operation == "DescribeInstances"
            ? HttpResponse.Text(403, operation == "DescribeInstances"
                ? "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>"
                : "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>")
            : null;

        RoleDescription role = Assert.Single(await ListAsync(account, "web", false));

        Assert.Null(role.CanRegister);
        Assert.Contains("denied", role.Problem, StringComparison.Ordinal);
        Assert.Equal(["AmazonSSMManagedInstanceCore"], role.Policies);
        Assert.Null(role.Instances);
    }

    [Fact]
    public async Task A_role_that_is_not_there_is_an_error_with_those_that_may_be_meant()
    {
        await using ProvisioningAccount account = new();
        await RoleProvisionerTests.MakeAsync(new RoleProvisioner(account.Context, account.Time), new RoleRequest { Name = "backend" });

        EngineException error = await Assert.ThrowsAsync<EngineException>(() => ListAsync(account, "backnd", false));

        Assert.Equal("RoleNotFound", error.ErrorId);
        Assert.Equal(ErrorKind.ObjectNotFound, error.Kind);
        Assert.Contains("backend", error.Recommendation, StringComparison.Ordinal);
    }

    internal static async Task<IReadOnlyList<InstanceDescription>> LaunchAsync(
        ProvisioningAccount account, string? profile, int count = 1)
    {
        LaunchRequest launch = new() { SubnetId = account.Isolated, InstanceProfileName = profile, Count = count };
        InstanceProvisioner instances = new(account.Context, account.Time);
        return await (await instances.PlanAsync(launch, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
    }

    private static async Task<IReadOnlyList<RoleDescription>> ListAsync(ProvisioningAccount account, string? name, bool detailed)
    {
        List<RoleDescription> roles = [];
        await foreach (RoleDescription role in new RoleDirectory(account.Context).ListAsync(name, detailed, TestTimeout.Token))
        {
            roles.Add(role);
        }

        return roles;
    }
}
