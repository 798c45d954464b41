using System.Text.Json.Nodes;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.Automation;

/// <summary>Runbooks through the API, on instances that stop and start on the sandbox's clock.</summary>
public sealed class AutomationTests
{
    private const string Stop = "AWS-StopEC2Instance";
    private const string SsmTrust =
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ssm.amazonaws.com"},"Action":"sts:AssumeRole"}]}""";

    private readonly SandboxAccount _account = new();

    [Fact]
    public void A_run_for_itself_stops_and_another_one_starts_an_instance()
    {
        InstanceRecord instance = Add("web");

        string stop = Start(Stop, new JsonObject { ["Parameters"] = new JsonObject { ["InstanceId"] = new JsonArray(instance.Id) } });
        Assert.Equal(InstanceState.Stopping, instance.State);
        Assert.Equal("InProgress", Status(stop));
        Pass();

        Assert.Equal(InstanceState.Stopped, instance.State);
        Assert.Equal("Success", Status(stop));
        JsonArray steps = _account.Json("DescribeAutomationStepExecutions", new JsonObject { ["AutomationExecutionId"] = stop }).Ok()
            .Json["StepExecutions"]!.AsArray();
        Assert.Equal(["stopInstances", "forceStopInstances"], steps.Select(step => step!["StepName"]!.ToString()));
        Assert.All(steps, step => Assert.Equal("Success", step!["StepStatus"]!.ToString()));

        string start = Start("AWS-StartEC2Instance", new JsonObject { ["Parameters"] = new JsonObject { ["InstanceId"] = new JsonArray(instance.Id) } });
        Pass();
        Assert.Equal((InstanceState.Running, "Success"), (instance.State, Status(start)));
    }

    [Fact]
    public void A_tag_makes_a_part_of_the_run_for_each_instance_and_no_more_at_once_than_was_asked()
    {
        InstanceRecord[] fleet = [.. Enumerable.Range(0, 5).Select(i => Add($"web{i}", ("Env", "test")))];
        InstanceRecord other = Add("prod", ("Env", "prod"));
        string id = Start(Stop, Targets("tag:Env", "2", "0", "test"));

        Assert.Equal(2, fleet.Count(one => one.State == InstanceState.Stopping));
        Assert.Equal(2, Children(id).Length);
        for (int i = 0; i < 4; i++)
        {
            Pass();
        }

        Assert.All(fleet, one => Assert.Equal(InstanceState.Stopped, one.State));
        Assert.Equal(InstanceState.Running, other.State);
        Assert.Equal("Success", Status(id));
        JsonObject[] children = Children(id);
        Assert.Equal(fleet.Select(one => one.Id).Order(), children.Select(one => one["Target"]!.ToString()).Order());
        Assert.All(children, one => Assert.Equal("Success", one["AutomationExecutionStatus"]!.ToString()));
        JsonNode counters = Execution(id)["ProgressCounters"]!;
        Assert.Equal((5, 5), (counters["TotalSteps"]!.GetValue<int>(), counters["SuccessSteps"]!.GetValue<int>()));
    }

