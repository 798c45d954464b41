using System.Text.Json.Nodes;
using SsmTools.Engine;
using SsmTools.Engine.Aws.Iam;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.HostManagement;
using SsmTools.Engine.Provisioning;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.HostManagement;

/// <summary>Hosts are kept up by associations, and by Default Host Management.</summary>
public sealed class HostManagementTests : IAsyncLifetime
{
    private const string Role = "AWSSystemsManagerDefaultEC2InstanceManagementRole";

    private TestSandbox _sandbox = null!;

    private SandboxWorld World => _sandbox.Host.World;

    private HostManagementPlanner Planner => new(_sandbox.Aws);

    public async Task InitializeAsync() => _sandbox = await TestSandbox.StartAsync();

    public async Task DisposeAsync() => await _sandbox.DisposeAsync();

    [Fact]
    public async Task Quick_Setups_tasks_are_made_run_and_kept_as_they_are_the_second_time()
    {
        InstanceRecord instance = await _sandbox.LaunchOnlineAsync();
        instance.Software.AgentVersion = instance.Node!.AgentVersion = AgentRelease.Earlier;
        NodeCompliance before = await JudgeAsync(instance.Id);
        Assert.Equal((null, true), (before.Compliant, before.AgentOutdated));
        Assert.Contains("Enable-SsmHostManagement", before.Problem, StringComparison.Ordinal);

        HostManagementRequest request = new() { Name = "Default", Tasks = ["AgentUpdate", "Inventory", "PatchScan", "CloudWatchAgent"] };
        Plan<IReadOnlyList<HostManagementState>> plan = await Planner.PlanAsync(request, TestTimeout.Token);
        Assert.Equal(
            [
                "Make the association to update the agent, rate(14 days), on all",
                "Make the association to collect the inventory, rate(30 minutes), on all",
                "Make the association to scan for missing patches, rate(1 day), on all",
                "Make the association to install and update the CloudWatch agent, rate(30 days), on all",
            ],
            plan.Changes.Select(change => change.Action));
        Assert.Empty(World.Associations.Records);
        IReadOnlyList<HostManagementState> made = await plan.ApplyAsync(TestTimeout.Token);
        Assert.Equal(["AgentUpdate", "Inventory", "PatchScan", "CloudWatchAgent"], made.Select(state => state.Task));
        Assert.All(World.Associations.Records.Values, record => Assert.Equal("Default", record.Tags["SsmTools"]));

        NodeCompliance after = await WaitAsync(instance.Id, node => node.Compliant == true && node.MissingPatches is not null);
        Assert.Equal((AgentRelease.Latest, false, 3), (after.AgentVersion, after.AgentOutdated, after.MissingPatches));
        Assert.Equal(4, after.Tasks.Count);
        Assert.Contains("AmazonCloudWatchAgent", instance.Software.Packages);
        Assert.Null(after.Problem);
        HostManagementState inventory = (await Planner.ListAsync(TestTimeout.Token)).Find(state => state.Task == "Inventory")!;
        Assert.Equal(("Success", 1, 0, "SsmTools"), (inventory.Status, inventory.Succeeded, inventory.Failed, inventory.MadeBy));
        Assert.Empty((await Planner.PlanAsync(request, TestTimeout.Token)).Changes);
    }

    [Fact]
    public async Task What_differs_is_changed_and_said_and_what_is_not_named_stays()
    {
        await EnableAsync(new() { Name = "web" });
        AssociationRecord scan = World.Associations.Records.Values.Single(record => record.Request["Name"]!.ToString() == "AWS-RunPatchBaseline");
        scan.Request["ScheduleExpression"] = "rate(7 days)";
        scan.Request["Parameters"]!["Operation"]![0] = "Install";
        HostManagementRequest request = new() { Name = "web", Tasks = ["PatchScan"], TargetTags = new Dictionary<string, string> { ["Role"] = "web" } };

        Plan<IReadOnlyList<HostManagementState>> plan = await Planner.PlanAsync(request, TestTimeout.Token);

        Assert.Equal(
            "Change the schedule from rate(7 days) to rate(1 day), and the targets from all to tag Role=web, and the parameters",
            Assert.Single(plan.Changes).Action);
        HostManagementState state = Assert.Single(await plan.ApplyAsync(TestTimeout.Token));
        Assert.Equal(["tag Role=web"], state.Targets);
        Assert.Equal(2, scan.Version);
        Assert.Equal(3, World.Associations.Records.Count);
        Assert.Empty((await Planner.PlanAsync(request, TestTimeout.Token)).Changes);
    }

