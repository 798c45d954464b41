using SsmTools.Engine;
using SsmTools.Engine.Provisioning;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Provisioning;

public sealed class EndpointProvisionerTests
{
    private const string SsmService = "com.amazonaws.eu-west-1.ssm";

    [Fact]
    public async Task Endpoints_that_serve_need_no_changes()
    {
        await using ProvisioningAccount account = new();

        Plan<IReadOnlyList<EndpointDescription>> plan = await PlanAsync(account, new() { SubnetIds = [account.Isolated] });

        Assert.Empty(plan.Changes);
        Assert.Empty(plan.Warnings);
        Assert.Empty(account.Mutations);
        Assert.Equal(["ssm", "ssmmessages"], (await plan.ApplyAsync(TestTimeout.Token)).Select(one => one.Service));
    }

    [Fact]
    public async Task What_is_missing_is_made_in_each_zone_with_a_group_of_its_own_and_the_price_is_told_before()
    {
        await using ProvisioningAccount account = new();
        account.World.Endpoints.Clear();

        Plan<IReadOnlyList<EndpointDescription>> plan =
            await PlanAsync(account, new() { SubnetIds = [.. account.World.Seed.Isolated.Select(subnet => subnet.Id)] });

        string price = Assert.Single(plan.Warnings);
        Assert.Contains("eu-west-1a 14.60 USD a month; eu-west-1b 14.60 USD a month; together 29.20 USD a month", price, StringComparison.Ordinal);
        Assert.Contains("list price of us-east-1", price, StringComparison.Ordinal);
        Assert.Contains("Prices in eu-west-1 can differ.", price, StringComparison.Ordinal);
        Assert.Contains(plan.Changes, change => change.Action.EndsWith("in eu-west-1a, eu-west-1b, about 14.60 USD a month", StringComparison.Ordinal));
        Assert.Empty(account.Mutations);

        IReadOnlyList<EndpointDescription> made = await plan.ApplyAsync(TestTimeout.Token);

        Assert.Equal(["ssm", "ssmmessages"], made.Select(one => one.Service));
        Assert.All(made, one => Assert.Equal(("available", "Interface", true), (one.State, one.Kind, one.PrivateDns)));
        SecurityGroupRecord group = account.World.SecurityGroups[made[0].SecurityGroupIds.Single()];
        Assert.Equal([("10.10.0.0/24", 443, 443), ("10.10.1.0/24", 443, 443)], Inbound(group));
        Assert.Equal("endpoints", group.Tags["SsmTools:Part"]);
        Assert.All(account.World.Endpoints.Values, one => Assert.Equal(account.World.Seed.Vpc.Id, one.Tags["SsmTools"]));
    }

    [Fact]
    public async Task A_whole_vpc_gets_an_interface_in_each_of_its_zones_and_all_of_its_range_is_let_in()
    {
        await using ProvisioningAccount account = new();
        account.World.Endpoints.Clear();

        IReadOnlyList<EndpointDescription> made = await (await PlanAsync(account, new() { VpcId = account.World.Seed.Vpc.Id }))
            .ApplyAsync(TestTimeout.Token);

        Assert.Equal(2, made[0].SubnetIds.Count);
        Assert.DoesNotContain(account.World.Seed.Public[0].Id, made[0].SubnetIds);
        Assert.Equal([("10.10.0.0/16", 443, 443)], Inbound(account.World.SecurityGroups[made[0].SecurityGroupIds.Single()]));
    }

    [Fact]
    public async Task An_endpoint_gets_what_it_lacks()
    {
        await using ProvisioningAccount account = new();
        NetworkSeed seed = account.World.Seed;
        VpcEndpointRecord ssm = account.World.Endpoints.Values.Single(one => one.ServiceName == SsmService);
        ssm.PrivateDns = false;
        ssm.SubnetIds.Remove(seed.Isolated[1].Id);
        seed.Vpc.DnsHostnames = false;
        seed.EndpointGroup.Rules.RemoveAll(rule => !rule.Egress);

        Plan<IReadOnlyList<EndpointDescription>> plan =
            await PlanAsync(account, new() { SubnetIds = [seed.Isolated[1].Id], Services = ["SSM"] });
        Assert.Equal(
            [
                $"Turn on DNS host names ({seed.Vpc.Id})",
                $"Let 10.10.1.0/24 in on port 443 (security group {seed.EndpointGroup.Id} (endpoints))",
                $"Turn on private DNS (endpoint {ssm.Id} (ssm))",
                $"Add an interface in eu-west-1b, about 7.30 USD a month (endpoint {ssm.Id} (ssm))",
            ],
            plan.Changes.Select(change => change.ToString()));
        await plan.ApplyAsync(TestTimeout.Token);

        Assert.True(ssm.PrivateDns && seed.Vpc.DnsHostnames);
        Assert.Equal(2, ssm.SubnetIds.Count);
        Assert.Equal([("10.10.1.0/24", 443, 443)], Inbound(seed.EndpointGroup));
        Assert.Empty((await PlanAsync(account, new() { SubnetIds = [seed.Isolated[1].Id] })).Changes);
    }

