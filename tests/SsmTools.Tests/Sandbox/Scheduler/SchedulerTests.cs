using System.Text;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Scheduler;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.Scheduler;

/// <summary>EventBridge Scheduler through the API, on a clock that the tests turn.</summary>
public sealed class SchedulerTests
{
    private const string Automation =
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ec2:StartInstances","ec2:StopInstances","ec2:DescribeInstanceStatus"],"Resource":"*"}]}""";

    private readonly SandboxAccount _account = new();
    private readonly string _automation;
    private readonly string _scheduler;

    public SchedulerTests()
    {
        _automation = Role("auto", "ssm.amazonaws.com", Automation);
        _scheduler = Role("sched", "scheduler.amazonaws.com", Rights(_automation));
        _account.Clock.Advance(_account.World.Options.ProfileDelay);
    }

    [Fact]
    public void Tagged_instances_stop_and_start_at_their_times()
    {
        InstanceRecord tagged = Add("web", "test");
        InstanceRecord other = Add("prod", "prod");
        Create("night", "cron(0 19 ? * * *)", "AWS-StopEC2Instance").Ok();
        Create("day", "cron(0 7 ? * * *)", "AWS-StartEC2Instance").Ok();

        TurnTo(19, 1);
        Assert.Equal((InstanceState.Stopped, InstanceState.Running), (tagged.State, other.State));
        TurnTo(7, 1);
        Assert.Equal(InstanceState.Running, tagged.State);

        // Every day, not once.
        TurnTo(19, 1);
        Assert.Equal(InstanceState.Stopped, tagged.State);
    }

