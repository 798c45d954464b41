using System.Diagnostics;
using System.Globalization;
using SsmTools.Engine;
using SsmTools.Engine.Provisioning;
using SsmTools.Engine.Registration;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Provisioning;
using SsmTools.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace SsmTools.Tests.Registration;

public sealed class NodeInventoryTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Instances_and_nodes_elsewhere_are_listed_side_by_side()
    {
        await using ProvisioningAccount account = new();
        Fill(account, managed: 60, unmanaged: 30);
        string hybrid = AddHybrid(account, "rack-1", "Windows");

        List<InventoryNode> nodes = await ListAsync(account, new NodeQuery());

        Assert.Equal(91, nodes.Count);
        Assert.Equal(91, nodes.DistinctBy(node => node.InstanceId).Count());
        Assert.Equal(30, nodes.Count(node => node.Managed == false));
        InventoryNode elsewhere = Assert.Single(nodes, node => node.Instance is null);
        Assert.Equal((hybrid, "rack-1", "Windows"), (elsewhere.InstanceId, elsewhere.Name, elsewhere.PlatformType));
        Assert.Null(elsewhere.SubnetType);
        Assert.All(nodes.Where(node => node.Managed == true && node.Instance is not null), node =>
        {
            Assert.Equal("Online", node.PingStatus);
            Assert.Equal("3.2.582.0", node.AgentVersion);
            Assert.True(node.AgentOutdated);
            Assert.Equal("Private", node.SubnetType);
        });

        // Ninety instances are two pages of Systems Manager's; the node elsewhere is one more.
        Assert.Equal(
            ["DescribeInstances", .. Enumerable.Repeat("DescribeInstanceInformation", 3), "DescribeRouteTables"],
            account.Calls.Order(StringComparer.Ordinal).OrderBy(call => call == "DescribeRouteTables")
                .ThenBy(call => call != "DescribeInstances"));
    }

    [Fact]
    public async Task Ten_thousand_take_a_call_for_each_fifty()
    {
        await using ProvisioningAccount account = new();
        Fill(account, managed: 9_000, unmanaged: 1_000);
        int many = 0;
        long most = 0;
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Stopwatch watch = Stopwatch.StartNew();

        await foreach (InventoryItem item in
            new NodeInventory(account.Context).ListAsync(new NodeQuery(), TestTimeout.Token))
        {
            Assert.NotNull(item.Node);
            if (++many % 2_500 == 0)
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
            }
        }

        output.WriteLine($"{watch.ElapsedMilliseconds} ms, {most / 1024} KB more in use at most");
        Assert.Equal(10_000, many);
        Assert.Equal(10, account.Calls.Count(call => call == "DescribeInstances"));
        Assert.Equal(201, account.Calls.Count(call => call == "DescribeInstanceInformation"));
        Assert.Equal(1, account.Calls.Count(call => call == "DescribeRouteTables"));
    }

    [Fact]
    public async Task The_first_come_before_the_last_page_is_asked_for()
    {
        await using ProvisioningAccount account = new();
        Fill(account, managed: 200, unmanaged: 0);

        await foreach (InventoryItem item in
            new NodeInventory(account.Context).ListAsync(new NodeQuery(), TestTimeout.Token))
        {
            Assert.NotNull(item.Node);
            break;
        }

        Assert.Equal(1, account.Calls.Count(call => call == "DescribeInstanceInformation"));
    }

    [Fact]
    public async Task Where_Systems_Manager_filters_better_it_is_asked_first()
    {
        await using ProvisioningAccount account = new();
        Fill(account, managed: 3, unmanaged: 200);

        List<InventoryNode> nodes = await ListAsync(account, new NodeQuery { Managed = true, PlatformType = "Linux" });

        Assert.Equal(3, nodes.Count);
        Assert.Equal(
            ["DescribeInstanceInformation", "DescribeInstances", "DescribeRouteTables"], account.Calls.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("public", "Public")]
    [InlineData("private", "Private")]
    [InlineData("unassociated", "Private")]
    public async Task A_subnet_is_private_unless_its_route_table_leads_to_an_internet_gateway(string kind, string expected)
    {
        await using ProvisioningAccount account = new();
        NetworkSeed seed = account.World.Seed;
        SubnetRecord subnet = kind switch
        {
            "public" => seed.Public[0],
            "private" => seed.Private[0],
            _ => new NetworkFactory(account.World).Subnet(seed.Vpc, "10.10.9.0/24", account.World.Zones[0], "plain"),
        };
        await InstanceProvisionerTests.LaunchAsync(account, new LaunchRequest { SubnetId = subnet.Id });

        Assert.Equal(expected, Assert.Single(await ListAsync(account, new NodeQuery())).SubnetType);
    }

    [Fact]
    public async Task What_is_asked_for_and_not_there_is_a_problem_and_the_rest_goes_on()
    {
        await using ProvisioningAccount account = new();
        Fill(account, managed: 1, unmanaged: 1);
        string id = account.World.Instances.Keys.First();
        NodeQuery query = new() { Targets = ["i-0123456789abcdef0", id, "mi-0123456789abcdef0", "nobody*", "node-1"] };

        List<InventoryItem> items = await ItemsAsync(account, query);

        Assert.Equal(2, items.Count(item => item.Node is not null));
        Assert.Equal(
            [
                ("InstanceNotFound", "i-0123456789abcdef0"), ("InstanceNotFound", "mi-0123456789abcdef0"),
                ("TargetNotFound", "nobody*"),
            ],
            items.Where(item => item.Problem is not null).Select(item => (item.Problem!.ErrorId, item.Problem.Target!)).Order());
    }

    [Fact]
    public async Task An_instance_that_is_gone_is_shown_to_those_who_name_it()
    {
        await using ProvisioningAccount account = new();
        Fill(account, managed: 2, unmanaged: 0);
        InstanceRecord gone = account.World.Instances.Values.First();
        gone.State = InstanceState.Terminated;

        Assert.Single(await ListAsync(account, new NodeQuery()));
        Assert.Equal("terminated", Assert.Single(await ListAsync(account, new NodeQuery { Targets = [gone.Id] })).Instance!.State);
        Assert.Single(await ListAsync(account, new NodeQuery { States = ["terminated"] }));
        Assert.Single(await ListAsync(account, new NodeQuery { Managed = true }));
    }

    [Theory]
    [InlineData("DescribeInstances", "ec2:DescribeInstances")]
    [InlineData("DescribeInstanceInformation", "ssm:DescribeInstanceInformation")]
    [InlineData("DescribeRouteTables", "ec2:DescribeRouteTables")]
    public async Task What_the_caller_may_not_ask_is_left_out_and_named(string operation, string action)
    {
        await using ProvisioningAccount account = new();
        Fill(account, managed: 3, unmanaged: 1);
        Deny(account, operation);
        NodeInventory inventory = new(account.Context);

        List<InventoryNode> nodes = [];
        await foreach (InventoryItem item in inventory.ListAsync(new NodeQuery(), TestTimeout.Token))
        {
            nodes.Add(item.Node!);
        }

        Assert.Equal([action], inventory.DeniedActions);
        Assert.Equal(operation == "DescribeInstances" ? 3 : 4, nodes.Count);
        Assert.All(nodes, node =>
        {
            Assert.Equal(operation == "DescribeInstances", node.Instance is null);
            Assert.Equal(operation == "DescribeInstanceInformation", node.Managed is null);
            Assert.Equal(operation == "DescribeRouteTables", node.SubnetType == "Unknown");
        });
    }

    [Theory]
    [InlineData("DescribeInstances")]
    [InlineData("DescribeInstanceInformation")]
    public async Task A_filter_that_needs_what_is_denied_is_an_error_that_names_the_action(string operation)
    {
        await using ProvisioningAccount account = new();
        Fill(account, managed: 1, unmanaged: 1);
        Deny(account, operation);

        EngineException denied = await Assert.ThrowsAsync<EngineException>(
            () => ListAsync(account, new NodeQuery { Managed = false }));

        Assert.Equal((ErrorKind.PermissionDenied, "AccessDenied"), (denied.Kind, denied.ErrorId));
        Assert.Contains(operation, denied.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_and_tags_with_wildcards_filter_whatever_their_case()
    {
        await using ProvisioningAccount account = new();
        Fill(account, managed: 12, unmanaged: 0);
        string hybrid = AddHybrid(account, "NODE-1x", "Linux");
        account.World.OutsideNodes[hybrid].Tags["Stage"] = "test";

        Assert.Equal(
            ["NODE-1x", "node-1", "node-10", "node-11"],
            (await ListAsync(account, new NodeQuery { Names = ["Node-1*"] })).Select(node => node.Name!).Order(StringComparer.Ordinal));
        Assert.Equal(13, (await ListAsync(account, new NodeQuery { Tags = Tags("test") })).Count);
        Assert.Equal(12, (await ListAsync(account, new NodeQuery { Tags = Tags("t?st") })).Count);
        Assert.Empty(await ListAsync(account, new NodeQuery { Tags = Tags("Test") }));
        Assert.Empty(await ListAsync(account, new NodeQuery { Names = ["nope*"] }));
        InventoryItem unnamed = Assert.Single(await ItemsAsync(account, new NodeQuery { Names = ["nope"] }));
        Assert.Equal("TargetNotFound", unnamed.Problem?.ErrorId);
    }

    internal static void Fill(ProvisioningAccount account, int managed, int unmanaged)
    {
        SandboxWorld world = account.World;
        for (int i = 0; i < managed + unmanaged; i++)
        {
            InstanceRecord instance = WorldFleet.Add(world, world.Seed.Isolated[i % 2], $"node-{i.ToString(CultureInfo.InvariantCulture)}");
            instance.Tags["Stage"] = "test";
            if (i < managed)
            {
                world.Register(instance, "3.2.582.0");
            }
        }
    }

    private static string AddHybrid(ProvisioningAccount account, string name, string platform)
    {
        string id = "mi-0f0e0d0c0b0a09080";
        NodeRecord node = new()
        {
            NodeId = id,
            Sequence = account.World.NextSequence(),
            Registered = account.World.Now,
            Tags = new SortedDictionary<string, string>(StringComparer.Ordinal),
            Name = name,
        };
        node.Take(new NodeReport { AgentVersion = "3.3.1142.0", PlatformType = platform, IpAddress = "192.168.1.7" }, account.World.Now);
        account.World.OutsideNodes.Add(id, node);
        return id;
    }

    private static Dictionary<string, string> Tags(string value) => new() { ["Stage"] = value };

    private static void Deny(ProvisioningAccount account, string operation) => account.Before = (_, called) =>
        called != operation ? null
        : operation == "DescribeInstanceInformation"
            ? HttpResponse.Text(
                400,
                """{"__type":"AccessDeniedException","message":"User: x is not authorized to perform: ssm:DescribeInstanceInformation"}""",
                "application/x-amz-json-1.1")
            : HttpResponse.Text(
                403,
                "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You are not authorized to perform this"
                    + " operation.</Message></Error></Errors><RequestID>1</RequestID></Response>",
                "text/xml");

    private static async Task<List<InventoryNode>> ListAsync(ProvisioningAccount account, NodeQuery query) =>
        (await ItemsAsync(account, query)).ConvertAll(item => item.Node ?? throw item.Problem!);

    private static async Task<List<InventoryItem>> ItemsAsync(ProvisioningAccount account, NodeQuery query)
    {
        List<InventoryItem> items = [];
        await foreach (InventoryItem item in new NodeInventory(account.Context).ListAsync(query, TestTimeout.Token))
        {
            items.Add(item);
        }

        return items;
    }
}
