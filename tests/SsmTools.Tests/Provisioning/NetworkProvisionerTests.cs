using System.Text;
using SsmTools.Engine;
using SsmTools.Engine.Provisioning;
using SsmTools.Engine.Registration;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Provisioning;

public sealed class NetworkProvisionerTests
{
    private const string Name = "lab";

    [Fact]
    public async Task The_recipes_network_is_made_from_nothing()
    {
        await using ProvisioningAccount account = new();

        Plan<SsmNetworkDescription> plan = await PlanAsync(account, new() { Name = Name, Tags = new Dictionary<string, string> { ["Stage"] = "test" } });
        Assert.Equal(
            [
                "Create the VPC, 10.10.0.0/23 (network lab)",
                "Turn on DNS host names (VPC lab)",
                "Create the isolated subnet 10.10.0.0/24 in eu-west-1a (VPC lab)",
                "Create the isolated subnet 10.10.1.0/24 in eu-west-1b (VPC lab)",
                "Create the route table lab-isolated, without a way out (VPC lab)",
                "Use the route table lab-isolated (subnet 10.10.0.0/24 in eu-west-1a)",
                "Use the route table lab-isolated (subnet 10.10.1.0/24 in eu-west-1b)",
                "Create the security group of the instances: nothing in, everything out (security group lab-instances)",
                "Create the security group of the endpoints (security group lab-endpoints)",
                "Let 10.10.0.0/23 in on port 443 (security group lab-endpoints)",
                "Create the interface endpoint com.amazonaws.eu-west-1.ssm with private DNS in eu-west-1a, eu-west-1b,"
                    + " about 14.60 USD a month (ssm in lab)",
                "Create the interface endpoint com.amazonaws.eu-west-1.ssmmessages with private DNS in eu-west-1a, eu-west-1b,"
                    + " about 14.60 USD a month (ssmmessages in lab)",
            ],
            plan.Changes.Select(change => change.ToString()));
        Assert.Contains("together 29.20 USD a month", Assert.Single(plan.Warnings), StringComparison.Ordinal);
        Assert.Empty(account.Mutations);

        SsmNetworkDescription network = await plan.ApplyAsync(TestTimeout.Token);

        VpcRecord vpc = account.World.Vpcs[network.VpcId];
        Assert.True(vpc.DnsSupport && vpc.DnsHostnames);
        Assert.Equal((Name, "10.10.0.0/23", 2, 2), (network.Name, network.Cidr, network.SubnetIds.Count, network.EndpointIds.Count));
        Assert.Equal(["eu-west-1a", "eu-west-1b"], network.AvailabilityZones);
        Assert.All(network.EndpointIds, id => Assert.Equal("available", account.World.Endpoints[id].State));
        Resource[] made = [vpc, .. network.SubnetIds.Select(id => account.World.Subnets[id]), .. Mine(account, network.VpcId)];
        Assert.All(made, one => Assert.Equal((Name, "test"), (one.Tags["SsmTools"], one.Tags["Stage"])));
        Assert.DoesNotContain(account.World.SecurityGroups[network.SecurityGroupId].Rules, rule => !rule.Egress);
        RouteTableRecord table = Assert.Single(account.World.RouteTables.Values, one => one.Vpc == vpc && one.MainAssociationId is null);
        Assert.Equal("local", Assert.Single(table.Routes).Target);
    }

    [Fact]
    public async Task Run_again_it_changes_nothing_and_says_the_same()
    {
        await using ProvisioningAccount account = new();
        SsmNetworkDescription first = await MakeAsync(account, new() { Name = Name, Cidr = "10.20.0.0/22", ZoneCount = 3 });
        account.Forget();

        Plan<SsmNetworkDescription> again = await PlanAsync(account, new() { Name = Name });

        Assert.Empty(again.Changes);
        Assert.Empty(again.Warnings);
        SsmNetworkDescription second = await again.ApplyAsync(TestTimeout.Token);
        Assert.Equal(first.SubnetIds, second.SubnetIds);
        Assert.Equal(first with { SubnetIds = [], EndpointIds = [], AvailabilityZones = [] }, second with { SubnetIds = [], EndpointIds = [], AvailabilityZones = [] });
        Assert.Equal(["10.20.0.0/24", "10.20.1.0/24", "10.20.2.0/24"], second.SubnetIds.Select(id => account.World.Subnets[id].Cidr));
        Assert.Empty(account.Mutations);
    }

