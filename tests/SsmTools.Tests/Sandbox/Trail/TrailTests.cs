using System.Text.Json.Nodes;
using SsmTools.Engine.Alerts;
using SsmTools.Sandbox.World;
using Xunit;

namespace SsmTools.Tests.Sandbox.Trail;

public sealed class TrailTests
{
    private readonly SandboxAccount _account = new();
    private readonly InstanceRecord _instance;

    public TrailTests()
    {
        _instance = _account.RunningInstance();
        _account.World.Register(_instance, "3.3.3050.0");
    }

    [Fact]
    public void Calls_are_written_down_without_their_secrets()
    {
        _account.Json("StartSession", new JsonObject { ["Target"] = _instance.Id, ["Reason"] = "looking" }).Ok();
        _account.Json("StartSession", new JsonObject
        {
            ["Target"] = _instance.Id,
            ["DocumentName"] = "AWS-StartInteractiveCommand",
            ["Parameters"] = new JsonObject { ["command"] = new JsonArray("echo s3cret") },
        }).Ok();
        _account.Json("StartSession", new JsonObject { ["Target"] = "i-00000000000000000" }).Refused("TargetNotConnected");

        TrailEvent[] events = [.. _account.World.Trail.Read().Where(one => one.Name == "StartSession")];
        JsonObject first = events[2].Record;

        Assert.Equal(_instance.Id, (string?)first["requestParameters"]!["target"]);
        Assert.Equal("looking", (string?)first["requestParameters"]!["reason"]);
        Assert.Equal("IAMUser", (string?)first["userIdentity"]!["type"]);
        Assert.Equal(_account.Key.AccessKeyId, (string?)first["userIdentity"]!["accessKeyId"]);
        Assert.StartsWith("tester-", (string?)first["responseElements"]!["sessionId"], StringComparison.Ordinal);
        Assert.Equal("Value hidden due to security reasons.", (string?)first["responseElements"]!["tokenValue"]);
        Assert.Equal("TargetNotConnected", (string?)events[0].Record["errorCode"]);
        string all = string.Concat(_account.World.Trail.Read().Select(one => one.Record.ToJsonString()));
        Assert.DoesNotContain("s3cret", all, StringComparison.Ordinal);
        Assert.DoesNotContain("token-1", all, StringComparison.Ordinal);
        Assert.DoesNotContain(_account.Key.SecretAccessKey, all, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_put_into_a_log_is_not_in_the_trail()
    {
        _account.Send(_account.Signer.Post(
            "logs", "application/x-amz-json-1.1",
            """{"logGroupName":"/g","logStreamName":"s","logEvents":[{"timestamp":1,"message":"s3cret"}]}""",
            ("X-Amz-Target", "Logs_20140328.PutLogEvents"))).Refused("ResourceNotFoundException");

        TrailEvent one = Assert.Single(_account.World.Trail.Read(), one => one.Name == "PutLogEvents");
        Assert.Equal("/g", (string?)one.Record["requestParameters"]!["logGroupName"]);
        Assert.DoesNotContain("s3cret", one.Record.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_history_is_looked_up_by_fifty_newest_first_and_twice_a_second()
    {
        for (int i = 0; i < 60; i++)
        {
            _account.Json("StartSession", new JsonObject { ["Target"] = _instance.Id }).Ok();
        }

        JsonObject sessions = new()
        {
            ["LookupAttributes"] = new JsonArray(new JsonObject { ["AttributeKey"] = "EventName", ["AttributeValue"] = "StartSession" }),
        };
        JsonObject first = LookUp(sessions).Ok().Json;
        sessions["NextToken"] = (string?)first["NextToken"];
        JsonObject second = LookUp(sessions).Ok().Json;

        Assert.Equal(50, first["Events"]!.AsArray().Count);
        Assert.Equal(10, second["Events"]!.AsArray().Count);
        Assert.Null(second["NextToken"]);
        LookUp([]).Refused("ThrottlingException");
        _account.Clock.Advance(TimeSpan.FromSeconds(1));
        LookUp([]).Ok();
    }

    [Fact]
    public void What_is_older_than_ninety_days_is_forgotten()
    {
        _account.Json("StartSession", new JsonObject { ["Target"] = _instance.Id }).Ok();

        _account.Clock.Advance(TimeSpan.FromDays(91));

        Assert.Empty(_account.World.Trail.Read());
    }

    [Fact]
    public void A_session_that_starts_is_told_to_the_topic_of_a_rule_that_fits()
    {
        TopicRecord topic = Topic();
        Rule("web", [_instance.Id], topic);
        Rule("other", ["i-0000000000000000f"], topic);

        string id = (string?)_account.Json("StartSession", new JsonObject { ["Target"] = _instance.Id, ["Reason"] = "looking" }).Ok().Json["SessionId"] ?? "";
        _account.Json("StartSession", new JsonObject { ["Target"] = "i-00000000000000000" }).Refused("TargetNotConnected");

        TopicMessage told = Assert.Single(topic.Messages);
        Assert.Contains($"Session {id} on {_instance.Id} was started at ", told.Text, StringComparison.Ordinal);
        Assert.Contains($"by {_account.Key.Principal.Arn}, from 127.0.0.1", told.Text, StringComparison.Ordinal);
        Assert.Contains("Reason: looking", told.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_trail_or_the_topics_leave_nobody_is_told()
    {
        TopicRecord topic = Topic();
        Rule("web", [], topic);
        string lets = topic.Policy;
        topic.Policy = AlertTopicPolicy.Without(lets, "web")!;

        _account.Json("StartSession", new JsonObject { ["Target"] = _instance.Id }).Ok();
        topic.Policy = lets;
        _account.World.Trail.HasTrail = false;
        _account.Json("StartSession", new JsonObject { ["Target"] = _instance.Id }).Ok();
        Assert.Empty(topic.Messages);

        _account.World.Trail.HasTrail = true;
        _account.Json("StartSession", new JsonObject { ["Target"] = _instance.Id }).Ok();
        Assert.Single(topic.Messages);
    }

    private TopicRecord Topic()
    {
        string arn = $"arn:aws:sns:{_account.World.Region}:{_account.World.AccountId}:alerts";
        TopicRecord topic = new() { Name = "alerts", Arn = arn, Policy = "{}" };
        _account.World.Topics.Add(arn, topic);
        return topic;
    }

    private void Rule(string name, string[] ids, TopicRecord topic)
    {
        RuleRecord rule = new() { Name = name, Arn = $"arn:aws:events:r:a:rule/{name}", Pattern = AlertPattern.Rules(name, ids)[0].Pattern };
        JsonObject paths = [];
        foreach ((string key, string path) in AlertPattern.Paths)
        {
            paths[key] = path;
        }

        rule.Targets["1"] = new JsonObject
        {
            ["Id"] = "1",
            ["Arn"] = topic.Arn,
            ["InputTransformer"] = new JsonObject { ["InputTemplate"] = AlertPattern.Template, ["InputPathsMap"] = paths },
        };
        _account.World.Rules.Add(name, rule);
        topic.Policy = AlertTopicPolicy.With(topic.Policy, name, topic.Arn, [rule.Arn]);
    }

    private ApiReply LookUp(JsonObject input) => _account.Send(_account.Signer.Post(
        "cloudtrail", "application/x-amz-json-1.1", input.ToJsonString(),
        ("X-Amz-Target", "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents")));
}
