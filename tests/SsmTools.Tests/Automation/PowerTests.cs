using SsmTools.Engine;
using SsmTools.Engine.Automation;
using SsmTools.Engine.Provisioning;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Provisioning;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Automation;

/// <summary>Starting and stopping instances through the sandbox's Automation.</summary>
public sealed class PowerTests : IAsyncLifetime
{
    private readonly ProvisioningAccount _account = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _account.World.Automation.Dispose();
        await _account.DisposeAsync();
    }

    [Fact]
    public async Task A_plan_names_what_would_change_and_what_is_so_and_changes_nothing()
    {
        InstanceRecord running = Add("web");
        InstanceRecord stopped = Add("old", InstanceState.Stopped);

        PowerPlan plan = await PlanAsync(PowerAction.Stop, running.Id, stopped.Id);

        PlannedChange change = Assert.Single(plan.Plan.Changes);
        Assert.Equal(($"{running.Id} (web), running", "Stop the instance"), (change.Target, change.Action));
        PowerOutcome so = Assert.Single(plan.Unchanged);
        Assert.Equal((stopped.Id, PowerStatus.Unchanged, "stopped"), (so.InstanceId, so.Status, so.State));
        Assert.Empty(_account.Mutations);
    }

    [Fact]
    public async Task A_mixed_fleet_goes_on_and_each_that_cannot_is_a_problem_of_its_own()
    {
        InstanceRecord good = Add("good");
        InstanceRecord gone = Add("gone", InstanceState.Terminated);
        InstanceRecord busy = Add("busy", InstanceState.Pending);

        PowerPlan plan = await PlanAsync(
            PowerAction.Stop, gone.Id, busy.Id, good.Id, "i-0123456789abcdef9", "mi-0123456789abcdef0", "nobody");

        Assert.Equal(
            ["InstanceBusy", "InstanceNotFound", "InstanceTerminated", "NotAnInstance", "TargetNotFound"],
            plan.Plan.Problems.Select(problem => problem.ErrorId).Order());
        Assert.Equal(PowerStatus.Success, Assert.Single(await RunAsync(plan)).Status);
        Assert.Equal(InstanceState.Stopped, good.State);
    }

    [Fact]
    public async Task A_thousand_instances_cost_few_calls_and_stop_all_the_same()
    {
        InstanceRecord[] fleet = [.. Enumerable.Range(0, 1000).Select(i => Add($"web{i}"))];
        foreach (InstanceRecord one in fleet)
        {
            one.Tags["Env"] = "test";
        }

        PowerRequest request = new()
        {
            Action = PowerAction.Stop,
            Tags = new Dictionary<string, string> { ["Env"] = "test" },
            MaxConcurrency = "100%",
        };
        PowerPlan plan = await new PowerPlanner(_account.Context, _account.Time).PlanAsync(request, TestTimeout.Token);
        Assert.Single(_account.Calls);
        IReadOnlyList<PowerOutcome> outcomes = await RunAsync(plan);

        Assert.Equal(1000, outcomes.Select(outcome => outcome.InstanceId).Distinct().Count());
        Assert.All(outcomes, outcome => Assert.Equal((PowerStatus.Success, "stopped"), (outcome.Status, outcome.State)));
        Assert.Equal(20, _account.Calls.Count(call => call == "StartAutomationExecution"));
        Assert.InRange(_account.Calls.Count, 21, 200);
    }

    [Fact]
    public async Task What_Automation_could_not_do_is_said_for_that_instance_and_the_others_had_their_turn()
    {
        InstanceRecord[] fleet = [.. Enumerable.Range(0, 3).Select(i => Add($"web{i}", InstanceState.Stopped))];
        PowerPlan plan = await PlanAsync(PowerAction.Start, [.. fleet.Select(one => one.Id)]);

        // Between the plan and the run.
        fleet[1].State = InstanceState.Terminated;
        IReadOnlyList<PowerOutcome> outcomes = await RunAsync(plan);

        PowerOutcome failed = Assert.Single(outcomes, outcome => outcome.Status == PowerStatus.Failed);
        Assert.Equal((fleet[1].Id, "PowerChangeFailed"), (failed.InstanceId, failed.Error!.ErrorId));
        Assert.Contains("IncorrectInstanceState", failed.Error.Message, StringComparison.Ordinal);
        Assert.Equal(2, outcomes.Count(outcome => outcome.Status == PowerStatus.Success));
    }

    [Fact]
    public async Task Those_whose_turn_never_came_are_named()
    {
        InstanceRecord[] fleet = [.. Enumerable.Range(0, 4).Select(i => Add($"web{i}", InstanceState.Stopped))];
        PowerPlan plan = await PlanAsync(
            new PowerRequest { Action = PowerAction.Start, Targets = [.. fleet.Select(one => one.Id)], MaxConcurrency = "1", MaxErrors = "0" });
        fleet[0].State = InstanceState.Terminated;
        IReadOnlyList<PowerOutcome> outcomes = await RunAsync(plan);

        Assert.Equal(PowerStatus.Failed, outcomes.Single(outcome => outcome.InstanceId == fleet[0].Id).Status);
        Assert.Equal(3, outcomes.Count(outcome => outcome is { Status: PowerStatus.NotStarted, Error.ErrorId: "PowerChangeNotStarted" }));
        Assert.All(fleet.Skip(1), one => Assert.Equal(InstanceState.Stopped, one.State));
    }

    [Fact]
    public async Task Who_does_not_wait_hears_that_they_were_handed_over()
    {
        InstanceRecord instance = Add("web");
        IReadOnlyList<PowerOutcome> outcomes = await RunAsync(await PlanAsync(PowerAction.Stop, instance.Id), wait: false);

        PowerOutcome outcome = Assert.Single(outcomes);
        Assert.Equal(PowerStatus.Requested, outcome.Status);
        Assert.Contains(outcome.ExecutionId!, _account.World.Automations.Keys);
    }

    [Fact]
    public async Task Who_does_not_want_to_wait_any_longer_calls_off_what_has_not_begun()
    {
        InstanceRecord[] fleet = [.. Enumerable.Range(0, 5).Select(i => Add($"web{i}"))];
        PowerPlan plan = await PlanAsync(
            new PowerRequest { Action = PowerAction.Stop, Targets = [.. fleet.Select(one => one.Id)], MaxConcurrency = "1" });
        await foreach (PowerEvent one in (await AdmitAsync(plan)).RunAsync(true, TimeSpan.FromMinutes(30), TestTimeout.Token))
        {
            if (one.Outcome is not null)
            {
                break;
            }
        }

        Assert.Contains("StopAutomationExecution", _account.Calls);
        Assert.Contains(_account.World.Automations.Values, run => run is { Parent: null, Status: "Cancelled" });
        Assert.Contains(fleet, one => one.State == InstanceState.Running);
    }

    [Fact]
    public async Task Who_stops_while_a_run_is_being_handed_over_calls_it_off_all_the_same()
    {
        InstanceRecord[] fleet = [.. Enumerable.Range(0, 5).Select(i => Add($"web{i}"))];
        PowerPlan plan = await PlanAsync(
            new PowerRequest { Action = PowerAction.Stop, Targets = [.. fleet.Select(one => one.Id)], MaxConcurrency = "1" });
        PowerRun run = await AdmitAsync(plan);
        using CancellationTokenSource stop = new();
        _account.Before = (_, call) =>
        {
            if (call == "StartAutomationExecution")
            {
                stop.Cancel(); // the service has it, and its answer is not out yet
            }

            return null;
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (PowerEvent one in run.RunAsync(true, TimeSpan.FromMinutes(30), stop.Token))
            {
                Assert.Null(one.Outcome);
            }
        });

        Assert.Equal("Cancelled", Assert.Single(_account.World.Automations.Values, one => one.Parent is null).Status);
    }

    [Fact]
    public async Task A_look_that_fails_for_a_moment_calls_nothing_off()
    {
        InstanceRecord instance = Add("web");
        PowerPlan plan = await PlanAsync(PowerAction.Stop, instance.Id);
        int looks = 0;
        _account.Before = (_, call) => call == "DescribeAutomationExecutions" && ++looks <= 3
            ? HttpResponse.Text(400, """{"__type":"ThrottlingException","message":"Rate exceeded"}""", "application/x-amz-json-1.1")
            : null;
        IReadOnlyList<PowerOutcome> outcomes = await RunAsync(plan);

        Assert.Equal(PowerStatus.Success, Assert.Single(outcomes).Status);
        Assert.DoesNotContain("StopAutomationExecution", _account.Calls);
        Assert.True(looks > 3);
    }

    [Fact]
    public async Task What_keeps_it_from_looking_until_the_end_is_said()
    {
        PowerPlan plan = await PlanAsync(PowerAction.Stop, Add("web").Id);
        _account.Before = (_, call) => call == "DescribeAutomationExecutions"
            ? HttpResponse.Text(400, """{"__type":"ThrottlingException","message":"Rate exceeded"}""", "application/x-amz-json-1.1")
            : null;

        EngineException error = await Assert.ThrowsAsync<EngineException>(async () =>
        {
            await foreach (PowerEvent one in (await AdmitAsync(plan)).RunAsync(true, TimeSpan.FromSeconds(5), TestTimeout.Token))
            {
                Assert.Null(one.Outcome);
            }
        });

        Assert.Equal("Throttled", error.ErrorId);
    }

    [Fact]
    public async Task One_that_is_terminated_meanwhile_is_told_of_at_once()
    {
        InstanceRecord instance = Add("web");
        PowerPlan plan = await PlanAsync(PowerAction.Stop, instance.Id);
        _account.Before = (_, call) =>
        {
            // By somebody else, between the run's beginning and the first look.
            instance.StateEpoch += call == "DescribeInstances" ? 1 : 0;
            instance.State = call == "DescribeInstances" ? InstanceState.Terminated : instance.State;
            return null;
        };
        PowerOutcome outcome = Assert.Single(await RunAsync(plan));

        Assert.Equal((PowerStatus.Failed, "InstanceTerminated", "terminated"), (outcome.Status, outcome.Error!.ErrorId, outcome.State));
        Assert.Contains("is terminated", outcome.Error.Message, StringComparison.Ordinal);
        Assert.InRange(outcome.Duration!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Where_one_run_is_refused_the_others_go_on()
    {
        InstanceRecord[] fleet = [.. Enumerable.Range(0, 120).Select(i => Add($"web{i}"))];
        PowerPlan plan = await PlanAsync(PowerAction.Stop, [.. fleet.Select(one => one.Id)]);
        int runs = 0;
        _account.Before = (_, call) => call == "StartAutomationExecution" && ++runs == 2
            ? HttpResponse.Text(
                400, """{"__type":"AutomationExecutionLimitExceededException","message":"too many"}""", "application/x-amz-json-1.1")
            : null;
        IReadOnlyList<PowerOutcome> outcomes = await RunAsync(plan);

        Assert.Equal(120, outcomes.Count);
        Assert.Equal(50, outcomes.Count(outcome => outcome is { Status: PowerStatus.NotStarted, Error.ErrorId: "QuotaExceeded" }));
        Assert.Equal(70, fleet.Count(one => one.State == InstanceState.Stopped));
    }

    [Fact]
    public async Task Instances_that_Auto_Scaling_would_replace_are_warned_of()
    {
        InstanceRecord instance = Add("web");
        instance.Tags["aws:autoscaling:groupName"] = "front";

        Assert.Contains("in front", Assert.Single((await PlanAsync(PowerAction.Stop, instance.Id)).Plan.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Patience_has_an_end()
    {
        InstanceRecord instance = Add("web");
        PowerPlan plan = await PlanAsync(PowerAction.Stop, instance.Id);
        _account.Before = (_, call) =>
        {
            // It never gets there: whoever looks finds it on its way.
            instance.StateEpoch += call == "DescribeInstances" ? 1 : 0;
            instance.State = call == "DescribeInstances" ? InstanceState.Stopping : instance.State;
            return null;
        };
        List<PowerOutcome> outcomes = [];
        await foreach (PowerEvent one in (await AdmitAsync(plan)).RunAsync(true, TimeSpan.FromSeconds(30), TestTimeout.Token))
        {
            outcomes.AddRange(one.Outcome is { } outcome ? [outcome] : []);
        }

        Assert.Equal((PowerStatus.TimedOut, "PowerChangeTimeout"), (outcomes.Single().Status, outcomes.Single().Error!.ErrorId));
        Assert.Equal(ErrorKind.OperationTimeout, outcomes.Single().Error!.Kind);
    }

    [Theory]
    [InlineData("10", 1, 1, "10")]
    [InlineData("10", 4, 1, "2")]
    [InlineData("10", 20, 1, "1")]
    [InlineData("1", 2, 0, "0")]
    [InlineData("025%", 9, 0, "25%")]
    public void A_limit_is_divided_among_runs(string limit, int runs, int least, string expected) =>
        Assert.Equal(expected, PowerLimits.Of(limit, runs, least));

    private InstanceRecord Add(string name, InstanceState state = InstanceState.Running)
    {
        InstanceRecord instance = WorldFleet.Add(_account.World, _account.World.Seed.Isolated[0], name);
        instance.State = state;
        return instance;
    }

    private Task<PowerPlan> PlanAsync(PowerAction action, params string[] targets) =>
        PlanAsync(new PowerRequest { Action = action, Targets = targets, MaxErrors = "50%" });

    private Task<PowerPlan> PlanAsync(PowerRequest request) =>
        new PowerPlanner(_account.Context, _account.Time).PlanAsync(request, TestTimeout.Token);

    private static async Task<PowerRun> AdmitAsync(PowerPlan plan)
    {
        foreach (PlannedChange change in plan.Plan.Changes)
        {
            await change.ApplyAsync(TestTimeout.Token);
        }

        return await plan.Plan.GetResultAsync(TestTimeout.Token);
    }

    private static async Task<IReadOnlyList<PowerOutcome>> RunAsync(PowerPlan plan, bool wait = true)
    {
        List<PowerOutcome> outcomes = [];
        await foreach (PowerEvent one in (await AdmitAsync(plan)).RunAsync(wait, TimeSpan.FromMinutes(30), TestTimeout.Token))
        {
            outcomes.AddRange(one.Outcome is { } outcome ? [outcome] : []);
        }

        return outcomes;
    }
}