    [Fact]
    public async Task What_people_have_added_to_an_association_outlives_a_change()
    {
        await EnableAsync(new() { Name = "web", Tasks = ["PatchScan"] });
        AssociationRecord scan = World.Associations.Records.Values.Single();
        scan.Request["MaxConcurrency"] = "10%";
        scan.Request["ComplianceSeverity"] = "HIGH";
        scan.Request["OutputLocation"] = new JsonObject { ["S3Location"] = new JsonObject { ["OutputS3BucketName"] = "scans" } };

        await EnableAsync(new() { Name = "web", Tasks = ["PatchScan"], TargetTags = new Dictionary<string, string> { ["Role"] = "web" } });

        Assert.Equal("tag:Role", scan.Request["Targets"]![0]!["Key"]!.ToString());
        Assert.Equal(("10%", "HIGH"), (scan.Request["MaxConcurrency"]?.ToString(), scan.Request["ComplianceSeverity"]?.ToString()));
        Assert.Equal("scans", scan.Request["OutputLocation"]?["S3Location"]?["OutputS3BucketName"]?.ToString());
    }

    [Fact]
    public async Task What_others_have_set_up_is_told_and_never_taken_away_unasked()
    {
        string quick = await CreateAsync("AWS-QuickSetup-SSMHostMgmt-CollectInventory-ab12c", "AWS-GatherSoftwareInventory", "InstanceIds", "*");
        string own = await CreateAsync("ours", "AWS-UpdateSSMAgent", "tag:Role", "db");
        await CreateAsync("SsmTools-taken-Inventory", "AWS-GatherSoftwareInventory", "tag:Role", "db");
        HostManagementRequest web = new() { Name = "web", TargetTags = new Dictionary<string, string> { ["Role"] = "web" } };

        Plan<IReadOnlyList<HostManagementState>> plan = await Planner.PlanAsync(web, TestTimeout.Token);
        string warning = Assert.Single(plan.Warnings);
        Assert.StartsWith("Quick Setup's association AWS-QuickSetup-SSMHostMgmt-CollectInventory-ab12c runs AWS-GatherSoftwareInventory too, on all", warning, StringComparison.Ordinal);
        Assert.Contains(
            (await Planner.PlanAsync(new() { Name = "all" }, TestTimeout.Token)).Warnings,
            one => one.StartsWith("The account's own association ours runs AWS-UpdateSSMAgent too, on tag Role=db", StringComparison.Ordinal));

        EngineException e = await Assert.ThrowsAsync<EngineException>(() => Planner.PlanAsync(new() { Name = "taken" }, TestTimeout.Token));
        Assert.Equal("HostManagementConflict", e.ErrorId);
        e = await Assert.ThrowsAsync<EngineException>(() => Planner.PlanRemovalAsync("ours", [], force: false, TestTimeout.Token));
        Assert.Equal("HostManagementNotManaged", e.ErrorId);
        await (await Planner.PlanRemovalAsync("ours", [], force: true, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
        Assert.DoesNotContain(own, World.Associations.Records.Keys);
        Assert.Equal("QuickSetup", (await Planner.ListAsync(TestTimeout.Token)).Find(state => state.AssociationId == quick)!.MadeBy);
    }

    [Fact]
    public async Task Another_package_of_the_document_that_installs_them_is_no_task()
    {
        foreach (string package in new[] { "AWSPVDriver", "AmazonCloudWatchAgent" })
        {
            await _sandbox.Aws.Ssm.CreateAssociationAsync(
                new CreateAssociationRequest
                {
                    Name = "AWS-ConfigureAWSPackage",
                    AssociationName = package,
                    Parameters = { ["action"] = ["Install"], ["name"] = [package] },
                    Targets = [new Target { Key = "InstanceIds", Values = ["*"] }],
                },
                TestTimeout.Token);
        }

        HostManagementState state = Assert.Single(await Planner.ListAsync(TestTimeout.Token));
        Assert.Equal(("AmazonCloudWatchAgent", "CloudWatchAgent", "Other"), (state.Name, state.Task, state.MadeBy));
    }

    [Fact]
    public async Task The_undo_takes_the_tasks_that_are_named_and_a_second_one_has_nothing_to_do()
    {
        await EnableAsync(new() { Name = "web" });

        await (await Planner.PlanRemovalAsync("web", ["Inventory"], force: false, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
        Assert.Equal(2, World.Associations.Records.Count);
        Assert.Equal(2, (await (await Planner.PlanRemovalAsync("web", [], force: false, TestTimeout.Token)).ApplyAsync(TestTimeout.Token)).Count);
        Assert.Empty(World.Associations.Records);

        await EnableAsync(new() { Name = "Web", Tasks = ["Inventory"] });
        await (await Planner.PlanRemovalAsync("web", [], force: false, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
        Assert.Empty(World.Associations.Records);

        Plan<IReadOnlyList<HostManagementState>> again = await Planner.PlanRemovalAsync("web", [], force: false, TestTimeout.Token);
        Assert.Empty(again.Changes);
        Assert.Contains("nothing to remove", Assert.Single(again.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_that_does_not_fit_a_platform_is_told_before_and_shows_as_failed_after()
    {
        const string mac = "mi-0123456789abcdef0";
        World.Report(mac, new NodeReport { PlatformType = "MacOS", PlatformName = "macOS", AgentVersion = AgentRelease.Latest });
        HostManagementRequest request = new() { Name = "cw", Tasks = [], CloudWatchConfiguration = "AmazonCloudWatch-linux" };

        Plan<IReadOnlyList<HostManagementState>> plan = await Planner.PlanAsync(request, TestTimeout.Token);

        Assert.Contains($"AmazonCloudWatch-ManageAgent is not for MacOS: it will fail on {mac}.", plan.Warnings);
        await plan.ApplyAsync(TestTimeout.Token);
        NodeCompliance node = await WaitAsync(mac, one => one.Compliant == false);
        Assert.Equal("CloudWatchConfig failed the last time.", node.Problem);
    }

    [Theory]
    [InlineData("not good", 0, "HostManagementInvalid")]
    [InlineData("", 0, "HostManagementInvalid")]
    [InlineData("many", 51, "HostManagementInvalid")]
    public async Task What_the_service_would_not_take_is_refused_before_anything_is_called(string name, int ids, string id)
    {
        HostManagementRequest request = new() { Name = name, InstanceIds = [.. Enumerable.Range(0, ids).Select(n => $"i-{n:x17}")] };

        EngineException e = await Assert.ThrowsAsync<EngineException>(() => Planner.PlanAsync(request, TestTimeout.Token));

        Assert.Equal((id, ErrorKind.InvalidArgument), (e.ErrorId, e.Kind));
    }

    [Fact]
    public async Task Default_Host_Management_is_switched_on_with_its_role_serves_instances_and_goes_without_a_trace()
    {
        DefaultHostManagement management = new(_sandbox.Aws);
        Assert.Equal("Off", (await management.ReadAsync(TestTimeout.Token))!.Status);
        Plan<IReadOnlyList<HostManagementState>> plan = await management.PlanAsync(null, TestTimeout.Token);
        Assert.Equal(
            [
                $"Create the role, trusted by ssm.amazonaws.com (role {Role})",
                $"Attach policy AmazonSSMManagedEC2InstanceDefaultPolicy (role {Role})",
                $"Switch Default Host Management on, with role {Role} ({World.Region})",
            ],
            plan.Changes.Select(change => change.ToString()));

        HostManagementState on = Assert.Single(await plan.ApplyAsync(TestTimeout.Token));
        Assert.Equal(("On", Role, "SsmTools"), (on.Status, on.Document, on.MadeBy));
        Assert.Equal($"service-role/{Role}", World.Settings.Get(ServiceSettings.HostManagementRole).Value);
        Assert.Empty((await management.PlanAsync(null, TestTimeout.Token)).Changes);

        await (await management.PlanRemovalAsync(force: false, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
        Assert.Equal(ServiceSettings.None, World.Settings.Get(ServiceSettings.HostManagementRole).Value);
        Assert.Empty(World.Roles);
        Assert.Empty((await management.PlanRemovalAsync(force: false, TestTimeout.Token)).Changes);
    }

    [Fact]
    public async Task Default_Host_Management_of_others_is_kept_and_not_switched_off_unasked()
    {
        await _sandbox.Aws.Iam.CreateRoleAsync(
            new CreateRoleRequest
            {
                RoleName = "theirs",
                AssumeRolePolicyDocument = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ssm.amazonaws.com"},"Action":"sts:AssumeRole"}]}""",
            },
            TestTimeout.Token);
        await _sandbox.GrantAsync("theirs");
        World.Settings.Set(ServiceSettings.HostManagementRole, "theirs", "somebody");
        DefaultHostManagement management = new(_sandbox.Aws);

        Assert.Empty((await management.PlanAsync(null, TestTimeout.Token)).Changes);
        EngineException e = await Assert.ThrowsAsync<EngineException>(() => management.PlanRemovalAsync(force: false, TestTimeout.Token));
        Assert.Equal(("HostManagementNotManaged", "theirs"), (e.ErrorId, e.Target));
        await (await management.PlanRemovalAsync(force: true, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
        Assert.Contains("theirs", World.Roles.Keys);
        Assert.Equal("Off", (await management.ReadAsync(TestTimeout.Token))!.Status);
    }

    private async Task EnableAsync(HostManagementRequest request) =>
        await (await Planner.PlanAsync(request, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);

    private async Task<string> CreateAsync(string name, string document, string key, string value) =>
        (await _sandbox.Aws.Ssm.CreateAssociationAsync(
            new CreateAssociationRequest
            {
                Name = document,
                AssociationName = name,
                ScheduleExpression = "rate(1 day)",
                Targets = [new Target { Key = key, Values = [value] }],
            },
            TestTimeout.Token)).AssociationDescription!.AssociationId!;

    private async Task<NodeCompliance> JudgeAsync(string id)
    {
        await foreach (NodeCompliance node in new ComplianceReader(_sandbox.Aws).ListAsync([id], TestTimeout.Token))
        {
            return node;
        }

        throw new InvalidOperationException($"{id} was not listed.");
    }

    private async Task<NodeCompliance> WaitAsync(string id, Func<NodeCompliance, bool> condition)
    {
        CancellationToken timeout = TestTimeout.Token;
        NodeCompliance node;
        while (!condition(node = await JudgeAsync(id)))
        {
            timeout.ThrowIfCancellationRequested();
        }

        return node;
    }
}
