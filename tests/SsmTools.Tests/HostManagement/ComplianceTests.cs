using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.HostManagement;
using SsmTools.Engine.Provisioning;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Provisioning;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.HostManagement;

/// <summary>How nodes stand, where there are many, some are nobody's, and associations go while they are looked at.</summary>
public sealed class ComplianceTests
{
    [Fact]
    public async Task More_nodes_than_one_filter_of_the_inventory_takes_are_judged_all_the_same()
    {
        await using ProvisioningAccount account = new();
        AddNodes(account, 61, "Linux");

        Assert.Equal(61, (await JudgeAsync(account)).Count);
    }

    [Fact]
    public async Task Of_the_runs_for_all_nodes_the_latest_one_alone_is_read()
    {
        await using ProvisioningAccount account = new();
        AddNodes(account, 60, "Linux");
        await (await new HostManagementPlanner(account.Context).PlanAsync(
            new() { Name = "all", Tasks = ["PatchScan"] }, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
        AssociationRecord record = account.World.Associations.Records.Values.Single();
        for (int older = 0; older < 5; older++)
        {
            record.Runs.Add(new AssociationRun(account.World.Ids.Uuid(), 1, account.World.Now, record.Runs[0].Command));
        }

        List<NodeCompliance> nodes = await JudgeAsync(account);

        Assert.Equal(60, nodes.Count(node => node.Tasks.ContainsKey("PatchScan")));
        Assert.Equal(2, account.Calls.Count(call => call == "DescribeAssociationExecutionTargets"));
    }

    [Fact]
    public async Task A_node_that_is_not_managed_is_told_among_those_that_are()
    {
        await using ProvisioningAccount account = new();
        string managed = AddNodes(account, 1, "Linux")[0];
        const string stranger = "i-0123456789abcdef0";

        List<NodeCompliance> nodes = await JudgeAsync(account, stranger, managed);

        Assert.Equal([managed, stranger], nodes.Select(node => node.InstanceId).Order(StringComparer.Ordinal).Reverse());
        NodeCompliance one = nodes.Find(node => node.InstanceId == stranger)!;
        Assert.Null(one.Compliant);
        Assert.Contains($"Test-SsmRegistration {stranger}", one.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DescribeAssociation")]
    [InlineData("DescribeAssociationExecutions")]
    [InlineData("DescribeAssociationExecutionTargets")]
    public async Task An_association_that_goes_while_nodes_are_judged_is_passed_over(string operation)
    {
        await using ProvisioningAccount account = new();
        AddNodes(account, 1, "Linux");
        await CreateForeignAsync(account);
        account.Before = (_, called) => Forget(account, called == operation);

        Assert.Single(await JudgeAsync(account));
        Assert.Contains(operation, account.Calls);
    }

    [Fact]
    public async Task An_association_that_goes_while_its_removal_is_planned_is_passed_over()
    {
        await using ProvisioningAccount account = new();
        HostManagementPlanner planner = new(account.Context);
        await (await planner.PlanAsync(new() { Name = "web", Tasks = ["PatchScan"] }, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
        account.Before = (_, called) => Forget(account, called == "ListTagsForResource");

        Plan<IReadOnlyList<HostManagementState>> plan = await planner.PlanRemovalAsync("web", [], false, TestTimeout.Token);

        Assert.Empty(plan.Changes);
    }

    [Fact]
    public async Task Of_many_nodes_that_a_document_is_not_for_no_wrong_count_is_told()
    {
        await using ProvisioningAccount account = new();
        AddNodes(account, 60, "MacOS");

        Plan<IReadOnlyList<HostManagementState>> plan = await new HostManagementPlanner(account.Context).PlanAsync(
            new() { Name = "cw", Tasks = [], CloudWatchConfiguration = "AmazonCloudWatch-linux" }, TestTimeout.Token);

        string warning = Assert.Single(plan.Warnings, one => one.Contains("is not for MacOS", StringComparison.Ordinal));
        Assert.EndsWith("mi-00000000000000004 and others.", warning, StringComparison.Ordinal);
    }

    private static HttpResponse? Forget(ProvisioningAccount account, bool isTime)
    {
        if (isTime)
        {
            lock (account.World.Gate)
            {
                account.World.Associations.Records.Clear();
            }
        }

        return null;
    }

    private static async Task CreateForeignAsync(ProvisioningAccount account) => await account.Context.Ssm.CreateAssociationAsync(
        new CreateAssociationRequest
        {
            Name = "AWS-ConfigureAWSPackage",
            AssociationName = "theirs",
            Parameters = { ["action"] = ["Install"], ["name"] = ["AmazonCloudWatchAgent"] },
            Targets = [new Target { Key = "tag:Role", Values = ["none"] }],
        },
        TestTimeout.Token);

    private static string[] AddNodes(ProvisioningAccount account, int count, string platform)
    {
        string[] ids = [.. Enumerable.Range(0, count).Select(n => $"mi-{n:x17}")];
        foreach (string id in ids)
        {
            account.World.Report(id, new NodeReport { PlatformType = platform, AgentVersion = AgentRelease.Latest });
        }

        return ids;
    }

    private static async Task<List<NodeCompliance>> JudgeAsync(ProvisioningAccount account, params string[] ids)
    {
        List<NodeCompliance> nodes = [];
        await foreach (NodeCompliance node in new ComplianceReader(account.Context).ListAsync(ids, TestTimeout.Token))
        {
            nodes.Add(node);
        }

        return nodes;
    }
}
