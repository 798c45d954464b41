using System.Text.Json.Nodes;
using SsmTools.Sandbox.World;
using Xunit;

namespace SsmTools.Tests.Sandbox.Logs;

public sealed class LogsTests
{
    private readonly SandboxAccount _account = new();

    private long Now => _account.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    [Fact]
    public void Groups_and_streams_are_made_once_and_listed_in_pages()
    {
        foreach (string name in new[] { "/ssm/b", "/ssm/a", "/other" })
        {
            Ok("CreateLogGroup", new { logGroupName = name });
        }

        Call("CreateLogGroup", new { logGroupName = "/other" }).Refused("ResourceAlreadyExistsException");
        JsonObject first = Ok("DescribeLogGroups", new { logGroupNamePrefix = "/ssm", limit = 1 });
        Assert.Equal("/ssm/a", (string?)first["logGroups"]![0]!["logGroupName"]);
        JsonObject second = Ok("DescribeLogGroups", new { logGroupNamePrefix = "/ssm", limit = 1, nextToken = (string)first["nextToken"]! });
        Assert.Equal("/ssm/b", (string?)second["logGroups"]![0]!["logGroupName"]);
        Assert.Null(second["nextToken"]);

        Ok("CreateLogStream", new { logGroupName = "/other", logStreamName = "one" });
        Call("CreateLogStream", new { logGroupName = "/other", logStreamName = "one" }).Refused("ResourceAlreadyExistsException");
        Call("CreateLogStream", new { logGroupName = "/none", logStreamName = "one" }).Refused("ResourceNotFoundException");
        Assert.Equal("one", (string?)Ok("DescribeLogStreams", new { logGroupName = "/other" })["logStreams"]![0]!["logStreamName"]);
    }

    [Fact]
    public void Events_are_read_forward_page_by_page_until_the_token_repeats()
    {
        MakeStream("s");
        Put("s", Enumerable.Range(0, 5).Select(i => (Now + i, $"line {i}")));
        List<string> read = [];
        string? token = null;
        while (true)
        {
            JsonObject page = Ok("GetLogEvents", new { logGroupName = "g", logStreamName = "s", startFromHead = true, limit = 2, nextToken = token });
            read.AddRange(page["events"]!.AsArray().Select(one => (string)one!["message"]!));
            string next = (string)page["nextForwardToken"]!;
            if (next == token)
            {
                break;
            }

            token = next;
        }

        Assert.Equal(Enumerable.Range(0, 5).Select(i => $"line {i}"), read);
        JsonObject last = Ok("GetLogEvents", new { logGroupName = "g", logStreamName = "s", limit = 2 });
        Assert.Equal(["line 3", "line 4"], last["events"]!.AsArray().Select(one => (string)one!["message"]!));
        JsonObject before = Ok(
            "GetLogEvents", new { logGroupName = "g", logStreamName = "s", limit = 2, nextToken = (string)last["nextBackwardToken"]! });
        Assert.Equal(["line 1", "line 2"], before["events"]!.AsArray().Select(one => (string)one!["message"]!));
    }

    [Fact]
    public void Streams_are_searched_together_in_the_order_of_time()
    {
        MakeStream("a");
        MakeStream("b");
        Put("a", [(Now, "error one"), (Now + 2, "fine")]);
        Put("b", [(Now + 1, "error two"), (Now + 3, "error three old")]);
        Assert.Equal(["error one", "error two", "error three old"], Filter("error"));
        Assert.Equal(["error one", "error two"], Filter("error -old"));
        Assert.Equal(["error one", "fine"], Filter("?one ?fine"));
        Assert.Equal(["error two"], Filter("\"error two\""));
        Assert.Equal(["error one", "fine"], Filter("", "a"));
        Call("FilterLogEvents", new { logGroupName = "g", filterPattern = "{ $.a = 1 }" }).Refused("InvalidParameterException");

        JsonObject page = Ok("FilterLogEvents", new { logGroupName = "g", limit = 3 });
        JsonObject rest = Ok("FilterLogEvents", new { logGroupName = "g", limit = 3, nextToken = (string)page["nextToken"]! });
        Assert.Equal("error three old", (string?)Assert.Single(rest["events"]!.AsArray())!["message"]);
        Assert.Null(rest["nextToken"]);
    }

