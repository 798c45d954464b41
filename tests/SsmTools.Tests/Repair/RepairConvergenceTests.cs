using SsmTools.Engine.Provisioning;
using SsmTools.Engine.Repair;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Provisioning;
using SsmTools.Tests.Registration;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Repair;

/// <summary>
/// A repair is killed at every one of its calls in turn, just before the service does it and just after; then it is run
/// again. Whatever the moment, nothing is in the agent's way then, and nothing is there twice.
/// </summary>
public sealed class RepairConvergenceTests
{
    private const string Role = "web";

    [Theory]
    [InlineData("no profile", false)]
    [InlineData("no profile", true)]
    [InlineData("no policy and no trust", false)]
    [InlineData("no policy and no trust", true)]
    [InlineData("no endpoints", false)]
    [InlineData("no endpoints", true)]
    [InlineData("closed groups and no private DNS", false)]
    [InlineData("closed groups and no private DNS", true)]
    [InlineData("network ACL", false)]
    [InlineData("network ACL", true)]
    public async Task A_repair_converges_wherever_it_is_killed(string trouble, bool done)
    {
        int at = 1;
        while (await KillAsync(trouble, at, done))
        {
            at++;
        }

        Assert.InRange(at, 10, 200);
    }

    /// <returns>False where the repair ended before the call that should have killed it.</returns>
    private static async Task<bool> KillAsync(string trouble, int at, bool done)
    {
        await using ProvisioningAccount account = new(TimeSpan.FromSeconds(2), hostName: "localhost");
        InstanceRecord instance = await PrepareAsync(account, trouble);
        using CancellationTokenSource kill = CancellationTokenSource.CreateLinkedTokenSource(TestTimeout.Seconds(30));
        account.Kill = kill;
        account.KillAt = account.Calls.Count + at;
        account.KillAfter = done;
        bool killed = false;
        try
        {
            await RepairAsync(account, instance.Id, kill.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.True(kill.IsCancellationRequested, $"cancelled by something else at call {at}");
            killed = true;
        }

        account.KillAt = -1;
        if (killed)
        {
            await RepairAsync(account, instance.Id, TestTimeout.Token);
        }

        AssertWhole(account, instance, at);
        return killed;
    }

    private static async Task<InstanceRecord> PrepareAsync(ProvisioningAccount account, string trouble)
    {
        string? profile = null;
        if (trouble != "no profile")
        {
            RoleProvisioner roles = new(account.Context, account.Time);
            await (await roles.PlanAsync(new RoleRequest { Name = Role }, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
            profile = Role;
        }

        string id = (await RegistrationProbeTests.LaunchAsync(account, 1, register: false, profile: profile))[0];
        InstanceRecord instance = account.World.Instances[id];
        instance.Node = null;
        lock (account.World.Gate)
        {
            Break(account.World, trouble);
        }

        return instance;
    }

    private static void Break(SandboxWorld world, string trouble)
    {
        switch (trouble)
        {
            case "no policy and no trust":
                world.Roles[Role].Attached.Clear();
                world.Roles[Role].TrustPolicy = world.Roles[Role].TrustPolicy.Replace("ec2.", "lambda.", StringComparison.Ordinal);
                break;
            case "no endpoints":
                RegistrationScenarios.RemoveEndpoints(world, _ => true);
                break;
            case "network ACL":
                KeepEndpointsAway(world);
                world.NetworkAcls.Values.Single().Entries.AddRange(
                [
                    new NetworkAclEntry(50, Egress: false, Allow: false, "6", "0.0.0.0/0", 1024, 65535),
                    new NetworkAclEntry(50, Egress: true, Allow: false, "-1", "10.10.1.0/24"),
                ]);
                break;
            case "closed groups and no private DNS":
                world.Seed.EndpointGroup.Rules.Clear();
                world.Seed.InstanceGroup.Rules.Clear();
                RegistrationScenarios.Endpoint(world, "ssm").PrivateDns = false;
                break;
        }
    }

    // What stays in a subnet no ACL sees.
    private static void KeepEndpointsAway(SandboxWorld world)
    {
        foreach (VpcEndpointRecord endpoint in world.Endpoints.Values)
        {
            string near = endpoint.InterfaceIds.Single(id => world.Interfaces[id].Subnet == world.Seed.Isolated[0]);
            endpoint.SubnetIds.Remove(world.Seed.Isolated[0].Id);
            endpoint.InterfaceIds.Remove(near);
            world.Interfaces.Remove(near);
        }
    }

    private static async Task RepairAsync(ProvisioningAccount account, string id, CancellationToken cancellationToken)
    {
        RegistrationRepair repair = new(account.Context, new RepairOptions { Reboot = true }, account.Time);
        IReadOnlyList<string> left = [id];
        for (int round = 0; round < RegistrationRepair.MaxRounds && left.Count > 0; round++)
        {
            left = await (await repair.PlanAsync(left, cancellationToken)).ApplyAsync(cancellationToken);
        }
    }

    private static void AssertWhole(ProvisioningAccount account, InstanceRecord instance, int at)
    {
        SandboxWorld world = account.World;
        Assert.True(RegistrationRules.Evaluate(world, instance).Count == 0, $"killed at call {at}");
        Assert.Single(world.Profiles);
        Assert.Equal([AwsManagedPolicies.Core], Assert.Single(world.Roles).Value.Attached);
        Assert.InRange(world.Endpoints.Values.GroupBy(endpoint => endpoint.ServiceName).Max(group => group.Count()), 1, 1);
        Assert.DoesNotContain(world.Seed.InstanceGroup.Rules, rule => !rule.Egress);
        Assert.All(world.NetworkAcls.Values, acl => Assert.Equal(
            acl.Entries.Count, acl.Entries.DistinctBy(entry => entry with { Number = 0 }).Count()));
        Assert.All(world.SecurityGroups.Values, group => Assert.DoesNotContain(
            group.Rules, rule => group.Rules.Exists(other => other != rule && other.Same(rule))));
    }
}