    [Fact]
    public void Values_of_the_parameter_are_targets_of_which_bad_ones_fail_alone()
    {
        InstanceRecord good = Add("good");
        string id = Start(Stop, Targets("ParameterValues", "10", "50%", "i-0123456789abcdef0", good.Id));
        Pass();

        Assert.Equal(InstanceState.Stopped, good.State);
        Assert.Equal("Success", Status(id));
        JsonObject bad = Assert.Single(Children(id), one => one["AutomationExecutionStatus"]!.ToString() == "Failed");
        Assert.Contains("InvalidInstanceID.NotFound", bad["FailureMessage"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_ends_when_more_targets_failed_than_it_may_lose()
    {
        InstanceRecord good = Add("good");
        string id = Start(Stop, Targets("ParameterValues", "1", "0", "i-0123456789abcdef0", good.Id));
        Pass();

        Assert.Equal("Failed", Status(id));
        Assert.Equal(InstanceState.Running, good.State);
        Assert.Single(Children(id));
    }

    [Fact]
    public void A_run_that_is_called_off_begins_nothing_more()
    {
        InstanceRecord[] fleet = [.. Enumerable.Range(0, 3).Select(i => Add($"web{i}", ("Env", "test")))];
        string id = Start(Stop, Targets("tag:Env", "1", "0", "test"));
        _account.Json("StopAutomationExecution", new JsonObject { ["AutomationExecutionId"] = id }).Ok();
        Pass();

        Assert.Equal("Cancelled", Status(id));
        Assert.Equal(1, fleet.Count(one => one.State == InstanceState.Stopped));
        _account.Json("StopAutomationExecution", new JsonObject { ["AutomationExecutionId"] = id })
            .Refused("InvalidAutomationStatusUpdateException");
    }

    [Fact]
    public void No_more_runs_than_a_hundred_go_at_once_and_the_rest_waits_for_its_turn()
    {
        InstanceRecord[] fleet = [.. Enumerable.Range(0, 103).Select(i => Add($"web{i}"))];
        string[] ids =
        [
            .. fleet.Select(one => Start(Stop, new JsonObject { ["Parameters"] = new JsonObject { ["InstanceId"] = new JsonArray(one.Id) } })),
        ];

        Assert.Equal(3, ids.Count(id => Status(id) == "Pending"));
        Assert.Equal(3, fleet.Count(one => one.State == InstanceState.Running));
        Pass();
        Pass();
        Assert.All(ids, id => Assert.Equal("Success", Status(id)));
    }

    [Fact]
    public void The_same_client_token_starts_a_run_once()
    {
        InstanceRecord instance = Add("web");
        JsonObject request = Targets("ParameterValues", "1", "0", instance.Id);
        request["ClientToken"] = "11111111-2222-3333-4444-555555555555";

        Assert.Equal(Start(Stop, request), Start(Stop, request));
        request["MaxErrors"] = "1";
        _account.Json("StartAutomationExecution", request).Refused("IdempotentParameterMismatch");
    }

    [Fact]
    public void The_steps_have_the_rights_of_the_role_and_no_others()
    {
        InstanceRecord instance = Add("web");
        string role = Role("auto", SsmTrust, """["ec2:DescribeInstanceStatus"]""");
        JsonObject request = Targets("ParameterValues", "1", "100%", instance.Id);
        request["Parameters"] = new JsonObject { ["AutomationAssumeRole"] = new JsonArray(role) };

        string denied = Start(Stop, request);
        Pass();
        Assert.Equal(InstanceState.Running, instance.State);
        Assert.Contains("UnauthorizedOperation", Children(denied)[0]["FailureMessage"]!.ToString(), StringComparison.Ordinal);

        Role("auto", SsmTrust, """["ec2:DescribeInstanceStatus","ec2:StopInstances"]""");
        Start(Stop, request);
        Pass();
        Assert.Equal(InstanceState.Stopped, instance.State);
    }

    [Fact]
    public void A_role_that_does_not_trust_Systems_Manager_is_refused_at_the_start()
    {
        string role = Role("auto", SandboxAccount.Ec2Trust, """["*"]""");
        JsonObject request = Targets("ParameterValues", "1", "0", Add("web").Id);
        request["Parameters"] = new JsonObject { ["AutomationAssumeRole"] = new JsonArray(role) };

        request["DocumentName"] = Stop;
        ApiReply reply = _account.Json("StartAutomationExecution", request).Refused("InvalidAutomationExecutionParametersException");
        Assert.Equal("The defined assume role is unable to be assumed.", reply.Message);
    }

    [Theory]
    [InlineData("""{"DocumentName":"AWS-Nonsense"}""", "AutomationDefinitionNotFoundException")]
    [InlineData("""{"DocumentName":"AWS-RunShellScript"}""", "AutomationDefinitionNotFoundException")]
    [InlineData("""{"DocumentName":"AWS-StopEC2Instance","DocumentVersion":"7"}""", "AutomationDefinitionVersionNotFoundException")]
    [InlineData("""{"DocumentName":"AWS-StopEC2Instance"}""", "InvalidAutomationExecutionParametersException")]
    [InlineData("""{"DocumentName":"AWS-StopEC2Instance","Parameters":{"Nonsense":["x"]}}""", "InvalidAutomationExecutionParametersException")]
    [InlineData("""{"DocumentName":"AWS-StopEC2Instance","Parameters":{"InstanceId":["web"]}}""", "InvalidAutomationExecutionParametersException")]
    [InlineData(
        """{"DocumentName":"AWS-StopEC2Instance","TargetParameterName":"InstanceId","Targets":[{"Key":"tag:A","Values":["1"]},{"Key":"tag:B","Values":["1"]}]}""",
        "InvalidAutomationExecutionParametersException")]
    [InlineData(
        """{"DocumentName":"AWS-StopEC2Instance","Targets":[{"Key":"tag:A","Values":["1"]}]}""",
        "InvalidAutomationExecutionParametersException")]
    [InlineData(
        """{"DocumentName":"AWS-StopEC2Instance","TargetParameterName":"InstanceId","Targets":[{"Key":"color","Values":["1"]}]}""",
        "InvalidTarget")]
    [InlineData("""{"DocumentName":"AWS-StopEC2Instance","MaxConcurrency":"0"}""", "ValidationException")]
    public void What_cannot_be_run_is_refused_in_AWSs_words(string request, string code) =>
        _account.Json("StartAutomationExecution", JsonNode.Parse(request)!).Refused(code);

    [Fact]
    public void A_run_that_is_not_there_is_refused()
    {
        JsonObject nobody = new() { ["AutomationExecutionId"] = "11111111-2222-3333-4444-555555555555" };
        foreach (string operation in (string[])["GetAutomationExecution", "StopAutomationExecution", "DescribeAutomationStepExecutions"])
        {
            _account.Json(operation, nobody.DeepClone()).Refused("AutomationExecutionNotFoundException");
        }
    }

    private static JsonObject Targets(string key, string concurrency, string errors, params string[] values) => new()
    {
        ["DocumentName"] = Stop,
        ["TargetParameterName"] = "InstanceId",
        ["Targets"] = new JsonArray(new JsonObject { ["Key"] = key, ["Values"] = new JsonArray([.. values.Select(value => (JsonNode)value)]) }),
        ["MaxConcurrency"] = concurrency,
        ["MaxErrors"] = errors,
    };

    private InstanceRecord Add(string name, params (string Key, string Value)[] tags)
    {
        InstanceRecord instance = WorldFleet.Add(_account.World, _account.World.Seed.Isolated[0], name);
        foreach ((string key, string value) in tags)
        {
            instance.Tags[key] = value;
        }

        return instance;
    }

    private string Role(string name, string trust, string actions)
    {
        if (!_account.World.Roles.ContainsKey(name))
        {
            _account.Query("iam", "CreateRole", "RoleName", name, "AssumeRolePolicyDocument", trust).Ok();
        }

        string policy = $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":{{actions}},"Resource":"*"}]}""";
        _account.Query("iam", "PutRolePolicy", "RoleName", name, "PolicyName", "p", "PolicyDocument", policy).Ok();
        return _account.World.Roles[name].Arn;
    }

    private string Start(string document, JsonObject request)
    {
        request["DocumentName"] = document;
        return _account.Json("StartAutomationExecution", request.DeepClone()).Ok().Json["AutomationExecutionId"]!.ToString();
    }

    /// <summary>As long as a state change and the look after it take.</summary>
    private void Pass() => _account.Clock.Advance(TimeSpan.FromSeconds(2));

    private JsonNode Execution(string id) =>
        _account.Json("GetAutomationExecution", new JsonObject { ["AutomationExecutionId"] = id }).Ok().Json["AutomationExecution"]!;

    private string Status(string id) => Execution(id)["AutomationExecutionStatus"]!.ToString();

    private JsonObject[] Children(string id) =>
    [
        .. _account.Json("DescribeAutomationExecutions", new JsonObject
        {
            ["Filters"] = new JsonArray(new JsonObject { ["Key"] = "ParentExecutionId", ["Values"] = new JsonArray(id) }),
        }).Ok().Json["AutomationExecutionMetadataList"]!.AsArray().Select(one => one!.AsObject()),
    ];
}
