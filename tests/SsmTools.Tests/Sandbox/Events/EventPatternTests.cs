using System.Text.Json.Nodes;
using SsmTools.Sandbox.Events;
using Xunit;

namespace SsmTools.Tests.Sandbox.Events;

public sealed class EventPatternTests
{
    private const string Happened =
        """{"source":"aws.ssm","detail":{"eventName":"StartSession","count":5,"tags":["a","b"],"requestParameters":{"target":"i-1"},"none":null}}""";

    [Theory]
    [InlineData("""{"source":["aws.ssm"]}""", true)]
    [InlineData("""{"source":["aws.ec2","aws.ssm"]}""", true)]
    [InlineData("""{"source":["aws.ec2"]}""", false)]
    [InlineData("""{"source":["aws.ssm"],"detail":{"eventName":["StartSession"],"requestParameters":{"target":["i-2","i-1"]}}}""", true)]
    [InlineData("""{"detail":{"requestParameters":{"target":["i-2"]}}}""", false)]
    [InlineData("""{"detail":{"errorCode":[{"exists":false}]}}""", true)]
    [InlineData("""{"detail":{"eventName":[{"exists":false}]}}""", false)]
    [InlineData("""{"detail":{"eventName":[{"exists":true}]}}""", true)]
    [InlineData("""{"detail":{"eventName":[{"prefix":"Start"}]}}""", true)]
    [InlineData("""{"detail":{"eventName":[{"suffix":"Start"}]}}""", false)]
    [InlineData("""{"detail":{"eventName":[{"anything-but":"StartSession"}]}}""", false)]
    [InlineData("""{"detail":{"eventName":[{"anything-but":["A","B"]}]}}""", true)]
    [InlineData("""{"detail":{"eventName":[{"anything-but":{"prefix":"Start"}}]}}""", false)]
    [InlineData("""{"detail":{"eventName":[{"equals-ignore-case":"startsession"}]}}""", true)]
    [InlineData("""{"detail":{"eventName":[{"wildcard":"St*Session"}]}}""", true)]
    [InlineData("""{"detail":{"count":[{"numeric":[">",4,"<=",5]}]}}""", true)]
    [InlineData("""{"detail":{"count":[5]}}""", true)]
    [InlineData("""{"detail":{"count":["5"]}}""", false)]
    [InlineData("""{"detail":{"tags":["b"]}}""", true)]
    [InlineData("""{"detail":{"tags":["c"]}}""", false)]
    [InlineData("""{"detail":{"none":[null]}}""", true)]
    [InlineData("""{"$or":[{"source":["aws.ec2"]},{"detail":{"count":[5]}}]}""", true)]
    public void Patterns_fit_as_those_of_EventBridge_do(string pattern, bool fits) =>
        Assert.Equal(fits, EventPattern.Fits(EventPattern.Read(pattern)!, JsonNode.Parse(Happened)));

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("not json")]
    [InlineData("""{"source":"aws.ssm"}""")]
    [InlineData("""{"source":[]}""")]
    [InlineData("""{"source":[{"nobody-knows":"x"}]}""")]
    [InlineData("""{"source":[{"exists":"yes"}]}""")]
    [InlineData("""{"source":[{"prefix":null}]}""")]
    [InlineData("""{"source":[{"wildcard":5}]}""")]
    [InlineData("""{"source":[{"numeric":5}]}""")]
    [InlineData("""{"source":[{"numeric":["<"]}]}""")]
    [InlineData("""{"source":[{"numeric":["<","5"]}]}""")]
    [InlineData("""{"source":[{"numeric":["near",5]}]}""")]
    [InlineData("""{"source":[{"anything-but":{"exists":true}}]}""")]
    [InlineData("""{"source":[{"anything-but":[["a"]]}]}""")]
    [InlineData("""{"$or":[{"source":[{"exists":1}]}]}""")]
    public void What_is_no_pattern_is_refused(string pattern) => Assert.Null(EventPattern.Read(pattern));
}