    [Fact]
    public async Task A_network_of_one_zone_keeps_to_it()
    {
        await using ProvisioningAccount account = new();
        SsmNetworkDescription network = await MakeAsync(account, new() { Name = Name, ZoneCount = 1 });
        Assert.Equal("10.10.0.0/23", account.World.Subnets[Assert.Single(network.SubnetIds)].Cidr);

        PlannedChange change = Assert.Single((await PlanAsync(account, new() { Name = Name, Services = ["logs"] })).Changes);

        Assert.Contains("logs with private DNS in eu-west-1a, about 7.30 USD a month", change.Action, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_instance_in_it_registers_by_itself()
    {
        await using ProvisioningAccount account = new();
        SsmNetworkDescription network = await MakeAsync(account, new() { Name = Name, Services = ["ec2messages", "s3"] });
        Assert.Equal(4, network.EndpointIds.Count);
        await (await new RoleProvisioner(account.Context, account.Time).PlanAsync(new() { Name = "web" }, TestTimeout.Token))
            .ApplyAsync(TestTimeout.Token);
        LaunchRequest launch = new()
        {
            SubnetId = network.SubnetIds[1],
            SecurityGroupIds = [network.SecurityGroupId],
            InstanceProfileName = "web",
        };
        IReadOnlyList<InstanceDescription> instances =
            await (await new InstanceProvisioner(account.Context, account.Time).PlanAsync(launch, TestTimeout.Token))
                .ApplyAsync(TestTimeout.Token);

        RegistrationProbe probe = new(account.Context, account.Time);
        List<NodeRegistration> nodes = [];
        await foreach (NodeRegistration node in
            probe.WaitAsync([instances[0].InstanceId], TimeSpan.FromMinutes(2), null, TestTimeout.Token))
        {
            nodes.Add(node);
        }

        Assert.True(Assert.Single(nodes).Registered);
    }

    [Fact]
    public async Task What_was_broken_in_it_is_put_right_and_nothing_else()
    {
        await using ProvisioningAccount account = new();
        SsmNetworkDescription network = await MakeAsync(account, new() { Name = Name });
        account.World.Vpcs[network.VpcId].DnsSupport = false;
        account.World.SecurityGroups[network.SecurityGroupId].Rules.Clear();
        account.World.SecurityGroups[network.EndpointSecurityGroupId].Rules.RemoveAll(rule => !rule.Egress);
        account.World.Endpoints.Remove(network.EndpointIds[0]);

        Plan<SsmNetworkDescription> plan = await PlanAsync(account, new() { Name = Name });
        await plan.ApplyAsync(TestTimeout.Token);

        Assert.Equal(4, plan.Changes.Count);
        Assert.Empty((await PlanAsync(account, new() { Name = Name })).Changes);
        SecurityRule egress = Assert.Single(account.World.SecurityGroups[network.SecurityGroupId].Rules);
        Assert.Equal((true, "tcp", 443, "10.10.0.0/23"), (egress.Egress, egress.Protocol, egress.FromPort, egress.Cidr));
    }

    [Fact]
    public async Task A_zone_more_gets_a_place_beside_those_that_are_there()
    {
        await using ProvisioningAccount account = new();
        SsmNetworkDescription one = await MakeAsync(account, new() { Name = Name, Cidr = "10.20.0.0/22", ZoneCount = 3 });
        EngineException full = await Assert.ThrowsAsync<EngineException>(
            () => PlanAsync(account, new() { Name = Name, AvailabilityZones = ["eu-west-1d"] }));
        Assert.Equal("ZoneNotFound", full.ErrorId);
        await RemoveAsync(account, one.Name);

        SsmNetworkDescription two = await MakeAsync(account, new() { Name = Name, Cidr = "10.20.0.0/22" });
        Assert.Equal(["10.20.0.0/23", "10.20.2.0/23"], two.SubnetIds.Select(id => account.World.Subnets[id].Cidr));
        EngineException room = await Assert.ThrowsAsync<EngineException>(() => PlanAsync(account, new() { Name = Name, ZoneCount = 3 }));
        Assert.Equal("NetworkConflict", room.ErrorId);
        Assert.Contains("eu-west-1c", room.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Zones_without_the_services_are_passed_over_or_named()
    {
        await using ProvisioningAccount account = new(
            change: options => options with { ServiceGaps = [("ssmmessages", "eu-west-1a"), ("kms", "eu-west-1c")] });

        SsmNetworkDescription network = await MakeAsync(account, new() { Name = Name });
        Assert.Equal(["eu-west-1b", "eu-west-1c"], network.AvailabilityZones);

        EngineException named = await Assert.ThrowsAsync<EngineException>(
            () => PlanAsync(account, new() { Name = "other", AvailabilityZones = ["eu-west-1a", "eu-west-1b"] }));
        Assert.Equal(("ZoneWithoutService", "eu-west-1a"), (named.ErrorId, named.Target));
        EngineException few = await Assert.ThrowsAsync<EngineException>(
            () => PlanAsync(account, new() { Name = "other", Services = ["kms"] }));
        Assert.Equal("ZoneWithoutService", few.ErrorId);
        Assert.Contains("eu-west-1a lacks ssmmessages; eu-west-1c lacks kms", few.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_conflicts_is_named()
    {
        await using ProvisioningAccount account = new();
        SsmNetworkDescription network = await MakeAsync(account, new() { Name = Name });

        EngineException cidr = await Assert.ThrowsAsync<EngineException>(() => PlanAsync(account, new() { Name = Name, Cidr = "10.99.0.0/23" }));
        Assert.Equal("NetworkConflict", cidr.ErrorId);
        Assert.Contains($"{network.VpcId}, has the range 10.10.0.0/23, not 10.99.0.0/23", cidr.Message, StringComparison.Ordinal);

        EngineException foreign = await Assert.ThrowsAsync<EngineException>(() => PlanAsync(account, new() { Name = "sandbox" }));
        Assert.Equal("NetworkConflict", foreign.ErrorId);
        Assert.Contains(account.World.Seed.Vpc.Id, foreign.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_twin_that_an_interrupted_run_left_goes()
    {
        await using ProvisioningAccount account = new();
        SsmNetworkDescription network = await MakeAsync(account, new() { Name = Name });
        VpcRecord twin = new NetworkFactory(account.World).Vpc("10.10.0.0/23", Name, dnsHostnames: false);
        twin.Tags["SsmTools"] = Name;

        Plan<SsmNetworkDescription> plan = await PlanAsync(account, new() { Name = Name });

        Assert.Equal($"Delete the empty VPC that an interrupted run left ({twin.Id} (lab))", Assert.Single(plan.Changes).ToString());
        Assert.Equal(network.VpcId, (await plan.ApplyAsync(TestTimeout.Token)).VpcId);
        Assert.False(account.World.Vpcs.ContainsKey(twin.Id));
    }

    [Theory]
    [InlineData("la*", null, null, "NetworkNameInvalid")]
    [InlineData("", null, null, "NetworkNameInvalid")]
    [InlineData("vpc-0123456789abcdef0", null, null, "NetworkNameInvalid")]
    [InlineData("sg-lab", null, null, "NetworkNameInvalid")]
    [InlineData(Name, "nonsense", null, "CidrInvalid")]
    [InlineData(Name, "10.10.1.0/23", null, "CidrInvalid")]
    [InlineData(Name, "10.0.0.0/8", null, "CidrInvalid")]
    [InlineData(Name, "127.0.0.0/23", null, "CidrInvalid")]
    [InlineData(Name, "10.10.0.0/29", null, "CidrTooSmall")]
    [InlineData(Name, "10.10.0.0/28", null, "CidrTooSmall")]
    [InlineData(Name, "10.10.0.0/27", 3, "CidrTooSmall")]
    [InlineData(Name, null, 0, "ZoneCountInvalid")]
    [InlineData(Name, null, 9, "ZoneCountInvalid")]
    [InlineData(Name, null, 4, "ZoneWithoutService")]
    public async Task Bad_input_is_named(string name, string? cidr, int? zones, string errorId)
    {
        await using ProvisioningAccount account = new();

        EngineException error = await Assert.ThrowsAsync<EngineException>(
            () => PlanAsync(account, new() { Name = name, Cidr = cidr, ZoneCount = zones }));

        Assert.Equal(errorId, error.ErrorId);
        Assert.NotNull(error.Recommendation);
        Assert.Empty(account.Mutations);
    }

    [Theory]
    [InlineData(1, null, "ec2:CreateVpc", "VpcLimitExceeded")]
    [InlineData(null, 1, "ec2:CreateVpcEndpoint", "VpcEndpointLimitExceeded")]
    public async Task A_quota_is_said_to_be_one_and_the_next_run_goes_on_from_there(int? vpcs, int? endpoints, string action, string code)
    {
        await using ProvisioningAccount account = new(change: options => options with { VpcLimit = vpcs, EndpointLimit = endpoints });

        EngineException error = await Assert.ThrowsAsync<EngineException>(() => MakeAsync(account, new() { Name = Name }));

        Assert.Equal(("QuotaExceeded", ErrorKind.LimitsExceeded), (error.ErrorId, error.Kind));
        Assert.Contains(action, error.Message, StringComparison.Ordinal);
        Assert.Contains(code, error.Message, StringComparison.Ordinal);
        Assert.Equal(vpcs is null ? 2 : 1, account.World.Vpcs.Count);
    }

    [Fact]
    public async Task A_call_that_is_denied_is_named_whichever_it_is()
    {
        string[] operations;
        await using (ProvisioningAccount whole = new())
        {
            await MakeAsync(whole, new() { Name = Name, Services = ["s3"] });
            await RemoveAsync(whole, Name);
            operations = [.. whole.Calls.Distinct()];
        }

        Assert.InRange(operations.Length, 20, 30);
        foreach (string operation in operations)
        {
            await using ProvisioningAccount account = new();
            account.Before = (_, called) => called == operation ? Denied() : null;

            EngineException error = await Assert.ThrowsAsync<EngineException>(async () =>
            {
                await MakeAsync(account, new() { Name = Name, Services = ["s3"] });
                await RemoveAsync(account, Name);
            });

            Assert.Equal(("AccessDenied", ErrorKind.PermissionDenied), (error.ErrorId, error.Kind));
            Assert.Contains($"ec2:{operation}", error.Message, StringComparison.Ordinal);
            Assert.Contains($"ec2:{operation}", error.Recommendation, StringComparison.Ordinal);
        }
    }

    internal static HttpResponse Denied() => new(
        403,
        Encoding.UTF8.GetBytes(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You are not authorized to perform this operation.</Message></Error></Errors><RequestID>r</RequestID></Response>
            """),
        "text/xml");

    internal static Task<Plan<SsmNetworkDescription>> PlanAsync(ProvisioningAccount account, NetworkRequest request) =>
        new NetworkProvisioner(account.Context, account.Time).PlanAsync(request, TestTimeout.Token);

    internal static async Task<SsmNetworkDescription> MakeAsync(ProvisioningAccount account, NetworkRequest request) =>
        await (await PlanAsync(account, request)).ApplyAsync(TestTimeout.Token);

    internal static async Task<SsmNetworkDescription> RemoveAsync(ProvisioningAccount account, string name, bool force = false) =>
        await (await new NetworkProvisioner(account.Context, account.Time).PlanRemovalAsync(name, force, TestTimeout.Token))
            .ApplyAsync(TestTimeout.Token);

    private static IEnumerable<Resource> Mine(ProvisioningAccount account, string vpcId) =>
    [
        .. account.World.Endpoints.Values.Where(one => one.Vpc.Id == vpcId),
        .. account.World.SecurityGroups.Values.Where(one => one.Vpc.Id == vpcId && one.Name != "default"),
        .. account.World.RouteTables.Values.Where(one => one.Vpc.Id == vpcId && one.MainAssociationId is null),
    ];
}
