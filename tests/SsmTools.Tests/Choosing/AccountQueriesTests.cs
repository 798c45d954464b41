using SsmTools.Engine;
using SsmTools.Engine.Aws.Iam;
using SsmTools.Engine.Choosing;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Provisioning;
using SsmTools.Tests.Registration;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Choosing;

public sealed class AccountQueriesTests
{
    private const string Denied =
        "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>No.</Message></Error></Errors><RequestID>1</RequestID></Response>";

    [Fact]
    public async Task Nodes_come_with_name_state_ping_status_and_platform_and_only_those_that_answer_are_ready()
    {
        await using ProvisioningAccount account = new();
        string web = Assert.Single(await RegistrationProbeTests.LaunchAsync(account, 1, register: true, name: "web"));
        string dead = Assert.Single(await RegistrationProbeTests.LaunchAsync(account, 1, register: false));
        string gone = Assert.Single(await RegistrationProbeTests.LaunchAsync(account, 1, register: true, name: "gone"));
        RegistrationProbeTests.Terminate(account, gone);

        Dictionary<string, Choice> nodes = await AskAsync(account, AccountQueries.Nodes);

        Assert.Equal(new[] { web, dead }.Order(), nodes.Keys.Order());
        Assert.Equal(("web", true), (nodes[web].Label, nodes[web].IsReady));
        Assert.Equal($"web, {web}, running, Online, Amazon Linux 2023", nodes[web].ToolTip);
        Assert.Equal((dead, false), (nodes[dead].Label, nodes[dead].IsReady));
        Assert.Equal($"{dead}, running, not registered", nodes[dead].ToolTip);
    }

    [Fact]
    public async Task Nodes_cost_one_pass_over_both_services()
    {
        await using ProvisioningAccount account = new();
        await RegistrationProbeTests.LaunchAsync(account, 120, register: true);
        account.Forget();

        Assert.Equal(120, (await AskAsync(account, AccountQueries.Nodes)).Count);
        Assert.Equal(1, account.Calls.Count(call => call == "DescribeInstances"));
        Assert.Equal(3, account.Calls.Count(call => call == "DescribeInstanceInformation"));
    }

    [Fact]
    public async Task Networks_are_the_vpcs_that_were_made_here_and_zones_those_of_the_region()
    {
        await using ProvisioningAccount account = new();
        await NetworkProvisionerTests.MakeAsync(account, new() { Name = "lab" });

        Assert.Equal(["sandbox", "lab"], (await AskAsync(account, AccountQueries.Vpcs)).Values.Select(vpc => vpc.Label));
        Choice network = Assert.Single(await AskAsync(account, AccountQueries.Networks)).Value;
        Assert.Equal("lab", network.Value);
        Assert.EndsWith(", 10.10.0.0/23", network.ToolTip, StringComparison.Ordinal);
        Assert.Equal(["eu-west-1a", "eu-west-1b", "eu-west-1c"], (await AskAsync(account, AccountQueries.Zones)).Keys);
    }

    [Fact]
    public async Task Where_ec2_may_not_be_asked_there_are_nodes_without_names()
    {
        await using ProvisioningAccount account = new();
        string web = Assert.Single(await RegistrationProbeTests.LaunchAsync(account, 1, register: true, name: "web"));
        account.Before = (_, call) =>
            call == "DescribeInstances" ? new HttpResponse(403, System.Text.Encoding.UTF8.GetBytes(Denied), "text/xml") : null;

        Choice node = Assert.Single(await AskAsync(account, AccountQueries.Nodes)).Value;

        Assert.Equal((web, web, true), (node.Value, node.Label, node.IsReady));
    }

