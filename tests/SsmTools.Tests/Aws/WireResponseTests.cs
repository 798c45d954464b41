using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Aws.Iam;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Aws.Sts;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Aws;

/// <summary>What is made of fixed answers in each protocol.</summary>
public sealed class WireResponseTests
{
    private static readonly DateTime s_time = new(2026, 11, 22, 1, 2, 3, 250, DateTimeKind.Utc);

    [Theory]
    [InlineData("1795309323.25")]
    [InlineData("1.79530932325E9")]
    [InlineData("\"2026-11-22T01:02:03.250Z\"")]
    [InlineData("\"2026-11-22T02:02:03.250+01:00\"")]
    [InlineData("\"1795309323.25\"")]
    public async Task Json_timestamps_come_as_seconds_or_as_text(string time)
    {
        DescribeInstanceInformationResponse response = await ReceiveAsync(
            $$$"""
            {"InstanceInformationList":[null,{"InstanceId":"i-1","PingStatus":"Online","LastPingDateTime":{{{time}}},
              "IsLatestVersion":true,"AssociationOverview":{"InstanceAssociationStatusAggregatedCount":{"Success":2}},
              "Unheard":{"of":[1,{}]},"Name":null}],"NextToken":""}
            """,
            aws => aws.Ssm.DescribeInstanceInformationAsync(new DescribeInstanceInformationRequest(), TestTimeout.Token));

        InstanceInformation node = Assert.Single(response.InstanceInformationList);
        Assert.Equal(s_time, node.LastPingDateTime);
        Assert.Equal(DateTimeKind.Utc, node.LastPingDateTime!.Value.Kind);
        Assert.Equal(PingStatus.Online, node.PingStatus);
        Assert.True(node.IsLatestVersion);
        Assert.Equal(2, node.AssociationOverview!.InstanceAssociationStatusAggregatedCount["Success"]);
        Assert.Null(node.Name);
        Assert.Null(node.AgentVersion);
    }

    [Fact]
    public async Task An_empty_json_answer_is_an_empty_object()
    {
        TerminateSessionResponse response = await ReceiveAsync(
            string.Empty, aws => aws.Ssm.TerminateSessionAsync(new TerminateSessionRequest(), TestTimeout.Token));

        Assert.Null(response.SessionId);
    }

    [Fact]
    public async Task Query_answers_are_read_inside_their_result_element()
    {
        GetCallerIdentityResponse response = await ReceiveAsync(
            """
            <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
              <!-- a comment -->
              <GetCallerIdentityResult>
                <Arn>arn:aws:iam::123456789012:user/a</Arn><Unheard><Of/></Unheard><UserId/><Account>123456789012</Account>
              </GetCallerIdentityResult>
              <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>
            </GetCallerIdentityResponse>
            """,
            aws => aws.Sts.GetCallerIdentityAsync(new GetCallerIdentityRequest(), TestTimeout.Token));

        Assert.Equal("arn:aws:iam::123456789012:user/a", response.Arn);
        Assert.Equal("123456789012", response.Account);
        Assert.Equal(string.Empty, response.UserId);
    }

    [Fact]
    public async Task Policy_documents_are_decoded_and_a_plus_stays_a_plus()
    {
        GetRoleResponse response = await ReceiveAsync(
            "<GetRoleResponse><GetRoleResult><Role><RoleName>a+b%20</RoleName><CreateDate>2026-11-22T01:02:03.250Z</CreateDate>"
            + "<AssumeRolePolicyDocument>%7B%22a+b%22%3A%20%22%C3%A9%22%7D</AssumeRolePolicyDocument>"
            + "<Tags><member><Key>k</Key><Value> v </Value></member></Tags></Role></GetRoleResult></GetRoleResponse>",
            aws => aws.Iam.GetRoleAsync(new GetRoleRequest { RoleName = "x" }, TestTimeout.Token));

        Assert.Equal("a+b%20", response.Role!.RoleName);
        Assert.Equal("""{"a+b": "é"}""", response.Role.AssumeRolePolicyDocument);
        Assert.Equal(s_time, response.Role.CreateDate);
        Assert.Equal(" v ", Assert.Single(response.Role.Tags).Value);
    }

