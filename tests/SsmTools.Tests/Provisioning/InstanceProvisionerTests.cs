using System.Text;
using SsmTools.Engine;
using SsmTools.Engine.Provisioning;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Provisioning;

public sealed class InstanceProvisionerTests
{
    private static readonly byte[] s_noInstances =
        "<DescribeInstancesResponse><requestId>1</requestId><reservationSet/></DescribeInstancesResponse>"u8.ToArray();

    [Fact]
    public async Task An_instance_is_launched_as_the_recipe_has_it()
    {
        await using ProvisioningAccount account = new();
        await MakeProfileAsync(account);
        LaunchRequest request = Request(account) with
        {
            Name = "web-1",
            HopLimit = 64,
            SecurityGroupIds = [account.World.Seed.InstanceGroup.Id],
            Tags = new Dictionary<string, string> { ["Cost"] = "42" },
        };

        Plan<IReadOnlyList<InstanceDescription>> plan = await new InstanceProvisioner(account.Context, account.Time)
            .PlanAsync(request, TestTimeout.Token);
        InstanceDescription result = Assert.Single(await plan.ApplyAsync(TestTimeout.Token));

        InstanceRecord instance = Assert.Single(account.Living);
        string words = Assert.Single(plan.Changes).Action;
        Assert.StartsWith("Launch a t3.nano named web-1 from AmazonLinux2023 (ami-", words, StringComparison.Ordinal);
        Assert.EndsWith("with instance profile web, IMDSv2 required, no key pair", words, StringComparison.Ordinal);
        Assert.Equal(instance.Id, result.InstanceId);
        Assert.Equal("web-1", result.Name);
        Assert.Equal("x86_64", result.Architecture);
        Assert.Equal(account.Isolated, result.SubnetId);
        Assert.Equal(account.World.Profiles["web"].Arn, result.InstanceProfileArn);
        Assert.NotNull(result.LaunchTime);
        Assert.True(instance.Metadata is { TokenRequired: true, Enabled: true, HopLimit: 64 });
        Assert.Null(instance.KeyPair);
        foreach (Resource tagged in new Resource[] { instance, instance.RootVolume })
        {
            Assert.Equal("web-1", tagged.Tags["Name"]);
            Assert.Equal("web-1", tagged.Tags["SsmTools"]);
            Assert.Equal("42", tagged.Tags["Cost"]);
        }
    }

    [Fact]
    public async Task A_plan_alone_calls_nothing_that_changes()
    {
        await using ProvisioningAccount account = new();
        await MakeProfileAsync(account);
        account.Forget();

        Plan<IReadOnlyList<InstanceDescription>> plan = await new InstanceProvisioner(account.Context, account.Time)
            .PlanAsync(Request(account) with { Count = 3 }, TestTimeout.Token);

        Assert.Contains("Launch 3 t3.nano", Assert.Single(plan.Changes).Action, StringComparison.Ordinal);
        Assert.Contains("DescribeSubnets", account.Calls);
        Assert.Empty(account.Mutations);
        Assert.Empty(account.World.Instances);
    }

    [Theory]
    [InlineData("t3.nano", "AmazonLinux2023", "x86_64", "Amazon Linux")]
    [InlineData("t4g.nano", "AmazonLinux2023", "arm64", "Amazon Linux")]
    [InlineData("t4g.small", "Ubuntu24.04", "arm64", "Ubuntu")]
    [InlineData("t3.nano", "ubuntu22.04", "x86_64", "Ubuntu")]
    [InlineData("t3.nano", "AmazonLinux2", "x86_64", "Amazon Linux")]
    [InlineData("t4g.small", "Ubuntu20.04", "arm64", "Ubuntu")]
    [InlineData("t4g.small", "SLES15", "arm64", "SLES")]
    [InlineData("t3.large", "WindowsServer2019", "x86_64", "Microsoft Windows Server 2019 Datacenter")]
    [InlineData("t3.large", "WindowsServer2022", "x86_64", "Microsoft Windows Server 2022 Datacenter")]
    [InlineData("t3.large", "WindowsServer2025", "x86_64", "Microsoft Windows Server 2025 Datacenter")]
    public async Task The_image_fits_the_processor(string type, string image, string architecture, string platform)
    {
        await using ProvisioningAccount account = new();

        InstanceDescription result = Assert.Single(
            await LaunchAsync(account, Request(account) with { InstanceProfileName = null, InstanceType = type, Image = image }));

        InstanceRecord instance = account.World.Instances[result.InstanceId];
        Assert.Equal(architecture, instance.Image.Architecture);
        Assert.Equal(platform, instance.Image.PlatformName);
        Assert.Null(instance.UserData);
    }