    [Fact]
    public async Task A_node_whose_agent_is_lost_is_not_ready()
    {
        await using ProvisioningAccount account = new();
        await RegistrationProbeTests.LaunchAsync(account, 1, register: true, name: "web");
        account.Clock.Advance(TimeSpan.FromMinutes(10));

        Choice node = Assert.Single(await AskAsync(account, AccountQueries.Nodes)).Value;

        Assert.False(node.IsReady);
        Assert.Contains("running, ConnectionLost", node.ToolTip, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_systems_manager_refuses_is_an_error()
    {
        await using ProvisioningAccount account = new();
        account.Before = (_, call) => call == "DescribeInstanceInformation"
            ? new HttpResponse(400, """{"__type":"AccessDeniedException","message":"No."}"""u8.ToArray(), "application/x-amz-json-1.1")
            : null;

        EngineException error = await Assert.ThrowsAsync<EngineException>(() => AskAsync(account, AccountQueries.Nodes));

        Assert.Equal("AccessDenied", error.ErrorId);
    }

    [Fact]
    public async Task Profiles_are_ready_when_they_hold_a_role_and_roles_are_those_in_profiles()
    {
        await using ProvisioningAccount account = new();
        await InstanceProvisionerTests.MakeProfileAsync(account);
        await account.Context.Iam.CreateInstanceProfileAsync(
            new CreateInstanceProfileRequest { InstanceProfileName = "empty" }, TestTimeout.Token);

        Dictionary<string, Choice> profiles = await AskAsync(account, AccountQueries.InstanceProfiles);
        Choice role = Assert.Single(await AskAsync(account, AccountQueries.InstanceRoles)).Value;

        Assert.Equal(["empty", "web"], profiles.Keys.Order());
        Assert.True(profiles["web"].IsReady);
        Assert.EndsWith(":instance-profile/web, role web", profiles["web"].ToolTip, StringComparison.Ordinal);
        Assert.False(profiles["empty"].IsReady);
        Assert.EndsWith(":role/web, in instance profile web", role.ToolTip, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subnets_and_security_groups_come_by_id_with_their_names()
    {
        await using ProvisioningAccount account = new();

        Choice subnet = (await AskAsync(account, AccountQueries.Subnets(NetworkHint.None)))[account.Isolated];
        Dictionary<string, Choice> groups = await AskAsync(account, AccountQueries.SecurityGroups(NetworkHint.None));

        Assert.Equal("isolated-a", subnet.Label);
        Assert.StartsWith($"isolated-a, {account.Isolated}, 10.10.0.0/24, eu-west-1a, in vpc-", subnet.ToolTip, StringComparison.Ordinal);
        Assert.Contains("default", groups.Values.Select(group => group.Label));
        Assert.All(groups.Keys, id => Assert.StartsWith("sg-", id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_given_of_a_network_narrows_the_rest_to_its_vpc()
    {
        await using ProvisioningAccount account = new();
        NetworkFactory make = new(account.World);
        VpcRecord vpc = make.Vpc("10.20.0.0/16", "other", dnsHostnames: true);
        SubnetRecord subnet = make.Subnet(vpc, "10.20.0.0/24", "eu-west-1a", "other-a");
        SecurityGroupRecord group = make.SecurityGroup(vpc, "other", "other");

        foreach (NetworkHint hint in new NetworkHint[] { new(vpc.Id, null, null), new(null, subnet.Id, null), new(null, null, group.Id) })
        {
            Assert.Equal([subnet.Id], (await AskAsync(account, AccountQueries.Subnets(hint))).Keys);
            Assert.Equal(
                ["default", "other"],
                (await AskAsync(account, AccountQueries.SecurityGroups(hint))).Values.Select(choice => choice.Label).Order());
        }

        NetworkHint gone = new(null, "subnet-0123456789abcdef0", null);
        Assert.Contains(account.Isolated, (await AskAsync(account, AccountQueries.Subnets(gone))).Keys);
    }

    private static async Task<Dictionary<string, Choice>> AskAsync(ProvisioningAccount account, AccountQuery query) =>
        (await query.AskAsync(account.Context, TestTimeout.Token)).ToDictionary(choice => choice.Value);
}