    [Fact]
    public async Task Ec2_answers_a_launch_with_a_bare_reservation()
    {
        RunInstancesResponse response = await ReceiveAsync(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <RunInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
              <requestId>q</requestId><reservationId>r-1</reservationId>
              <instancesSet><item><instanceId>i-1</instanceId><instanceState><code>0</code><name>pending</name></instanceState>
                <launchTime>2026-11-22T01:02:03.250Z</launchTime><ebsOptimized>false</ebsOptimized><tagSet/>
                <groupSet><item><groupId>sg-1</groupId></item></groupSet><amiLaunchIndex/></item></instancesSet>
            </RunInstancesResponse>
            """,
            aws => aws.Ec2.RunInstancesAsync(new RunInstancesRequest(), TestTimeout.Token));

        Instance instance = Assert.Single(response.Instances);
        Assert.Equal("r-1", response.ReservationId);
        Assert.Equal("pending", instance.State!.Name);
        Assert.Equal(0, instance.State.Code);
        Assert.Equal(s_time, instance.LaunchTime);
        Assert.False(instance.EbsOptimized);
        Assert.Empty(instance.Tags);
        Assert.Equal("sg-1", Assert.Single(instance.SecurityGroups).GroupId);
        Assert.Null(instance.AmiLaunchIndex);
    }

    [Fact]
    public async Task Console_output_is_text()
    {
        GetConsoleOutputResponse response = await ReceiveAsync(
            "<GetConsoleOutputResponse><output>SGVsbG8NCg==</output></GetConsoleOutputResponse>",
            aws => aws.Ec2.GetConsoleOutputAsync(new GetConsoleOutputRequest { InstanceId = "i-1" }, TestTimeout.Token));

        Assert.Equal("Hello\r\n", response.Output);
    }

    [Fact]
    public async Task Pages_are_asked_for_as_they_are_used_and_the_request_is_left_as_it_was()
    {
        await using AwsStub stub = new();
        stub.Then(200, """{"Sessions":[{"SessionId":"a"},{"SessionId":"b"}],"NextToken":"2"}""")
            .Then(200, """{"Sessions":[],"NextToken":"3"}""")
            .Then(200, """{"Sessions":[{"SessionId":"c"}],"NextToken":"3"}""");
        using AwsContext aws = stub.Connect();
        DescribeSessionsRequest request = new() { State = SessionState.Active };
        List<string> seen = [];

        await foreach (Session session in aws.Ssm.DescribeSessionsItemsAsync(request, TestTimeout.Token))
        {
            seen.Add($"{session.SessionId}{stub.Requests.Count}");
        }

        Assert.Equal(["a1", "b1", "c3"], seen);
        Assert.Null(request.NextToken);
    }

    [Fact]
    public async Task Iam_pages_end_when_it_says_that_nothing_was_cut_off()
    {
        static string Page(string name, bool more) =>
            "<ListRolePoliciesResponse><ListRolePoliciesResult><PolicyNames><member>" + name + "</member></PolicyNames>"
            + $"<IsTruncated>{(more ? "true" : "false")}</IsTruncated><Marker>m</Marker></ListRolePoliciesResult></ListRolePoliciesResponse>";

        await using AwsStub stub = new();
        stub.Then(200, Page("a", true)).Then(200, Page("b", false));
        using AwsContext aws = stub.Connect();
        List<string> names = [];

        await foreach (string name in aws.Iam.ListRolePoliciesItemsAsync(
            new ListRolePoliciesRequest { RoleName = "web" }, TestTimeout.Token))
        {
            names.Add(name);
        }

        Assert.Equal(["a", "b"], names);
    }

    private static async Task<T> ReceiveAsync<T>(string answer, Func<AwsContext, Task<T>> call)
    {
        await using AwsStub stub = new();
        stub.Then(200, answer);
        using AwsContext aws = stub.Connect();
        return await call(aws);
    }
}
