using SsmTools.Engine.Provisioning;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Provisioning;

/// <summary>Networks, killed at every call as in <see cref="ConvergenceTests"/>.</summary>
public sealed class NetworkConvergenceTests
{
    private static readonly NetworkRequest s_request = new() { Name = "lab", Services = ["s3"] };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_network_converges_wherever_it_is_killed(bool done)
    {
        int kills = await ConvergenceTests.KillEverywhereAsync(
            done,
            _ => Task.CompletedTask,
            async (account, token) => await (await Provisioner(account).PlanAsync(s_request, token)).ApplyAsync(token),
            account =>
            {
                VpcRecord vpc = Assert.Single(account.World.Vpcs.Values, one => one.Tags.ContainsKey("SsmTools"));
                Assert.True(vpc.DnsSupport && vpc.DnsHostnames);
                SubnetRecord[] subnets = [.. account.World.Subnets.Values.Where(one => one.Vpc == vpc).OrderBy(one => one.Zone)];
                Assert.Equal(["10.10.0.0/24", "10.10.1.0/24"], subnets.Select(one => one.Cidr));
                RouteTableRecord table = Assert.Single(
                    account.World.RouteTables.Values, one => one.Vpc == vpc && one.MainAssociationId is null);
                Assert.Equal(subnets.Select(one => one.Id).Order(), table.Subnets.Values.Order());
                Assert.Equal(
                    ["default", "lab-endpoints", "lab-instances"],
                    account.World.SecurityGroups.Values.Where(one => one.Vpc == vpc).Select(one => one.Name).Order());
                Assert.Single(
                    account.World.SecurityGroups.Values.Single(one => one.Name == "lab-endpoints").Rules, rule => !rule.Egress);
                VpcEndpointRecord[] endpoints = [.. account.World.Endpoints.Values.Where(one => one.Vpc == vpc)];
                Assert.Equal(
                    ["s3", "ssm", "ssmmessages"], endpoints.Select(one => one.ServiceName.Split('.')[^1]).Order());
                Assert.All(endpoints, one => Assert.Equal("available", one.State));
                Assert.Equal([table.Id], endpoints.Single(one => one.Kind == "Gateway").RouteTableIds);
            });

        Assert.InRange(kills, 20, 60);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Its_removal_converges_wherever_it_is_killed(bool done)
    {
        int kills = await ConvergenceTests.KillEverywhereAsync(
            done,
            async account => await (await Provisioner(account).PlanAsync(s_request, TestTimeout.Token)).ApplyAsync(TestTimeout.Token),
            async (account, token) =>
                await (await Provisioner(account).PlanRemovalAsync(s_request.Name, false, token)).ApplyAsync(token),
            account => Assert.DoesNotContain(account.World.Resources, one => one.Tags.ContainsKey("SsmTools")));

        Assert.InRange(kills, 15, 60);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Endpoints_converge_wherever_they_are_killed(bool done)
    {
        EndpointRequest request = new() { Services = ["ssm", "kms", "s3"] };
        await ConvergenceTests.KillEverywhereAsync(
            done,
            account =>
            {
                account.World.Endpoints.Clear();
                account.World.Seed.Vpc.DnsHostnames = false;
                return Task.CompletedTask;
            },
            async (account, token) =>
            {
                EndpointRequest here = request with { SubnetIds = [account.Isolated] };
                await (await new EndpointProvisioner(account.Context, account.Time).PlanAsync(here, token)).ApplyAsync(token);
            },
            account =>
            {
                Assert.Equal(
                    ["kms", "s3", "ssm"], account.World.Endpoints.Values.Select(one => one.ServiceName.Split('.')[^1]).Order());
                Assert.Single(account.World.SecurityGroups.Values, one => one.Tags.ContainsKey("SsmTools"));
            });
    }

    private static NetworkProvisioner Provisioner(ProvisioningAccount account) => new(account.Context, account.Time);
}
