using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Aws.Iam;
using SsmTools.Engine.Provisioning;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Provisioning;

/// <summary>The same provisioning against an emulator that others wrote: what both ends here got wrong alike would show.</summary>
public sealed class SecondEmulatorTests
{
    [MotoFact]
    public async Task Role_and_instances_are_made_once_and_removed_without_a_trace()
    {
        using MotoServer moto = await MotoServer.StartAsync(TestTimeout.Token);
        AwsContext context = moto.Context;
        RoleProvisioner roles = new(context);
        InstanceProvisioner instances = new(context);

        InstanceRole role = await (await roles.PlanAsync(new RoleRequest { Name = "web" }, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
        Assert.Contains(role.Policies, policy => policy.EndsWith("AmazonSSMManagedInstanceCore", StringComparison.Ordinal));
        Assert.Empty((await roles.PlanAsync(new RoleRequest { Name = "web" }, TestTimeout.Token)).Changes);

        DescribeSubnetsResponse subnets = await context.Ec2.DescribeSubnetsAsync(new DescribeSubnetsRequest(), TestTimeout.Token);
        LaunchRequest request = new()
        {
            SubnetIds = [.. subnets.Subnets.Select(subnet => subnet.SubnetId!).Take(2)],
            InstanceProfileName = role.InstanceProfileName,
            Name = "web",
            Count = 3,
        };
        IReadOnlyList<InstanceDescription> made =
            await (await instances.PlanAsync(request, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
        Plan<IReadOnlyList<InstanceDescription>> again = await instances.PlanAsync(request, TestTimeout.Token);

        Assert.Equal([2, 1], request.SubnetIds.Select(id => made.Count(one => one.SubnetId == id)));
        Assert.All(made, one => Assert.Equal((role.InstanceProfileArn, "web"), (one.InstanceProfileArn, one.Name)));
        Assert.Empty(again.Changes);
        Assert.Equal(
            made.Select(one => one.InstanceId).Order(),
            (await again.GetResultAsync(TestTimeout.Token)).Select(one => one.InstanceId).Order());

        string[] ids = [.. made.Select(one => one.InstanceId)];
        await (await instances.PlanRemovalAsync(ids, false, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
        await (await roles.PlanRemovalAsync("web", false, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);

        Assert.All(await InstanceReader.FindAsync(context, ids, TestTimeout.Token), one => Assert.True(InstanceReader.IsGone(one.Value)));
        ListInstanceProfilesResponse profiles =
            await context.Iam.ListInstanceProfilesAsync(new ListInstanceProfilesRequest(), TestTimeout.Token);
        Assert.Empty(profiles.InstanceProfiles);
        Exception missing = await Assert.ThrowsAnyAsync<Exception>(
            () => context.Iam.GetRoleAsync(new GetRoleRequest { RoleName = "web" }, TestTimeout.Token));
        Assert.True(AwsErrors.HasCode(missing, "NoSuchEntity"));
    }

    [MotoFact]
    public async Task A_network_is_made_once_completed_and_removed_without_a_trace()
    {
        using MotoServer moto = await MotoServer.StartAsync(TestTimeout.Token);
        AwsContext context = moto.Context;
        NetworkProvisioner networks = new(context);
        EndpointProvisioner endpoints = new(context);
        List<string> before = await ListAsync(context);
        NetworkRequest request = new() { Name = "lab", ZoneCount = 2 };

        SsmNetworkDescription made = await (await networks.PlanAsync(request, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
        Plan<SsmNetworkDescription> again = await networks.PlanAsync(request, TestTimeout.Token);

        Assert.Equal(2, made.SubnetIds.Count);
        Assert.Empty(again.Changes);
        Assert.Equivalent(made, await again.GetResultAsync(TestTimeout.Token));

        EndpointRequest more = new() { VpcId = made.VpcId, SubnetIds = made.SubnetIds, Services = ["logs", "s3"] };
        IReadOnlyList<EndpointDescription> added =
            await (await endpoints.PlanAsync(more, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);

        Assert.Equal(["logs", "s3"], added.Select(one => one.Service));
        Assert.Empty((await endpoints.PlanAsync(more, TestTimeout.Token)).Changes);

        await (await networks.PlanRemovalAsync(made.VpcId, false, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
        Assert.Equal(before, await ListAsync(context));
    }

    /// <summary>All that a network is made of.</summary>
    private static async Task<List<string>> ListAsync(AwsContext context)
    {
        CancellationToken stop = TestTimeout.Token;
        return
        [
            .. (await context.Ec2.DescribeVpcsAsync(new(), stop)).Vpcs.Select(one => one.VpcId!).Order(),
            .. (await context.Ec2.DescribeSubnetsAsync(new(), stop)).Subnets.Select(one => one.SubnetId!).Order(),
            .. (await context.Ec2.DescribeRouteTablesAsync(new(), stop)).RouteTables.Select(one => one.RouteTableId!).Order(),
            .. (await context.Ec2.DescribeSecurityGroupsAsync(new(), stop)).SecurityGroups.Select(one => one.GroupId!).Order(),
            .. (await context.Ec2.DescribeVpcEndpointsAsync(new(), stop)).VpcEndpoints
                .Where(one => !"deleted".Equals(one.State, StringComparison.OrdinalIgnoreCase)).Select(one => one.VpcEndpointId!).Order(),
        ];
    }
}
