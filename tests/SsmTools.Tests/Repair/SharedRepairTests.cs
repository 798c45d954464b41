using SsmTools.Engine;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Provisioning;
using SsmTools.Engine.Repair;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Repair;

/// <summary>What nodes share is changed once, and those who share it are named.</summary>
public sealed class SharedRepairTests : IAsyncLifetime
{
    private TestSandbox _sandbox = null!;
    private RepairBench _bench = null!;

    public async Task InitializeAsync()
    {
        _sandbox = await TestSandbox.StartAsync();
        _bench = new RepairBench(_sandbox);
    }

    public async Task DisposeAsync() => await _sandbox.DisposeAsync();

    [Fact]
    public async Task Many_nodes_with_the_same_two_troubles_need_two_changes()
    {
        RegistrationScenario scenario = RegistrationScenarios.Find("endpoint's security group closed") with
        {
            Break = (sandbox, _) =>
            {
                sandbox.Change(world => world.Roles[RegistrationScenarios.Role].Attached.Clear());
                return Task.CompletedTask;
            },
        };
        InstanceRecord[] all =
            [await _sandbox.PlayAsync(scenario), await _sandbox.PlayAsync(scenario), await _sandbox.PlayAsync(scenario)];

        Plan<IReadOnlyList<string>> plan = await _bench.PlanAsync(
            await _bench.DiagnoseAllAsync([.. all.Select(instance => instance.Id)]), new RepairOptions { Reboot = true });

        Assert.Equal(
            ["Attach policy AmazonSSMManagedInstanceCore", "Let 10.10.8.0/24 in on port 443", "Reboot 3 instances"],
            plan.Changes.Select(change => change.Action));
        Assert.Equal(all.Select(one => one.Id).Order(), (await plan.ApplyAsync(TestTimeout.Token)).Order());
        foreach (InstanceRecord instance in all)
        {
            await _sandbox.WaitForStatusAsync(instance.Id, "Online");
        }
    }

    [Fact]
    public async Task Who_else_uses_a_role_is_named()
    {
        RegistrationScenario scenario = RegistrationScenarios.Find("role without policy");
        InstanceRecord mine = await _sandbox.PlayAsync(scenario);
        InstanceRecord other = await _sandbox.PlayAsync(scenario);

        Plan<IReadOnlyList<string>> plan = await _bench.PlanAsync(await _bench.DiagnoseAsync(mine.Id));

        Assert.Equal($"role web (also used by {other.Id})", Assert.Single(plan.Changes).Target);
    }

