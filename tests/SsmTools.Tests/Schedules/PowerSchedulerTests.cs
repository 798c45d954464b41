using System.Text.Json.Nodes;
using SsmTools.Engine;
using SsmTools.Engine.Provisioning;
using SsmTools.Engine.Schedules;
using SsmTools.Sandbox.Scheduler;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Provisioning;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Schedules;

/// <summary>Power schedules against the sandbox's EventBridge Scheduler, IAM and Automation.</summary>
public sealed class PowerSchedulerTests : IAsyncLifetime
{
    private static readonly PowerScheduleRequest s_office = new()
    {
        Name = "office",
        TagKey = "Env",
        TagValue = "test",
        StartTime = TimeSpan.FromHours(7),
        StopTime = TimeSpan.FromHours(19),
        Days = Enum.GetValues<DayOfWeek>(),
        TimeZone = "UTC",
    };

    private readonly ProvisioningAccount _account = new(TimeSpan.FromSeconds(2), hostName: "localhost");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _account.World.Scheduler.Dispose();
        _account.World.Automation.Dispose();
        await _account.DisposeAsync();
    }

    [Fact]
    public async Task Tagged_instances_stop_and_start_at_their_times_with_the_rights_of_the_roles_that_were_made()
    {
        InstanceRecord tagged = Add("web", "test");
        InstanceRecord other = Add("prod", "prod");
        PowerScheduleDescription made = await MakeAsync(s_office);
        Assert.Equal((1, 84d, 84d), (made.InstanceCount, made.HoursOff, made.HoursSaved));

        TurnTo(made.NextStop!.Value);
        Assert.Equal((InstanceState.Stopped, InstanceState.Running), (tagged.State, other.State));
        TurnTo((await GetAsync("office")).NextStart!.Value);
        Assert.Equal(InstanceState.Running, tagged.State);
        Assert.All(_account.World.Scheduler.Schedules.Values, schedule => Assert.All(schedule.Calls, call => Assert.Null(call.Error)));

        // By the tag that they have then, not that they had.
        tagged.Tags["Env"] = "prod";
        TurnTo((await GetAsync("office")).NextStop!.Value);
        Assert.Equal(InstanceState.Running, tagged.State);
    }

    [Fact]
    public async Task The_roles_have_the_rights_that_are_needed_and_no_others()
    {
        await MakeAsync(s_office with { StartTime = null });
        RoleRecord automation = _account.World.Roles["office-eu-west-1-power-automation"];
        RoleRecord scheduler = _account.World.Roles["office-eu-west-1-power-scheduler"];

        Assert.Equal("office", automation.Tags["SsmTools"]);
        Assert.Empty(automation.Attached);
        Assert.Equal(["ec2:StopInstances"], Actions(automation, 0));
        Assert.Equal("test", Statement(automation, 0)["Condition"]!["StringEquals"]!["aws:ResourceTag/Env"]!.ToString());
        Assert.All(Actions(automation, 1), action => Assert.Matches("^(ec2:Describe|tag:Get)", action));
        Assert.Equal(["ssm:StartAutomationExecution"], Actions(scheduler, 0));
        Assert.DoesNotContain("AWS-StartEC2Instance", Statement(scheduler, 0).ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(["iam:PassRole"], Actions(scheduler, 1));
        Assert.Equal(automation.Arn, Statement(scheduler, 1)["Resource"]!.ToString());
        Assert.Contains(_account.World.AccountId, scheduler.TrustPolicy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_thousand_instances_reconcile_in_few_calls()
    {
        for (int i = 0; i < 1000; i++)
        {
            Add($"web{i}", "test");
        }

        await MakeAsync(s_office with { Name = "other", TagValue = "prod" });
        _account.Forget();
        PowerScheduleDescription made = await MakeAsync(s_office);
        Assert.Equal(1000, made.InstanceCount);
        Assert.InRange(_account.Calls.Count, 10, 100);

        _account.Forget();
        Assert.Empty((await PlanAsync(s_office)).Changes);
        Assert.InRange(_account.Calls.Count, 5, 40);
        Assert.Empty(_account.Mutations);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whatever_the_moment_at_which_it_is_killed_the_end_is_the_same(bool done)
    {
        int kills = 0;
        for (int call = 1; await KilledAtAsync(call, done, s_office, remove: false); call++)
        {
            kills++;
        }

        Assert.InRange(kills, 12, 60);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_removal_that_was_killed_goes_on_and_leaves_nothing(bool done)
    {
        int kills = 0;
        for (int call = 1; await KilledAtAsync(call, done, s_office, remove: true); call++)
        {
            kills++;
        }

        Assert.InRange(kills, 12, 60);
    }

    [Fact]
    public async Task A_plan_says_what_it_would_do_and_does_nothing()
    {
        Plan<PowerScheduleDescription> plan = await PlanAsync(s_office);

        Assert.Equal(
            [
                "role office-eu-west-1-power-automation", "role office-eu-west-1-power-automation", "role office-eu-west-1-power-scheduler",
                "role office-eu-west-1-power-scheduler", "schedule group SsmTools-office", "schedule ssmtools-office-start",
                "schedule ssmtools-office-stop",
            ],
            plan.Changes.Select(change => change.Target));
        Assert.Empty(_account.Mutations);
    }

    [Fact]
    public async Task A_schedule_is_changed_where_it_differs_and_its_rights_follow_the_tag()
    {
        await MakeAsync(s_office);
        PowerScheduleRequest change = new() { Name = "office", TagKey = "Team", TagValue = "a", StopTime = TimeSpan.FromHours(20) };
        PowerScheduleDescription changed = await (await PlanAsync(change, change: true)).ApplyAsync(TestTimeout.Token);

        Assert.Equal(("Team", "a", TimeSpan.FromHours(7), TimeSpan.FromHours(20)), (changed.TagKey, changed.TagValue, changed.StartTime, changed.StopTime));
        Assert.Contains("aws:ResourceTag/Team", _account.World.Roles["office-eu-west-1-power-automation"].Inline.Values.Single(), StringComparison.Ordinal);
        Assert.Empty((await PlanAsync(change, change: true)).Changes);

        Plan<PowerScheduleDescription> off = await PlanAsync(new PowerScheduleRequest { Name = "office", Enabled = false }, change: true);
        Assert.Equal(2, off.Changes.Count);
        PowerScheduleDescription disabled = await off.ApplyAsync(TestTimeout.Token);
        Assert.False(disabled.Enabled);
        Assert.Null(disabled.NextStop);
    }

    [Fact]
    public async Task What_was_changed_by_hand_is_shown_and_mended()
    {
        await MakeAsync(s_office);
        ScheduleRecord start = _account.World.Scheduler.Schedules["SsmTools-office/ssmtools-office-start"];
        start.Request["ScheduleExpression"] = "rate(1 days)";
        start.Request["Target"]!["Input"] = "{}";
        Assert.Contains("by hand", (await GetAsync("office")).Problem, StringComparison.Ordinal);

        await (await PlanAsync(s_office, change: true)).ApplyAsync(TestTimeout.Token);
        PowerScheduleDescription mended = await GetAsync("office");
        Assert.Null(mended.Problem);
        Assert.Equal(TimeSpan.FromHours(7), mended.StartTime);
    }

    [Fact]
    public async Task Another_schedule_on_the_tag_is_refused_unless_it_is_wanted()
    {
        await MakeAsync(s_office);
        PowerScheduleRequest second = s_office with { Name = "second", StopTime = TimeSpan.FromHours(22) };

        await AssertFailsAsync("PowerScheduleOverlap", () => PlanAsync(second));
        Assert.Contains("office", Assert.Single((await PlanAsync(second with { AllowOverlap = true })).Warnings), StringComparison.Ordinal);
        InstanceRecord both = Add("both", "test");
        both.Tags["Team"] = "a";
        Assert.Contains(
            "1 of the instances",
            Assert.Single((await PlanAsync(second with { TagKey = "Team", TagValue = "a" })).Warnings),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_off_gets_in_nobodys_way_and_can_be_switched_off_for_that()
    {
        await MakeAsync(s_office);
        PowerScheduleRequest second = s_office with { Name = "second", StopTime = TimeSpan.FromHours(22) };
        await MakeAsync(second with { AllowOverlap = true });

        PowerScheduleRequest off = new() { Name = "second", Enabled = false };
        Assert.False((await (await PlanAsync(off, change: true)).ApplyAsync(TestTimeout.Token)).Enabled);
        await AssertFailsAsync("PowerScheduleOverlap", () => PlanAsync(off with { Enabled = true }, change: true));
        Assert.Empty((await PlanAsync(s_office with { Name = "third", Enabled = false })).Warnings);
    }

    [Theory]
    [InlineData("start")]
    [InlineData("stop")]
    public async Task A_half_whose_time_cannot_be_read_is_neither_left_so_nor_robbed_of_its_right(string half)
    {
        await MakeAsync(s_office);
        _account.World.Scheduler.Schedules[$"SsmTools-office/ssmtools-office-{half}"].Request["ScheduleExpression"] = "rate(1 days)";
        _account.Forget();

        EngineException error = await AssertFailsAsync(
            "PowerScheduleTimeMissing", () => PlanAsync(new PowerScheduleRequest { Name = "office", FlexibleMinutes = 5 }, change: true));
        Assert.Contains("rate(1 days)", error.Message, StringComparison.Ordinal);
        Assert.Contains(half == "start" ? "-StartTime" : "-StopTime", error.Recommendation, StringComparison.Ordinal);
        Assert.Empty(_account.Mutations);

        PowerScheduleRequest whole = new() { Name = "office", StartTime = s_office.StartTime, StopTime = s_office.StopTime };
        Assert.Null((await (await PlanAsync(whole, change: true)).ApplyAsync(TestTimeout.Token)).Problem);
    }

    [Fact]
    public async Task A_time_that_a_clock_change_skips_is_told_of()
    {
        Plan<PowerScheduleDescription> plan = await PlanAsync(s_office with { StopTime = new TimeSpan(2, 30, 0), TimeZone = "Europe/Berlin" });
        Assert.Contains("jump over 02:30", Assert.Single(plan.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schedule_that_differs_is_not_made_over_one_that_is_there()
    {
        await MakeAsync(s_office);
        EngineException error = await AssertFailsAsync("PowerScheduleExists", () => PlanAsync(s_office with { StopTime = TimeSpan.FromHours(20) }));
        Assert.Contains("19:00", error.Message, StringComparison.Ordinal);
        await AssertFailsAsync("PowerScheduleExists", () => PlanAsync(s_office with { TagValue = "prod" }));
        await AssertFailsAsync("PowerScheduleExists", () => PlanAsync(s_office with { MaxConcurrency = "5" }));
        await AssertFailsAsync("PowerScheduleExists", () => PlanAsync(s_office with { MaxErrors = "0" }));
        Assert.Empty((await PlanAsync(s_office with { MaxConcurrency = "10" })).Changes);
    }

    [Fact]
    public async Task What_others_made_is_left_alone_unless_forced()
    {
        await MakeAsync(s_office);
        ScheduleRecord stop = _account.World.Scheduler.Schedules["SsmTools-office/ssmtools-office-stop"];
        stop.Request["Description"] = "mine";

        await AssertFailsAsync("PowerScheduleNotManaged", () => PlanAsync(s_office));
        await AssertFailsAsync("PowerScheduleNotManaged", () => RemovalAsync("office", false));
        await (await RemovalAsync("office", true)).ApplyAsync(TestTimeout.Token);
        Assert.Empty(_account.World.Scheduler.Schedules);
        Assert.Empty(_account.World.Roles);

        // A role of the name that is not ours.
        await MakeAsync(s_office);
        _account.World.Roles["office-eu-west-1-power-automation"].Tags.Clear();
        await AssertFailsAsync("PowerScheduleRoleTaken", () => PlanAsync(s_office));
        await (await RemovalAsync("office", false)).ApplyAsync(TestTimeout.Token);
        Assert.Equal(["office-eu-west-1-power-automation"], _account.World.Roles.Keys);
    }

    [Theory]
    [InlineData("no blanks", "07:00", "19:00", "UTC", "PowerScheduleNameInvalid")]
    [InlineData("office", "1.00:00", "19:00", "UTC", "PowerScheduleTimeInvalid")]
    [InlineData("office", "07:00:30", "19:00", "UTC", "PowerScheduleTimeInvalid")]
    [InlineData("office", "07:00", "07:00", "UTC", "PowerScheduleTimeInvalid")]
    [InlineData("office", null, null, "UTC", "PowerScheduleTimeMissing")]
    [InlineData("office", "07:00", "19:00", "Nowhere/Land", "TimeZoneUnknown")]
    public async Task What_is_no_schedule_is_refused(string name, string? start, string? stop, string zone, string id)
    {
        PowerScheduleRequest request = s_office with
        {
            Name = name,
            StartTime = Time(start),
            StopTime = Time(stop),
            TimeZone = zone,
        };
        await AssertFailsAsync(id, () => PlanAsync(request));
        Assert.Empty(_account.Mutations);

        static TimeSpan? Time(string? text) => text is null ? null : TimeSpan.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task What_is_not_there_is_said_so()
    {
        await AssertFailsAsync("PowerScheduleTagInvalid", () => PlanAsync(s_office with { TagKey = "" }));
        await AssertFailsAsync("PowerScheduleNotFound", () => PlanAsync(s_office, change: true));
        await AssertFailsAsync("PowerScheduleNotFound", () => RemovalAsync("office", false));
        await AssertFailsAsync("PowerScheduleNotFound", () => GetAsync("office"));
        EngineException both = await AssertFailsAsync("PowerScheduleNotFound", () => GetAsync("office", "other"));
        Assert.Contains("office, other", both.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_template_has_the_same_roles_and_schedules()
    {
        JsonNode resources = JsonNode.Parse(PowerScheduler.GetTemplate(s_office))!["Resources"]!;

        Assert.Equal(
            ["AutomationRole", "SchedulerRole", "ScheduleGroup", "StartSchedule", "StopSchedule"],
            resources.AsObject().Select(one => one.Key));
        JsonNode stop = resources["StopSchedule"]!["Properties"]!;
        Assert.Equal("cron(0 19 ? * MON,TUE,WED,THU,FRI,SAT,SUN *)", stop["ScheduleExpression"]!.ToString());
        string input = stop["Target"]!["Input"]!["Fn::Sub"]!.ToString();
        Assert.Equal("${AutomationRole.Arn}", JsonNode.Parse(input)!["Parameters"]!["AutomationAssumeRole"]![0]!.ToString());
        Assert.Equal("tag:Env", JsonNode.Parse(input)!["Targets"]![0]!["Key"]!.ToString());
    }

    private static JsonNode Statement(RoleRecord role, int index) =>
        JsonNode.Parse(role.Inline.Values.Single())!["Statement"]![index]!;

    private static string[] Actions(RoleRecord role, int index) => Statement(role, index)["Action"] is JsonArray many
        ? [.. many.Select(one => one!.ToString())]
        : [Statement(role, index)["Action"]!.ToString()];

    private static async Task<EngineException> AssertFailsAsync<T>(string id, Func<Task<T>> run)
    {
        EngineException error = await Assert.ThrowsAsync<EngineException>(run);
        Assert.Equal(id, error.ErrorId);
        return error;
    }

    /// <summary>Makes or removes in an account of its own, killed at one call, then runs it again.</summary>
    /// <returns>Whether it came that far.</returns>
    private static async Task<bool> KilledAtAsync(int call, bool done, PowerScheduleRequest request, bool remove)
    {
        await using ProvisioningAccount account = new(TimeSpan.FromSeconds(2), hostName: "localhost");
        PowerScheduler scheduler = new(account.Context, account.Time);
        if (remove)
        {
            await (await scheduler.PlanAsync(request, false, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
        }

        using CancellationTokenSource process = CancellationTokenSource.CreateLinkedTokenSource(TestTimeout.Token);
        account.Kill = process;
        account.KillAfter = done;
        account.KillAt = account.TotalCalls + call;
        bool killed = false;
        try
        {
            await RunAsync(process.Token);
        }
        catch (OperationCanceledException) when (process.IsCancellationRequested)
        {
            killed = true;
        }

        account.KillAt = -1;
        if (killed)
        {
            try
            {
                await RunAsync(TestTimeout.Token);
            }
            catch (EngineException e) when (remove && e.ErrorId == "PowerScheduleNotFound")
            {
                // All of it was gone when it was killed.
            }
        }

        lock (account.World.Gate)
        {
            // A group that is being deleted goes a moment later.
            Assert.Equal(remove ? 0 : 2, account.World.Scheduler.Schedules.Count);
            Assert.Equal(remove ? 0 : 1, account.World.Scheduler.Groups.Values.Count(group => !group.IsDeleting));
            Assert.Equal(remove ? 0 : 2, account.World.Roles.Count);
            Assert.All(account.World.Roles.Values, role => Assert.Single(role.Inline));
        }

        account.World.Scheduler.Dispose();
        return killed;

        async Task RunAsync(CancellationToken token)
        {
            Plan<PowerScheduleDescription> plan = remove
                ? await scheduler.PlanRemovalAsync(request.Name, false, token)
                : await scheduler.PlanAsync(request, false, token);
            await plan.ApplyAsync(token);
        }
    }

    private InstanceRecord Add(string name, string env)
    {
        InstanceRecord instance = WorldFleet.Add(_account.World, _account.World.Seed.Isolated[0], name);
        instance.Tags["Env"] = env;
        return instance;
    }

    private async Task<PowerScheduleDescription> MakeAsync(PowerScheduleRequest request) =>
        await (await PlanAsync(request)).ApplyAsync(TestTimeout.Token);

    private Task<Plan<PowerScheduleDescription>> PlanAsync(PowerScheduleRequest request, bool change = false) =>
        new PowerScheduler(_account.Context, _account.Time).PlanAsync(request, change, TestTimeout.Token);

    private Task<Plan<PowerScheduleDescription>> RemovalAsync(string name, bool force) =>
        new PowerScheduler(_account.Context, _account.Time).PlanRemovalAsync(name, force, TestTimeout.Token);

    private async Task<PowerScheduleDescription> GetAsync(params string[] names)
    {
        await foreach (PowerScheduleDescription one in
            new PowerScheduler(_account.Context, _account.Time).ListAsync(names, TestTimeout.Token))
        {
            return one;
        }

        throw new InvalidOperationException("There is none.");
    }

    /// <summary>A minute past a time: what is due then has begun, and what it switches is switched.</summary>
    private void TurnTo(DateTimeOffset time)
    {
        _account.Clock.Advance(time.AddMinutes(1) - _account.World.Now);

        // A timer that real time fired in that moment does its work on a thread of its own.
        CancellationToken patience = TestTimeout.Token;
        while (IsSwitching())
        {
            patience.ThrowIfCancellationRequested();
            _account.Clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private bool IsSwitching()
    {
        lock (_account.World.Gate)
        {
            return _account.World.Automations.Values.Any(run => !run.IsOver);
        }
    }
}
