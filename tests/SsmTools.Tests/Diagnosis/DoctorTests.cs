using SsmTools.Engine.Diagnosis;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Diagnosis;

public sealed class DoctorTests
{
    private const string Unknown = "i-00000000000000000";

    [Fact]
    public async Task A_healthy_node_passes_every_check_in_the_order_of_the_chain()
    {
        await using Ward ward = new();
        string id = Assert.Single(await ward.LaunchAsync(1, "web"));

        NodeDiagnosis diagnosis = Assert.Single(await ward.DiagnoseAsync(id));

        Assert.True(diagnosis.Node.Registered);
        Assert.All(diagnosis.Findings, finding => Assert.Equal(FindingStatus.Pass, finding.Status));
        string[] order = [.. CheckList.First.Concat(CheckList.Last).Select(check => check.Id)];
        string[] made = [.. diagnosis.Findings.Select(finding => finding.Check)];
        Assert.Equal(order.Where(made.Contains), made);
        Assert.Superset(
            new HashSet<string> { "InstanceState", "StatusChecks", "Agent", "InstanceProfile", "RoleTrust", "RolePermission", "Route", "NetworkAcl" },
            made.ToHashSet());
    }

    [Fact]
    public void The_topic_tells_of_every_check_in_its_order()
    {
        string topic = Repository.Read("en-US", "about_SsmTools_Doctor.help.txt");
        int[] places = [.. CheckList.First.Concat(CheckList.Last)
            .Select(check => topic.IndexOf($"    {check.Id}", StringComparison.Ordinal))
            .Where(place => place >= 0)];

        // Three stand in one line.
        Assert.Equal(CheckList.First.Count + CheckList.Last.Count - 1, places.Length);
        Assert.Equal(places.Order(), places);
        Assert.Contains("Clock, Disk,", topic, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Registered_nodes_are_not_examined_unless_asked_for()
    {
        await using Ward ward = new();
        string id = Assert.Single(await ward.LaunchAsync(1, "web"));
        ward.Account.Forget();

        NodeDiagnosis diagnosis = Assert.Single(await ward.TestAsync(id));

        Assert.Empty(diagnosis.Findings);
        Assert.Equal(["DescribeInstances", "DescribeInstanceInformation"], ward.Account.Calls);
    }

    [Fact]
    public async Task A_node_without_profile_is_told_so_and_nothing_else_fails()
    {
        await using Ward ward = new();
        string id = Assert.Single(await ward.LaunchAsync(1, null));

        NodeDiagnosis diagnosis = Assert.Single(await ward.TestAsync(id));

        Finding failure = Assert.Single(diagnosis.Findings, finding => finding.Status == FindingStatus.Fail);
        Assert.Equal("InstanceProfile", failure.Check);
        Assert.Equal(new FindingCause.ProfileMissing(id), failure.Cause);
        Assert.Equal(failure.Because, diagnosis.Node.Reason);
    }

    [Fact]
    public async Task Good_and_bad_ids_are_told_of_in_order()
    {
        await using Ward ward = new();
        string[] ids = await ward.LaunchAsync(2, "web");
        ward.Account.World.Lifecycle.Terminate(ward.Account.World.Instances[ids[1]], "test");
        ward.Account.Clock.Advance(TimeSpan.FromSeconds(5));

        IReadOnlyList<NodeDiagnosis> all = await ward.DiagnoseAsync(ids[0], Unknown, ids[1], "mi-00000000000000000");

        Assert.Equal([ids[0], Unknown, ids[1], "mi-00000000000000000"], all.Select(one => one.Node.InstanceId));
        Assert.Null(all[0].FirstFailure);
        Assert.Equal(new FindingCause.NodeNotFound(Unknown, null), all[1].FirstFailure!.Cause);
        Assert.Equal("the instance is terminated", all[2].FirstFailure!.Because);
        Assert.Equal("HybridActivation", all[3].FirstFailure!.Check);
    }

    [Theory]
    [InlineData("DescribeInstanceInformation", "Agent", "ssm:DescribeInstanceInformation is denied to you")]
    [InlineData("DescribeInstances", "InstanceState", "ec2:DescribeInstances is denied to you")]
    [InlineData("DescribeInstanceStatus", "StatusChecks", "ec2:DescribeInstanceStatus is denied to you")]
    [InlineData("DescribeImages", "Agent", "ec2:DescribeImages is denied to you")]
    [InlineData("GetInstanceProfile", "InstanceProfile", "iam:GetInstanceProfile is denied to you")]
    [InlineData("ListAttachedRolePolicies", "RolePermission", "iam:ListAttachedRolePolicies is denied to you")]
    [InlineData("GetServiceSetting", "DefaultHostManagement", "ssm:GetServiceSetting is denied to you")]
    [InlineData("DescribeVpcAttribute", "VpcDns", "ec2:DescribeVpcAttribute is denied to you")]
    [InlineData("DescribeVpcEndpoints", "VpcEndpoint", "ec2:DescribeVpcEndpoints is denied to you")]
    [InlineData("DescribeSecurityGroups", "SecurityGroupEgress", "ec2:DescribeSecurityGroups is denied to you")]
    [InlineData("DescribeNetworkAcls", "NetworkAcl", "ec2:DescribeNetworkAcls is denied to you")]
    [InlineData("GetDocument", "SessionEndpoints", "ssm:GetDocument is denied to you")]
    [InlineData("GetConsoleOutput", "Disk", "ec2:GetConsoleOutput is denied to you")]
    public async Task A_right_that_the_caller_lacks_makes_a_check_unknown(string operation, string check, string because)
    {
        await using Ward ward = new();
        string id = Assert.Single(await ward.LaunchAsync(1, "web", registers: false));
        ward.Account.Before = (_, called) => called == operation ? Ward.Denial(operation) : null;

        NodeDiagnosis diagnosis = Assert.Single(await ward.DiagnoseAsync(id));

        Finding finding = Assert.Single(diagnosis.Findings, finding => finding.Check == check);
        Assert.Equal(FindingStatus.Unknown, finding.Status);
        Assert.Equal(because, finding.Because);
    }

    [Fact]
    public async Task Whoever_may_look_at_nothing_gets_unknown_findings_and_no_error()
    {
        await using Ward ward = new();
        string id = Assert.Single(await ward.LaunchAsync(1, null));
        ward.Account.Before = (_, called) => Ward.Denial(called);

        NodeDiagnosis diagnosis = Assert.Single(await ward.DiagnoseAsync(id));

        Assert.NotEmpty(diagnosis.Findings);
        Assert.All(diagnosis.Findings, finding => Assert.Equal(FindingStatus.Unknown, finding.Status));
    }

    [Fact]
    public async Task A_thousand_unregistered_nodes_in_ten_subnets_cost_a_hundred_calls_at_most()
    {
        await using Ward ward = new();
        List<string> ids = [];
        foreach (string subnet in ward.MakeSubnets(10))
        {
            ids.AddRange(await ward.LaunchAsync(100, "web", registers: false, subnet));
        }

        ward.Account.Clock.Advance(TimeSpan.FromMinutes(10));
        ward.Account.Forget();

        IReadOnlyList<NodeDiagnosis> all = await ward.TestAsync([.. ids]);

        Assert.Equal(1000, all.Count);
        Assert.All(all, one => Assert.NotEmpty(one.Findings));
        Assert.InRange(ward.Account.Calls.Count, 1, 100);
    }

    [Fact]
    public async Task Ten_thousand_registered_nodes_cost_a_list_call_for_fifty_and_no_more_than_twenty_besides()
    {
        await using Ward ward = new();
        string[] ids = await ward.LaunchAsync(10_000, null, registers: false);
        foreach (string id in ids)
        {
            ward.World.Register(ward.World.Instances[id], "3.3.3050.0");
        }

        ward.Account.Forget();
        int count = 0;
        await foreach (NodeDiagnosis diagnosis in
            new Doctor(ward.Account.Context).TestAsync(ids, false, TestTimeout.Seconds(240)))
        {
            count += diagnosis.Node.Registered ? 1 : 0;
        }

        Assert.Equal(10_000, count);
        Assert.InRange(ward.Account.Calls.Count, 1, (10_000 / 50) + 20);
    }
}