    [Fact]
    public async Task Without_leave_to_reboot_it_is_told_that_agents_sleep()
    {
        InstanceRecord instance = await _sandbox.PlayAsync(RegistrationScenarios.Find("role without policy"));

        Plan<IReadOnlyList<string>> plan = await _bench.PlanAsync(await _bench.DiagnoseAsync(instance.Id));

        string warning = Assert.Single(plan.Warnings);
        Assert.StartsWith(instance.Id, warning, StringComparison.Ordinal);
        Assert.Contains("-Reboot", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whom_a_role_trusts_it_goes_on_trusting()
    {
        InstanceRecord instance = await _sandbox.PlayAsync(RegistrationScenarios.Find("role trusts another service"));

        await (await _bench.PlanAsync(await _bench.DiagnoseAsync(instance.Id))).ApplyAsync(TestTimeout.Token);

        string trust = _sandbox.Host.World.Roles[RegistrationScenarios.Role].TrustPolicy;
        Assert.Equal("lambda.amazonaws.com, ec2.amazonaws.com", TrustPolicy.Principals(trust));
    }

    [Fact]
    public async Task A_group_that_instances_have_is_not_opened_for_an_endpoint_that_has_it_too()
    {
        RegistrationScenario scenario = RegistrationScenarios.Find("endpoint's security group closed") with
        {
            Break = (sandbox, _) =>
            {
                sandbox.Change(world =>
                {
                    foreach (VpcEndpointRecord endpoint in world.Endpoints.Values)
                    {
                        endpoint.GroupIds.Clear();
                        endpoint.GroupIds.Add(world.Seed.InstanceGroup.Id);
                        endpoint.InterfaceIds.ForEach(id =>
                        {
                            world.Interfaces[id].GroupIds.Clear();
                            world.Interfaces[id].GroupIds.Add(world.Seed.InstanceGroup.Id);
                        });
                    }
                });
                return Task.CompletedTask;
            },
        };
        InstanceRecord instance = await _sandbox.PlayAsync(scenario);

        Plan<IReadOnlyList<string>> plan = await _bench.PlanAsync(await _bench.DiagnoseAsync(instance.Id), reboot: true);
        await plan.ApplyAsync(TestTimeout.Token);

        Assert.Equal(2, plan.Changes.Count(change => change.Action.StartsWith("Add security group", StringComparison.Ordinal)));
        Assert.Empty(RegistrationRules.Evaluate(_sandbox.Host.World, instance));
        await _sandbox.WaitForStatusAsync(instance.Id, "Online");
        Assert.DoesNotContain(_sandbox.Host.World.Seed.InstanceGroup.Rules, rule => !rule.Egress);
    }

    [Fact]
    public async Task An_endpoint_gets_no_interface_in_a_further_zone()
    {
        // Endpoints stand in the first zone alone, the instance in the second: they serve it all the same.
        _sandbox.Change(world =>
        {
            SubnetRecord second = world.Seed.Isolated[1];
            foreach (VpcEndpointRecord endpoint in world.Endpoints.Values)
            {
                endpoint.SubnetIds.Remove(second.Id);
                string card = endpoint.InterfaceIds.Single(id => world.Interfaces[id].Subnet == second);
                endpoint.InterfaceIds.Remove(card);
                world.Interfaces.Remove(card);
            }
        });
        InstanceRecord instance = await _sandbox.PlayAsync(RegistrationScenarios.Find("endpoint's security group closed"));

        Plan<IReadOnlyList<string>> plan = await _bench.PlanAsync(await _bench.DiagnoseAsync(instance.Id));

        Assert.Equal("Let 10.10.8.0/24 in on port 443", Assert.Single(plan.Changes).Action);
    }

    [Fact]
    public async Task What_a_policy_of_an_endpoint_gets_is_for_the_account_alone()
    {
        InstanceRecord instance = await _sandbox.PlayAsync(RegistrationScenarios.Find("endpoint policy does not allow"));

        await (await _bench.PlanAsync(await _bench.DiagnoseAsync(instance.Id))).ApplyAsync(TestTimeout.Token);

        SandboxWorld world = _sandbox.Host.World;
        string policy = RegistrationScenarios.Endpoint(world, "ssm").Policy!;
        Assert.Contains("ssm:GetParameter", policy, StringComparison.Ordinal);
        Assert.Contains($"{{\"aws:PrincipalAccount\":\"{world.AccountId}\"}}", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_that_is_named_is_used_in_place_of_the_shared_one()
    {
        InstanceRecord instance = await _sandbox.PlayAsync(RegistrationScenarios.Find("no instance profile"));

        Plan<IReadOnlyList<string>> plan = await _bench.PlanAsync(
            [await _bench.DiagnoseAsync(instance.Id)], new RepairOptions { InstanceProfileName = "mine", Reboot = true });
        await plan.ApplyAsync(TestTimeout.Token);

        Assert.Equal("mine", instance.Profile!.Name);
        await _sandbox.WaitForStatusAsync(instance.Id, "Online");
    }

    [Fact]
    public async Task One_that_is_unknown_or_terminated_is_a_problem_and_the_others_are_repaired()
    {
        InstanceRecord gone = await _sandbox.PlayAsync(RegistrationScenarios.Find("no instance profile"));
        InstanceRecord instance = await _sandbox.PlayAsync(RegistrationScenarios.Find("no instance profile"));
        await _sandbox.Aws.Ec2.TerminateInstancesAsync(
            new TerminateInstancesRequest { InstanceIds = { gone.Id } }, TestTimeout.Token);
        const string Unknown = "i-0123456789abcdef0";

        Plan<IReadOnlyList<string>> plan =
            await _bench.PlanAsync(await _bench.DiagnoseAllAsync(Unknown, gone.Id, instance.Id));
        EngineException alone = await Assert.ThrowsAsync<EngineException>(
            async () => await _bench.PlanAsync(await _bench.DiagnoseAsync(Unknown)));

        Assert.Equal(
            [("InstanceNotFound", Unknown), ("RegistrationImpossible", gone.Id)],
            plan.Problems.Select(problem => (problem.ErrorId, problem.Target!)));
        Assert.Contains(plan.Changes, change => change.Target == $"instance {instance.Id}");
        Assert.Equal("InstanceNotFound", alone.ErrorId);
    }
}