    [Fact]
    public void A_role_without_the_rights_starts_nothing_and_the_reason_is_kept()
    {
        InstanceRecord tagged = Add("web", "test");
        Create("night", "cron(0 19 ? * * *)", "AWS-StopEC2Instance").Ok();

        // The role may start the runbook, but not hand that role to it.
        Role("sched", "scheduler.amazonaws.com", Rights($"{_automation}-other"));
        TurnTo(19, 1);

        Assert.Equal(InstanceState.Running, tagged.State);
        (_, string? execution, string? error) = Assert.Single(Assert.Single(_account.World.Scheduler.Schedules.Values).Calls);
        Assert.Null(execution);
        Assert.Contains("iam:PassRole", error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_disabled_changed_or_deleted_does_not_run_as_it_was()
    {
        InstanceRecord tagged = Add("web", "test");
        Create("night", "cron(0 19 ? * * *)", "AWS-StopEC2Instance").Ok();
        JsonObject changed = Body("cron(0 21 ? * * *)", "AWS-StopEC2Instance");
        Send("PUT", "/schedules/night", changed).Ok();
        TurnTo(20, 0);
        Assert.Equal(InstanceState.Running, tagged.State);

        changed["State"] = "DISABLED";
        Send("PUT", "/schedules/night", changed).Ok();
        TurnTo(22, 0);
        Assert.Equal(InstanceState.Running, tagged.State);

        changed.Remove("State");
        Send("PUT", "/schedules/night", changed).Ok();
        Send("DELETE", "/schedules/night", null).Ok();
        TurnTo(21, 30);
        Assert.Equal(InstanceState.Running, tagged.State);
        Send("GET", "/schedules/night", null).Refused("ResourceNotFoundException", 404);
    }

    [Fact]
    public void A_flexible_window_runs_once_within_it_and_dates_bound_it()
    {
        Add("web", "test");
        JsonObject body = Body("rate(1 hours)", "AWS-StopEC2Instance");
        body["FlexibleTimeWindow"] = new JsonObject { ["Mode"] = "FLEXIBLE", ["MaximumWindowInMinutes"] = 15 };
        body["StartDate"] = _account.World.Now.AddHours(2).ToUnixTimeSeconds();
        body["EndDate"] = _account.World.Now.AddHours(4.5).ToUnixTimeSeconds();
        Send("POST", "/schedules/hourly", body).Ok();
        DateTimeOffset began = _account.World.Now;
        _account.Clock.Advance(TimeSpan.FromHours(12));

        ScheduleRecord schedule = Assert.Single(_account.World.Scheduler.Schedules.Values);
        Assert.Equal(3, schedule.Calls.Count);
        for (int i = 0; i < 3; i++)
        {
            Assert.InRange(schedule.Calls[i].Time - began, TimeSpan.FromHours(2 + i) - TimeSpan.FromSeconds(1), TimeSpan.FromMinutes((60 * (2 + i)) + 15));
        }
    }

    [Fact]
    public void A_group_that_goes_takes_its_schedules_with_it_and_its_name_is_free_a_moment_later()
    {
        Send("POST", "/schedule-groups/power", new JsonObject()).Ok();
        Send("POST", "/schedule-groups/power", new JsonObject()).Refused("ConflictException", 409);
        JsonObject body = Body("cron(0 19 ? * * *)", "AWS-StopEC2Instance");
        body["GroupName"] = "power";
        Send("POST", "/schedules/night", body).Ok();
        Assert.Equal("night", Send("GET", "/schedules?ScheduleGroup=power&MaxResults=5", null).Ok().Json["Schedules"]![0]!["Name"]!.ToString());
        Assert.Equal("power", Send("GET", "/schedules/night?groupName=power", null).Ok().Json["GroupName"]!.ToString());

        Send("DELETE", "/schedule-groups/power?clientToken=a", null).Ok();
        Assert.Equal("DELETING", Send("GET", "/schedule-groups/power", null).Ok().Json["State"]!.ToString());
        Send("POST", "/schedules/again", body).Refused("ResourceNotFoundException", 404);
        Send("POST", "/schedule-groups/power", new JsonObject()).Refused("ConflictException", 409);
        _account.Clock.Advance(_account.World.Options.StateDelay);
        Send("POST", "/schedule-groups/power", new JsonObject()).Ok();
        Assert.Empty(Send("GET", "/schedules", null).Ok().Json["Schedules"]!.AsArray());
    }

    [Fact]
    public void The_same_client_token_makes_one_schedule()
    {
        JsonObject body = Body("rate(1 days)", "AWS-StopEC2Instance");
        body["ClientToken"] = "abc";
        Assert.Equal(Send("POST", "/schedules/a", body).Ok().Body, Send("POST", "/schedules/a", body).Ok().Body);
        body["ClientToken"] = "def";
        Send("POST", "/schedules/a", body).Refused("ConflictException", 409);
    }

    [Theory]
    [InlineData("cron(0 19 * * MON *)", null, null, "ValidationException")]
    [InlineData("every day", null, null, "ValidationException")]
    [InlineData("rate(0 days)", null, null, "ValidationException")]
    [InlineData("rate(1 days)", "ScheduleExpressionTimezone", "\"Nowhere/Land\"", "ValidationException")]
    [InlineData("rate(1 days)", "FlexibleTimeWindow", """{"Mode":"FLEXIBLE"}""", "ValidationException")]
    [InlineData("rate(1 days)", "FlexibleTimeWindow", """{"Mode":"SOMETIMES"}""", "ValidationException")]
    [InlineData("rate(1 days)", "GroupName", "\"nobody\"", "ResourceNotFoundException")]
    [InlineData("rate(1 days)", "Target", null, "ValidationException")]
    public void What_cannot_be_scheduled_is_refused(string expression, string? member, string? value, string code)
    {
        JsonObject body = Body(expression, "AWS-StopEC2Instance");
        if (member is not null)
        {
            body[member] = value is null ? null : JsonNode.Parse(value);
        }

        Send("POST", "/schedules/a", body).Refused(code, code == "ResourceNotFoundException" ? 404 : 400);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("""{"documentName":"AWS-StopEC2Instance"}""")]
    [InlineData("""{"Targets":[]}""")]
    [InlineData("""{"DocumentName":"AWS-StopEC2Instance","DocumentName":"AWS-StopEC2Instance"}""")]
    public void An_input_that_the_call_would_not_take_is_refused(string input)
    {
        JsonObject body = Body("rate(1 days)", "AWS-StopEC2Instance");
        body["Target"]!["Input"] = input;
        Send("POST", "/schedules/a", body).Refused("ValidationException");
    }

    [Fact]
    public void A_role_is_taken_only_if_it_trusts_the_scheduler_and_has_been_there_for_a_moment()
    {
        JsonObject body = Body("rate(1 days)", "AWS-StopEC2Instance");
        body["Target"]!["RoleArn"] = _automation;
        Assert.Contains("assume the role", Send("POST", "/schedules/a", body).Refused("ValidationException").Body, StringComparison.Ordinal);

        body["Target"]!["RoleArn"] = Role("young", "scheduler.amazonaws.com", Rights(_automation));
        Send("POST", "/schedules/a", body).Refused("ValidationException");
        _account.Clock.Advance(_account.World.Options.ProfileDelay);
        Send("POST", "/schedules/a", body).Ok();
    }

    [Fact]
    public void Paths_and_methods_that_are_none_are_refused()
    {
        Send("PATCH", "/schedules/a", null).Refused("UnknownOperationException", 404);
        Send("GET", "/schedules/a/b", null).Refused("UnknownOperationException", 404);
        Send("GET", "/", null).Refused("UnknownOperationException", 404);
        Send("GET", $"/schedules/{new string('a', 65)}", null).Refused("ValidationException");
        Send("GET", "/schedules?MaxResults=many", null).Refused("SerializationException");
    }

    [Fact]
    public void Whoever_is_not_known_is_refused_in_the_words_of_REST()
    {
        ApiReply reply = _account.Send(new TinySigner(_account.Key, _account.World.Region, _account.Clock) { Secret = "wrong" }
            .Sign("GET", "/schedules", "scheduler", []));
        Assert.Equal((403, "InvalidSignatureException"), (reply.Status, reply.Code));
    }

    private static string Rights(string automationRole) =>
        $$"""
        {"Version":"2012-10-17","Statement":[
          {"Effect":"Allow","Action":"ssm:StartAutomationExecution","Resource":"arn:aws:ssm:*::automation-definition/AWS-*"},
          {"Effect":"Allow","Action":"iam:PassRole","Resource":"{{automationRole}}"}]}
        """;

    private InstanceRecord Add(string name, string env)
    {
        InstanceRecord instance = WorldFleet.Add(_account.World, _account.World.Seed.Isolated[0], name);
        instance.Tags["Env"] = env;
        return instance;
    }

    private string Role(string name, string service, string policy)
    {
        if (!_account.World.Roles.ContainsKey(name))
        {
            _account.Query(
                "iam", "CreateRole", "RoleName", name, "AssumeRolePolicyDocument",
                $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"{{service}}"},"Action":"sts:AssumeRole"}]}""").Ok();
        }

        _account.Query("iam", "PutRolePolicy", "RoleName", name, "PolicyName", "p", "PolicyDocument", policy).Ok();
        return _account.World.Roles[name].Arn;
    }

    private JsonObject Body(string expression, string document) => new()
    {
        ["ScheduleExpression"] = expression,
        ["FlexibleTimeWindow"] = new JsonObject { ["Mode"] = "OFF" },
        ["Target"] = new JsonObject
        {
            ["Arn"] = ScheduleCheck.Target,
            ["RoleArn"] = _scheduler,
            ["Input"] = new JsonObject
            {
                ["DocumentName"] = document,
                ["TargetParameterName"] = "InstanceId",
                ["Targets"] = new JsonArray(new JsonObject { ["Key"] = "tag:Env", ["Values"] = new JsonArray("test") }),
                ["Parameters"] = new JsonObject { ["AutomationAssumeRole"] = new JsonArray(_automation) },
            }.ToJsonString(),
        },
    };

    private ApiReply Create(string name, string expression, string document) => Send("POST", $"/schedules/{name}", Body(expression, document));

    private ApiReply Send(string method, string target, JsonObject? body) => _account.Send(_account.Signer.Sign(
        method, target, "scheduler", body is null ? [] : Encoding.UTF8.GetBytes(body.ToJsonString())));

    /// <summary>Turns the clock to the next time that reads like this.</summary>
    private void TurnTo(int hour, int minute)
    {
        DateTimeOffset now = _account.World.Now;
        DateTimeOffset then = new(now.Year, now.Month, now.Day, hour, minute, 0, TimeSpan.Zero);
        _account.Clock.Advance((then > now ? then : then.AddDays(1)) - now);
    }
}