    [Fact]
    public void Events_out_of_order_too_old_or_too_many_are_not_taken()
    {
        MakeStream("s");
        Call("PutLogEvents", Events("s", [(Now + 1, "b"), (Now, "a")])).Refused("InvalidParameterException");
        Call("PutLogEvents", Events("s", Enumerable.Range(0, 6).Select(_ => (Now, new string('x', 200_000))))).Refused("InvalidParameterException");
        long old = Now - (long)TimeSpan.FromDays(15).TotalMilliseconds;
        JsonObject answer = Ok("PutLogEvents", Events("s", [(old, "old")]));
        Assert.Equal(1, (int)answer["rejectedLogEventsInfo"]!["tooOldLogEventEndIndex"]!);
        Put("s", [(Now, "now")]);
        Assert.Equal(["now"], Filter(""));
    }

    [Fact]
    public void Events_go_when_the_group_keeps_them_no_longer()
    {
        MakeStream("s");
        Ok("PutRetentionPolicy", new { logGroupName = "g", retentionInDays = 1 });
        Call("PutRetentionPolicy", new { logGroupName = "g", retentionInDays = 2 }).Refused("InvalidParameterException");
        Put("s", [(Now, "one")]);
        Assert.Equal(["one"], Filter(""));
        _account.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Empty(Filter(""));
    }

    [Fact]
    public void A_groups_key_is_named_by_its_arn()
    {
        MakeStream("s");
        KmsKeyRecord key = _account.World.KmsKeys.Values.Single();
        Call("AssociateKmsKey", new { logGroupName = "g", kmsKeyId = "alias/sandbox" }).Refused("InvalidParameterException");
        Ok("AssociateKmsKey", new { logGroupName = "g", kmsKeyId = key.Arn });
        Assert.Equal(key.Arn, (string?)Ok("DescribeLogGroups", new { logGroupNamePrefix = "g" })["logGroups"]![0]!["kmsKeyId"]);
    }

    private void MakeStream(string name)
    {
        if (!_account.World.LogGroups.ContainsKey("g"))
        {
            Ok("CreateLogGroup", new { logGroupName = "g" });
        }

        Ok("CreateLogStream", new { logGroupName = "g", logStreamName = name });
    }

    private void Put(string stream, IEnumerable<(long Time, string Text)> events) => Ok("PutLogEvents", Events(stream, events));

    private static object Events(string stream, IEnumerable<(long Time, string Text)> events) => new
    {
        logGroupName = "g",
        logStreamName = stream,
        logEvents = events.Select(one => new { timestamp = one.Time, message = one.Text }),
    };

    private IEnumerable<string> Filter(string pattern, string? stream = null)
    {
        JsonObject answer = Ok("FilterLogEvents", new { logGroupName = "g", filterPattern = pattern, logStreamNamePrefix = stream });
        return answer["events"]!.AsArray().Select(one => (string)one!["message"]!);
    }

    private JsonObject Ok(string operation, object input) => Call(operation, input).Ok().Json;

    private ApiReply Call(string operation, object input)
    {
        JsonObject body = System.Text.Json.JsonSerializer.SerializeToNode(input)!.AsObject();
        foreach (string empty in body.Where(pair => pair.Value is null).Select(pair => pair.Key).ToArray())
        {
            body.Remove(empty);
        }

        return _account.Send(_account.Signer.Post(
            "logs", "application/x-amz-json-1.1", body.ToJsonString(), ("X-Amz-Target", $"Logs_20140328.{operation}")));
    }
}
