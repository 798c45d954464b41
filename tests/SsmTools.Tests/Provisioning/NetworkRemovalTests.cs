using SsmTools.Engine;
using SsmTools.Engine.Provisioning;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Provisioning;

public sealed class NetworkRemovalTests
{
    private const string Name = "lab";

    [Fact]
    public async Task Nothing_is_left_of_what_was_made_and_the_rest_is_as_it_was()
    {
        await using ProvisioningAccount account = new();
        HashSet<string> before = [.. account.World.Resources.Select(one => one.Id)];
        SsmNetworkDescription made = await MakeAsync(account, new() { Name = Name, ZoneCount = 3, Cidr = "10.20.0.0/22", Services = ["s3", "kms"] });

        SsmNetworkDescription removed = await RemoveAsync(account, Name);

        Assert.Equal(made.VpcId, removed.VpcId);
        Assert.Equal(made.SubnetIds, removed.SubnetIds);
        Assert.True(before.SetEquals(account.World.Resources.Select(one => one.Id)));
        Plan<SsmNetworkDescription> again = await PlanAsync(account, Name);
        Assert.Empty(again.Changes);
        Assert.Equal("There is no network lab: nothing to remove.", Assert.Single(again.Warnings));
    }

    [Fact]
    public async Task It_is_found_by_its_id_and_made_anew_after()
    {
        await using ProvisioningAccount account = new();
        SsmNetworkDescription first = await MakeAsync(account, new() { Name = Name });
        await RemoveAsync(account, first.VpcId);

        SsmNetworkDescription second = await MakeAsync(account, new() { Name = Name });

        Assert.NotEqual(first.VpcId, second.VpcId);
        Assert.Empty(first.EndpointIds.Intersect(second.EndpointIds));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_instance_in_it_is_named_and_never_removed(bool force)
    {
        await using ProvisioningAccount account = new();
        SsmNetworkDescription network = await MakeAsync(account, new() { Name = Name });
        string id = await LaunchAsync(account, network.SubnetIds[0], "web-1");
        account.Forget();

        EngineException error = await Assert.ThrowsAsync<EngineException>(() => PlanAsync(account, Name, force));

        Assert.Equal(("NetworkInUse", ErrorKind.ResourceBusy), (error.ErrorId, error.Kind));
        Assert.Contains($"{id} (web-1)", error.Message, StringComparison.Ordinal);
        Assert.Contains($"Remove-SsmInstance {id}", error.Recommendation, StringComparison.Ordinal);
        Assert.Empty(account.Mutations);
    }

    [Fact]
    public async Task Instances_on_their_way_out_are_awaited()
    {
        await using ProvisioningAccount account = new(change: options => options with { StateDelay = TimeSpan.FromMinutes(1) });
        SsmNetworkDescription network = await MakeAsync(account, new() { Name = Name });
        string id = await LaunchAsync(account, network.SubnetIds[0], "web-1");
        await (await new InstanceProvisioner(account.Context, account.Time).PlanRemovalAsync([id], false, TestTimeout.Token))
            .ApplyAsync(TestTimeout.Token);

        await RemoveAsync(account, Name);

        Assert.False(account.World.Vpcs.ContainsKey(network.VpcId));
    }

    [Fact]
    public async Task A_database_in_it_is_named()
    {
        await using ProvisioningAccount account = new();
        SsmNetworkDescription network = await MakeAsync(account, new() { Name = Name });
        NetworkInterfaceRecord card = new NetworkFactory(account.World).Interface(
            account.World.Subnets[network.SubnetIds[0]], "RDSNetworkInterface", "interface", null, [network.SecurityGroupId]);

        EngineException error = await Assert.ThrowsAsync<EngineException>(() => PlanAsync(account, Name, force: true));

        Assert.Equal("NetworkInUse", error.ErrorId);
        Assert.Contains($"{card.Id} (RDSNetworkInterface)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_others_made_in_it_needs_force()
    {
        await using ProvisioningAccount account = new();
        SsmNetworkDescription network = await MakeAsync(account, new() { Name = Name });
        VpcRecord vpc = account.World.Vpcs[network.VpcId];
        NetworkFactory factory = new(account.World);
        SecurityGroupRecord one = factory.SecurityGroup(vpc, "one", "d");
        SecurityGroupRecord two = factory.SecurityGroup(vpc, "two", "d");
        one.Rules.Add(new SecurityRule { RuleId = "sgr-1", Egress = false, Protocol = "-1", GroupId = two.Id });
        two.Rules.Add(new SecurityRule { RuleId = "sgr-2", Egress = true, Protocol = "-1", GroupId = one.Id });
        GatewayRecord gateway = factory.InternetGateway(vpc, "out");

        EngineException error = await Assert.ThrowsAsync<EngineException>(() => PlanAsync(account, Name));
        Assert.Equal("NetworkNotManaged", error.ErrorId);
        Assert.Contains($"security group {one.Id} (one)", error.Message, StringComparison.Ordinal);
        Assert.Contains($"internet gateway {gateway.Id}", error.Message, StringComparison.Ordinal);

        await RemoveAsync(account, Name, force: true);
        Assert.False(account.World.Vpcs.ContainsKey(network.VpcId));
        Assert.False(account.World.InternetGateways.ContainsKey(gateway.Id));
    }

    [Fact]
    public async Task Of_a_vpc_that_others_made_only_what_was_added_goes()
    {
        await using ProvisioningAccount account = new();
        VpcRecord vpc = account.World.Seed.Vpc;
        EngineException error = await Assert.ThrowsAsync<EngineException>(() => PlanAsync(account, "sandbox"));
        Assert.Equal("NetworkNotManaged", error.ErrorId);
        HashSet<string> before = [.. account.World.Resources.Select(one => one.Id)];
        await (await new EndpointProvisioner(account.Context, account.Time)
            .PlanAsync(new() { VpcId = vpc.Id, Services = ["kms", "s3"] }, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);

        Plan<SsmNetworkDescription> plan = await PlanAsync(account, vpc.Id);
        Assert.Contains("was there before SsmTools and is kept", Assert.Single(plan.Warnings), StringComparison.Ordinal);
        Assert.Equal(2, (await plan.ApplyAsync(TestTimeout.Token)).EndpointIds.Count);

        Assert.True(before.SetEquals(account.World.Resources.Select(one => one.Id)));
    }

    [Fact]
    public async Task An_endpoint_that_was_there_gives_back_the_group_that_it_got()
    {
        await using ProvisioningAccount account = new();
        NetworkSeed seed = account.World.Seed;
        VpcEndpointRecord ssm = account.World.Endpoints.Values.Single(one => one.ServiceName.EndsWith(".ssm", StringComparison.Ordinal));
        ssm.GroupIds.Clear();
        ssm.GroupIds.Add(seed.InstanceGroup.Id);
        new NetworkFactory(account.World).Interface(seed.Isolated[0], "", "interface", null, [seed.InstanceGroup.Id]);
        await (await new EndpointProvisioner(account.Context, account.Time)
            .PlanAsync(new() { SubnetIds = [account.Isolated], Services = ["ssm"] }, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
        Assert.Equal(2, ssm.GroupIds.Count);

        await RemoveAsync(account, seed.Vpc.Id);

        Assert.Equal([seed.InstanceGroup.Id], ssm.GroupIds);
        Assert.DoesNotContain(account.World.SecurityGroups.Values, group => group.Tags.ContainsKey("SsmTools"));
    }

    [Fact]
    public async Task Wildcards_name_nothing()
    {
        await using ProvisioningAccount account = new();

        EngineException error = await Assert.ThrowsAsync<EngineException>(() => PlanAsync(account, "*"));

        Assert.Equal("NetworkNameInvalid", error.ErrorId);
        Assert.Empty(account.Calls);
    }

    private static Task<SsmNetworkDescription> MakeAsync(ProvisioningAccount account, NetworkRequest request) =>
        NetworkProvisionerTests.MakeAsync(account, request);

    private static Task<SsmNetworkDescription> RemoveAsync(ProvisioningAccount account, string name, bool force = false) =>
        NetworkProvisionerTests.RemoveAsync(account, name, force);

    private static Task<Plan<SsmNetworkDescription>> PlanAsync(ProvisioningAccount account, string name, bool force = false) =>
        new NetworkProvisioner(account.Context, account.Time).PlanRemovalAsync(name, force, TestTimeout.Token);

    private static async Task<string> LaunchAsync(ProvisioningAccount account, string subnetId, string name)
    {
        LaunchRequest launch = new() { SubnetId = subnetId, Name = name };
        IReadOnlyList<InstanceDescription> instances =
            await (await new InstanceProvisioner(account.Context, account.Time).PlanAsync(launch, TestTimeout.Token))
                .ApplyAsync(TestTimeout.Token);
        return instances[0].InstanceId;
    }
}