    [Fact]
    public async Task Debian_gets_the_agent_with_its_user_data_and_registers()
    {
        await using ProvisioningAccount account = new();
        await MakeProfileAsync(account);

        Plan<IReadOnlyList<InstanceDescription>> plan = await new InstanceProvisioner(account.Context, account.Time)
            .PlanAsync(Request(account) with { Image = "Debian12", InstanceType = "t4g.nano" }, TestTimeout.Token);
        InstanceDescription result = Assert.Single(await plan.ApplyAsync(TestTimeout.Token));

        string userData = Encoding.UTF8.GetString(
            Convert.FromBase64String(account.World.Instances[result.InstanceId].UserData!));
        Assert.Contains("amazon-ssm-eu-west-1/latest/debian_arm64/amazon-ssm-agent.deb", userData, StringComparison.Ordinal);
        Assert.Contains(plan.Warnings, warning => warning.Contains("Debian12", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_image_id_is_taken_and_its_architecture_checked()
    {
        await using ProvisioningAccount account = new();
        ImageRecord arm = account.World.Images.First(image => image.Architecture == "arm64" && image.HasAgent);
        LaunchRequest request = Request(account) with { Image = arm.ImageId, InstanceProfileName = null };

        EngineException mismatch = await FailsAsync(account, request);
        IReadOnlyList<InstanceDescription> fits = await LaunchAsync(account, request with { InstanceType = "t4g.nano" });

        Assert.Equal("ImageArchitectureMismatch", mismatch.ErrorId);
        Assert.Equal(arm.ImageId, fits[0].ImageId);
    }

    [Fact]
    public async Task The_same_request_twice_makes_one_instance()
    {
        await using ProvisioningAccount account = new();
        await MakeProfileAsync(account);
        LaunchRequest request = Request(account) with { Name = "web-1" };
        IReadOnlyList<InstanceDescription> first = await LaunchAsync(account, request);
        account.Forget();

        IReadOnlyList<InstanceDescription> second = await LaunchAsync(account, request);

        Assert.Equal(first[0].InstanceId, Assert.Single(second).InstanceId);
        Assert.Empty(account.Mutations);
    }

    [Fact]
    public async Task Without_a_name_each_request_makes_a_new_one()
    {
        await using ProvisioningAccount account = new();
        LaunchRequest request = Request(account) with { InstanceProfileName = null, Count = 2 };

        await LaunchAsync(account, request);
        await LaunchAsync(account, request);

        Assert.Equal(4, account.Living.Count);
    }

    [Fact]
    public async Task What_is_missing_of_several_is_added()
    {
        await using ProvisioningAccount account = new();
        LaunchRequest request = Request(account) with { InstanceProfileName = null, Name = "web", Count = 2 };
        IReadOnlyList<InstanceDescription> two = await LaunchAsync(account, request);

        IReadOnlyList<InstanceDescription> four = await LaunchAsync(account, request with { Count = 4 });

        Assert.Equal(4, four.Select(instance => instance.InstanceId).Distinct().Count());
        Assert.Equal(two.Select(instance => instance.InstanceId), four.Take(2).Select(instance => instance.InstanceId));
        Assert.Equal(4, account.Living.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Instances_that_ec2_does_not_list_yet_are_not_made_twice(int count)
    {
        await using ProvisioningAccount account = new();
        LaunchRequest request = Request(account) with { InstanceProfileName = null, Name = "web", Count = count };
        IReadOnlyList<InstanceDescription> first = await LaunchAsync(account, request);
        bool listed = false;
        account.Before = (_, operation) =>
        {
            bool hide = !listed && operation == "DescribeInstances";
            listed |= hide;
            return hide ? new HttpResponse(200, s_noInstances, "text/xml") : null;
        };

        IReadOnlyList<InstanceDescription> second = await LaunchAsync(account, request);

        Assert.True(listed);
        Assert.Equal(first.Select(instance => instance.InstanceId), second.Select(instance => instance.InstanceId));
        Assert.Equal(count, account.World.Instances.Count);
    }

    [Fact]
    public async Task After_a_removal_the_same_request_makes_a_new_one()
    {
        await using ProvisioningAccount account = new();
        LaunchRequest request = Request(account) with { InstanceProfileName = null, Name = "web" };
        List<string> ids = [];
        for (int i = 0; i < 3; i++)
        {
            string id = Assert.Single(await LaunchAsync(account, request)).InstanceId;
            ids.Add(id);
            Plan<IReadOnlyList<InstanceDescription>> removal = await new InstanceProvisioner(account.Context, account.Time)
                .PlanRemovalAsync([id], false, TestTimeout.Token);
            await removal.ApplyAsync(TestTimeout.Token);
            account.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(3, ids.Distinct().Count());
        Assert.Empty(account.Living);
    }

    [Fact]
    public async Task A_namesake_that_differs_is_an_error_that_says_in_what()
    {
        await using ProvisioningAccount account = new();
        await MakeProfileAsync(account);
        LaunchRequest request = Request(account) with { Name = "web" };
        string id = (await LaunchAsync(account, request))[0].InstanceId;
        account.Forget();

        EngineException type = await FailsAsync(account, request with { InstanceType = "t3.micro" });
        EngineException image = await FailsAsync(account, request with { Image = "Ubuntu24.04" });
        EngineException profile = await FailsAsync(account, request with { InstanceProfileName = null });
        EngineException hops = await FailsAsync(account, request with { HopLimit = 1 });

        Assert.All([type, image, profile, hops], error => Assert.Equal("InstanceConflict", error.ErrorId));
        Assert.All([type, image, profile, hops], error => Assert.Equal(id, error.Target));
        Assert.Contains("its type is t3.nano, not t3.micro", type.Message, StringComparison.Ordinal);
        Assert.Contains("its image is AmazonLinux2023, not Ubuntu24.04", image.Message, StringComparison.Ordinal);
        Assert.Contains("its instance profile is web, not (none)", profile.Message, StringComparison.Ordinal);
        Assert.Contains("its hop limit is 2, not 1", hops.Message, StringComparison.Ordinal);
        Assert.Empty(account.Mutations);
    }

    [Fact]
    public async Task A_profile_that_ec2_does_not_see_yet_is_waited_for()
    {
        await using ProvisioningAccount account = new(profileDelay: TimeSpan.FromSeconds(20));
        await MakeProfileAsync(account);
        account.Forget();

        await LaunchAsync(account, Request(account) with { Name = "web" });

        int tries = account.Calls.Count(call => call == "RunInstances");
        Assert.InRange(tries, 3, 20);
        Assert.Equal(tries - 1, account.Time.Waits);
        Assert.Single(account.Living);
    }

    [Fact]
    public async Task It_is_not_waited_for_for_ever()
    {
        await using ProvisioningAccount account = new(profileDelay: TimeSpan.FromHours(1));
        await MakeProfileAsync(account);

        Plan<IReadOnlyList<InstanceDescription>> plan = await new InstanceProvisioner(account.Context, account.Time)
            .PlanAsync(Request(account), TestTimeout.Token);
        EngineException error = await Assert.ThrowsAsync<EngineException>(() => plan.ApplyAsync(TestTimeout.Token));

        Assert.Equal("InstanceProfileNotVisible", error.ErrorId);
        Assert.Equal(ErrorKind.OperationTimeout, error.Kind);
        Assert.InRange(account.Calls.Count(call => call == "RunInstances"), 5, 60);
        Assert.Empty(account.World.Instances);
    }

    [Fact]
    public async Task What_does_not_exist_is_named_before_anything_is_launched()
    {
        await using ProvisioningAccount account = new();
        LaunchRequest good = Request(account) with { InstanceProfileName = null };

        EngineException subnet = await FailsAsync(account, good with { SubnetId = "subnet-00000000000000000" });
        EngineException group = await FailsAsync(account, good with { SecurityGroupIds = ["sg-00000000000000000"] });
        EngineException image = await FailsAsync(account, good with { Image = "ami-00000000000000000" });
        EngineException profile = await FailsAsync(account, good with { InstanceProfileName = "nobody" });
        EngineException type = await FailsAsync(account, good with { InstanceType = "t9.nano" });
        EngineException windowsOnArm = await FailsAsync(account, good with { InstanceType = "t4g.nano", Image = "WindowsServer2025" });

        Assert.Equal(("SubnetNotFound", "subnet-00000000000000000"), (subnet.ErrorId, subnet.Target));
        Assert.Equal(("SecurityGroupNotFound", "sg-00000000000000000"), (group.ErrorId, group.Target));
        Assert.Equal(("ImageNotFound", "ami-00000000000000000"), (image.ErrorId, image.Target));
        Assert.Equal(("InstanceProfileNotFound", "nobody"), (profile.ErrorId, profile.Target));
        Assert.Contains("New-SsmInstanceRole nobody", profile.Recommendation!, StringComparison.Ordinal);
        Assert.Equal("t9.nano", type.Target);
        Assert.Equal("ImageArchitectureMismatch", windowsOnArm.ErrorId);
        Assert.Empty(account.Mutations);
    }

    [Fact]
    public async Task A_profile_without_a_role_is_an_error()
    {
        await using ProvisioningAccount account = new();
        await MakeProfileAsync(account);
        account.World.Profiles["web"].RoleName = null;

        Assert.Equal("InstanceProfileEmpty", (await FailsAsync(account, Request(account))).ErrorId);
    }

    internal static LaunchRequest Request(ProvisioningAccount account) => new()
    {
        SubnetId = account.Isolated,
        InstanceProfileName = "web",
    };

    internal static async Task<IReadOnlyList<InstanceDescription>> LaunchAsync(ProvisioningAccount account, LaunchRequest request)
    {
        Plan<IReadOnlyList<InstanceDescription>> plan = await new InstanceProvisioner(account.Context, account.Time)
            .PlanAsync(request, TestTimeout.Token);
        return await plan.ApplyAsync(TestTimeout.Token);
    }

    internal static Task<InstanceRole> MakeProfileAsync(ProvisioningAccount account) => RoleProvisionerTests.MakeAsync(
        new RoleProvisioner(account.Context, account.Time), new RoleRequest { Name = "web" });

    private static Task<EngineException> FailsAsync(ProvisioningAccount account, LaunchRequest request) =>
        Assert.ThrowsAsync<EngineException>(() => new InstanceProvisioner(account.Context, account.Time)
            .PlanAsync(request, TestTimeout.Token));
}
