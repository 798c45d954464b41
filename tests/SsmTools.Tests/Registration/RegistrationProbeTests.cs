using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Provisioning;
using SsmTools.Engine.Registration;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Provisioning;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Registration;

public sealed class RegistrationProbeTests
{
    private const string Unknown = "i-00000000000000000";

    [Fact]
    public async Task A_registered_node_is_told_with_what_is_known_of_it()
    {
        await using ProvisioningAccount account = new();
        string id = Assert.Single(await LaunchAsync(account, 1, register: true, name: "web"));

        NodeRegistration node = Assert.Single(await TestAsync(account, [id]));

        Assert.True(node.Registered);
        Assert.Equal("web", node.Name);
        Assert.Equal("Online", node.PingStatus);
        Assert.Equal("Linux", node.PlatformType);
        Assert.Equal("Amazon Linux", node.PlatformName);
        Assert.Equal("2023", node.PlatformVersion);
        Assert.NotNull(node.AgentVersion);
        Assert.NotNull(node.IpAddress);
        Assert.NotNull(node.LastPing);
        Assert.Null(node.Reason);
    }

    [Fact]
    public async Task Each_of_a_mixed_batch_gets_its_own_reason_in_order()
    {
        await using ProvisioningAccount account = new();
        string[] ids = await LaunchAsync(account, 4, register: false);
        account.World.Register(account.World.Instances[ids[0]], "3.3.3050.0");
        Terminate(account, ids[2]);
        account.World.Lifecycle.Stop(account.World.Instances[ids[3]], "test");
        account.Clock.Advance(TimeSpan.FromSeconds(20));

        List<NodeRegistration> nodes = await TestAsync(
            account, [ids[0], "web", ids[1], Unknown, ids[2], "mi-00000000000000000", ids[3], ids[0]]);

        Assert.Equal(
            [ids[0], "web", ids[1], Unknown, ids[2], "mi-00000000000000000", ids[3]],
            nodes.Select(node => node.InstanceId));
        Assert.True(nodes[0].Registered);
        Assert.All(nodes.Skip(1), node => Assert.False(node.Registered));
        Assert.Equal("'web' is not the id of a node (i-… or mi-…)", nodes[1].Reason);
        Assert.StartsWith("no instance profile attached; launched 2", nodes[2].Reason, StringComparison.Ordinal);
        Assert.Equal("no such instance in eu-west-1", nodes[3].Reason);
        Assert.Equal("instance is terminated", nodes[4].Reason);
        Assert.Equal("no such node in eu-west-1", nodes[5].Reason);
        Assert.Equal("instance is stopped", nodes[6].Reason);
    }

    [Fact]
    public async Task A_lost_agent_is_not_registered_and_it_says_since_when()
    {
        await using ProvisioningAccount account = new();
        string id = Assert.Single(await LaunchAsync(account, 1, register: true));
        account.Clock.Advance(TimeSpan.FromMinutes(10));

        NodeRegistration node = Assert.Single(await TestAsync(account, [id]));

        Assert.False(node.Registered);
        Assert.Equal("ConnectionLost", node.PingStatus);
        Assert.Equal("the agent was last heard of 10 min ago", node.Reason);
    }

    [Fact]
    public async Task Ten_thousand_nodes_cost_two_hundred_list_calls()
    {
        await using ProvisioningAccount account = new();
        string[] ids = await LaunchAsync(account, 10_000, register: true);
        account.Forget();

        int registered = 0;
        await foreach (NodeRegistration node in new RegistrationProbe(account.Context, account.Time)
            .TestAsync(ids, TestTimeout.Seconds(60)))
        {
            registered += node.Registered ? 1 : 0;
        }

        Assert.Equal(10_000, registered);
        Assert.Equal(200, account.Calls.Count(call => call == "DescribeInstanceInformation"));
        Assert.InRange(account.Calls.Count, 200, 220);
    }

    [Fact]
    public async Task The_first_node_is_told_before_the_last_is_asked_for()
    {
        await using ProvisioningAccount account = new();
        string[] ids = await LaunchAsync(account, 200, register: true);
        account.Forget();

        await foreach (NodeRegistration node in new RegistrationProbe(account.Context, account.Time)
            .TestAsync(ids, TestTimeout.Token))
        {
            Assert.Equal(ids[0], node.InstanceId);
            break;
        }

        Assert.Equal(["DescribeInstances", "DescribeInstanceInformation"], account.Calls);
    }

    [Fact]
    public async Task Where_ec2_may_not_be_asked_it_goes_on_without()
    {
        await using ProvisioningAccount account = new();
        string[] ids = await LaunchAsync(account, 1, register: true);
        account.Before = (_, operation) => operation == "DescribeInstances"
            ? new HttpResponse(403, "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You are not authorized to perform this operation.</Message></Error></Errors><RequestID>1</RequestID></Response>"u8.ToArray(), "text/xml")
            : null;

        List<NodeRegistration> nodes = await TestAsync(account, [ids[0], Unknown]);

        Assert.True(nodes[0].Registered);
        Assert.Contains("ec2:DescribeInstances is denied", nodes[1].Reason!, StringComparison.Ordinal);
    }

    internal static async Task<string[]> LaunchAsync(
        ProvisioningAccount account, int count, bool register, string? name = null, string? profile = null)
    {
        List<string> ids = count > 200
            ? await LaunchFleetAsync(account, count)
            : [.. (await InstanceProvisionerTests.LaunchAsync(account, new LaunchRequest
            {
                SubnetId = account.Isolated,
                Name = name,
                InstanceProfileName = profile,
                Count = count,
            })).Select(instance => instance.InstanceId)];
        account.Clock.Advance(TimeSpan.FromSeconds(1));
        foreach (string id in ids.Where(_ => register))
        {
            account.World.Register(account.World.Instances[id], "3.3.3050.0");
        }

        return [.. ids];
    }

    // The sandbox's own subnets have 251 addresses, and a plan reads back what it launched.
    private static async Task<List<string>> LaunchFleetAsync(ProvisioningAccount account, int count)
    {
        SubnetRecord subnet = new NetworkFactory(account.World)
            .Subnet(account.World.Seed.Vpc, "10.10.64.0/18", account.World.Zones[0], "wide");
        RunInstancesResponse response = await account.Context.Ec2.RunInstancesAsync(
            new RunInstancesRequest
            {
                SubnetId = subnet.Id,
                ImageId = account.World.Images[0].ImageId,
                InstanceType = "t3.nano",
                MinCount = count,
                MaxCount = count,
            },
            TestTimeout.Seconds(120));
        return [.. response.Instances.Select(instance => instance.InstanceId!)];
    }

    internal static void Terminate(ProvisioningAccount account, string id) =>
        account.World.Lifecycle.Terminate(account.World.Instances[id], "test");

    private static async Task<List<NodeRegistration>> TestAsync(ProvisioningAccount account, string[] ids)
    {
        List<NodeRegistration> nodes = [];
        await foreach (NodeRegistration node in new RegistrationProbe(account.Context, account.Time).TestAsync(ids, TestTimeout.Token))
        {
            nodes.Add(node);
        }

        return nodes;
    }
}