    [Fact]
    public async Task A_group_that_instances_have_too_is_not_opened_ours_is_added_instead()
    {
        await using ProvisioningAccount account = new();
        NetworkSeed seed = account.World.Seed;
        foreach (VpcEndpointRecord endpoint in account.World.Endpoints.Values)
        {
            endpoint.GroupIds.Clear();
            endpoint.GroupIds.Add(seed.InstanceGroup.Id);
        }

        new NetworkFactory(account.World).Interface(seed.Isolated[0], "a database", "interface", null, [seed.InstanceGroup.Id]);

        await (await PlanAsync(account, new() { SubnetIds = [account.Isolated] })).ApplyAsync(TestTimeout.Token);

        Assert.DoesNotContain(seed.InstanceGroup.Rules, rule => !rule.Egress);
        SecurityGroupRecord ours = Assert.Single(account.World.SecurityGroups.Values, one => one.Tags.ContainsKey("SsmTools"));
        Assert.All(
            account.World.Endpoints.Values.Where(one => !one.ServiceName.EndsWith("ec2messages", StringComparison.Ordinal)),
            one => Assert.Equal([seed.InstanceGroup.Id, ours.Id], one.GroupIds));
        Assert.Empty((await PlanAsync(account, new() { SubnetIds = [account.Isolated] })).Changes);
    }

    [Fact]
    public async Task A_gateway_goes_into_the_tables_of_the_subnets_and_costs_nothing()
    {
        await using ProvisioningAccount account = new();

        Plan<IReadOnlyList<EndpointDescription>> plan =
            await PlanAsync(account, new() { SubnetIds = [account.Isolated], Services = ["s3"] });
        Assert.Empty(plan.Warnings);
        await plan.ApplyAsync(TestTimeout.Token);

        VpcEndpointRecord gateway = Assert.Single(account.World.Endpoints.Values, one => one.Kind == "Gateway");
        RouteTableRecord table = account.World.RouteTables[Assert.Single(gateway.RouteTableIds)];
        Assert.Contains(account.Isolated, table.Subnets.Values);
        Plan<IReadOnlyList<EndpointDescription>> more =
            await PlanAsync(account, new() { SubnetIds = [account.World.Seed.Private[0].Id], Services = ["s3"] });
        Assert.StartsWith("Enter the gateway into rtb-", Assert.Single(more.Changes).Action, StringComparison.Ordinal);
        await more.ApplyAsync(TestTimeout.Token);
        Assert.Equal(2, gateway.RouteTableIds.Count);
    }

    [Fact]
    public async Task A_zone_without_the_service_is_said_to_be_one()
    {
        await using ProvisioningAccount account = new(change: options => options with { ServiceGaps = [("logs", "eu-west-1b")] });
        NetworkSeed seed = account.World.Seed;

        EngineException error = await Assert.ThrowsAsync<EngineException>(
            () => PlanAsync(account, new() { SubnetIds = [seed.Isolated[1].Id], Services = ["logs"] }));
        Assert.Equal("ZoneWithoutService", error.ErrorId);
        Assert.Contains("eu-west-1a, eu-west-1c", error.Message, StringComparison.Ordinal);

        Plan<IReadOnlyList<EndpointDescription>> both = await PlanAsync(
            account, new() { SubnetIds = [.. seed.Isolated.Select(subnet => subnet.Id)], Services = ["logs"] });
        Assert.Contains("logs has no endpoints in eu-west-1b: nodes there use those of other zones.", both.Warnings);
        Assert.Equal([seed.Isolated[0].Id], (await both.ApplyAsync(TestTimeout.Token))[0].SubnetIds);
    }

    [Fact]
    public async Task An_endpoint_that_was_deleted_is_made_anew_though_its_token_is_remembered()
    {
        await using ProvisioningAccount account = new();
        account.World.Endpoints.Clear();
        EndpointRequest request = new() { SubnetIds = [account.Isolated] };
        IReadOnlyList<EndpointDescription> first = await (await PlanAsync(account, request)).ApplyAsync(TestTimeout.Token);
        foreach (EndpointDescription one in first)
        {
            account.World.EndpointStates.Enter(account.World.Endpoints[one.EndpointId], "deleting");
        }

        IReadOnlyList<EndpointDescription> second = await (await PlanAsync(account, request)).ApplyAsync(TestTimeout.Token);

        Assert.Empty(first.Select(one => one.EndpointId).Intersect(second.Select(one => one.EndpointId)));
        Assert.Equal(2, account.World.Endpoints.Count);
    }

    [Theory]
    [InlineData("vpc-nonsense", null, "ssm", "VpcIdInvalid")]
    [InlineData(null, null, "ssm", "VpcIdInvalid")]
    [InlineData("vpc-0123456789abcdef0", null, "ssm", "VpcNotFound")]
    [InlineData(null, "subnet-*", "ssm", "SubnetIdInvalid")]
    [InlineData(null, "subnet-0123456789abcdef0", "ssm", "SubnetNotFound")]
    [InlineData("vpc-0123456789abcdef0", null, "rds", "ServiceUnknown")]
    public async Task Bad_input_is_named(string? vpcId, string? subnetId, string service, string errorId)
    {
        await using ProvisioningAccount account = new();
        EndpointRequest request = new() { VpcId = vpcId, SubnetIds = subnetId is null ? [] : [subnetId], Services = [service] };

        EngineException error = await Assert.ThrowsAsync<EngineException>(() => PlanAsync(account, request));

        Assert.Equal(errorId, error.ErrorId);
        Assert.NotNull(error.Recommendation);
        Assert.Empty(account.Mutations);
    }

    private static Task<Plan<IReadOnlyList<EndpointDescription>>> PlanAsync(ProvisioningAccount account, EndpointRequest request) =>
        new EndpointProvisioner(account.Context, account.Time).PlanAsync(request, TestTimeout.Token);

    private static IEnumerable<(string?, int, int)> Inbound(SecurityGroupRecord group) =>
        group.Rules.Where(rule => !rule.Egress).Select(rule => (rule.Cidr, rule.FromPort, rule.ToPort));
}
