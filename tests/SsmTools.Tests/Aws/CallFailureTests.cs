using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SsmTools.Engine;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Aws.Iam;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Sandbox.Http;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Aws;

/// <summary>Calls that fail: how often they are sent, and what is said.</summary>
public sealed class CallFailureTests
{
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(200);

    public static TheoryData<string, Func<AwsContext, Task>> Protocols { get; } = new()
    {
        { "json", aws => aws.Ssm.DescribeSessionsAsync(new DescribeSessionsRequest(), TestTimeout.Token) },
        { "query", aws => aws.Iam.GetRoleAsync(new GetRoleRequest(), TestTimeout.Token) },
        { "ec2", aws => aws.Ec2.DescribeVpcsAsync(new DescribeVpcsRequest(), TestTimeout.Token) },
    };

    [Fact]
    public async Task Json_errors_give_their_code_without_namespace()
    {
        await using AwsStub stub = new();
        stub.Then(400, """{"__type":"com.amazonaws.ssm#TargetNotConnected","Message":"i-1 is not connected."}""");
        using AwsContext aws = stub.Connect();

        EngineException error = await FailAsync(() => StartAsync(aws), "i-1");

        Assert.Equal(("TargetNotConnected", ErrorKind.ResourceUnavailable), (error.ErrorId, error.Kind));
        Assert.Contains("Test-SsmRegistration -InstanceId i-1", error.Recommendation, StringComparison.Ordinal);
        Assert.Equal("i-1", error.Target);
    }

    [Fact]
    public async Task Json_errors_may_be_in_a_header_alone()
    {
        await using AwsStub stub = new();
        stub.Then(400, "{}", ("x-amzn-ErrorType", "ParameterNotFound:http://internal/"));
        using AwsContext aws = stub.Connect();

        EngineException error = await FailAsync(
            () => aws.Ssm.GetParameterAsync(new GetParameterRequest { Name = "/x" }, TestTimeout.Token), "/x");

        Assert.Equal(("ParameterNotFound", ErrorKind.ObjectNotFound), (error.ErrorId, error.Kind));
    }

    [Fact]
    public async Task Query_and_ec2_errors_are_read_from_their_own_shapes()
    {
        await using AwsStub stub = new();
        stub.Then(404, "<ErrorResponse><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>no web</Message></Error></ErrorResponse>")
            .Then(400, "<Response><Errors><Error><Code>InvalidSubnetID.NotFound</Code><Message>no net</Message></Error></Errors><RequestID>q</RequestID></Response>");
        using AwsContext aws = stub.Connect();

        EngineException role = await FailAsync(() => aws.Iam.GetRoleAsync(new GetRoleRequest(), TestTimeout.Token), "web");
        EngineException subnet = await FailAsync(() => aws.Ec2.DescribeSubnetsAsync(new DescribeSubnetsRequest(), TestTimeout.Token), "s");

        Assert.Equal("EntityNotFound", role.ErrorId);
        Assert.Contains("no web", role.Message, StringComparison.Ordinal);
        Assert.Equal("SubnetNotFound", subnet.ErrorId);
        Assert.True(AwsErrors.HasCode(subnet, "Other", "InvalidSubnetID.NotFound"));
        Assert.False(AwsErrors.HasCode(subnet, "NoSuchEntity"));
    }

    [Fact]
    public async Task A_session_is_asked_for_once_when_the_service_breaks_and_again_when_it_is_throttled()
    {
        await using AwsStub broken = new();
        broken.Then(500, """{"__type":"InternalServerError"}""");
        using AwsContext first = broken.Connect();
        await using AwsStub busy = new();
        busy.Then(400, """{"__type":"ThrottlingException"}""").Then(200, """{"SessionId":"s-1"}""");
        using AwsContext second = busy.Connect();

        EngineException error = await FailAsync(() => StartAsync(first), "i-1");
        StartSessionResponse session = await StartAsync(second);

        Assert.Equal("ServiceUnavailable", error.ErrorId);
        Assert.Single(broken.Requests);
        Assert.Equal("s-1", session.SessionId);
        Assert.Equal(2, busy.Requests.Count);
    }

    [Fact]
    public async Task A_wrong_clock_is_corrected_by_the_services_own()
    {
        await using AwsStub stub = new();
        stub.Then(
                400,
                """{"__type":"InvalidSignatureException","message":"Signature expired: 1 is now earlier than 2"}""",
                ("Date", DateTime.UtcNow.AddHours(2).ToString("R", CultureInfo.InvariantCulture)))
            .Then(200, """{"SessionId":"s-1"}""");
        using AwsContext aws = stub.Connect();

        await StartAsync(aws);

        string[] times = stub.Requests.Select(r => r.Headers["X-Amz-Date"]!).ToArray();
        DateTime[] parsed = times.Select(t => DateTime.ParseExact(t, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)).ToArray();
        Assert.InRange(parsed[1] - parsed[0], TimeSpan.FromMinutes(115), TimeSpan.FromMinutes(125));
    }

    [Fact]
    public async Task A_session_is_asked_for_once_when_the_service_hangs()
    {
        await using AwsStub stub = new();
        stub.ThenSilence();
        using AwsContext aws = stub.Connect(s_short);

        EngineException error = await FailAsync(() => StartAsync(aws), "i-1");

        Assert.Equal(("CallTimedOut", ErrorKind.OperationTimeout), (error.ErrorId, error.Kind));
        Assert.Contains(stub.Address, error.Message, StringComparison.Ordinal);
        Assert.Contains("ssm:StartSession", error.Message, StringComparison.Ordinal);
        Assert.Single(stub.Requests);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task A_hanging_service_is_asked_three_times_and_no_more(string protocol, Func<AwsContext, Task> call)
    {
        await using AwsStub stub = new();
        stub.ThenSilence();
        using AwsContext aws = stub.Connect(s_short);

        EngineException error = await FailAsync(() => call(aws), protocol);

        Assert.Equal("CallTimedOut", error.ErrorId);
        Assert.Equal(3, stub.Requests.Count);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Html_in_place_of_an_answer_is_a_protocol_error(string protocol, Func<AwsContext, Task> call)
    {
        await using AwsStub stub = new();
        stub.Then(200, "<!DOCTYPE html><html><body>Sign in</body></html>");
        using AwsContext aws = stub.Connect();

        EngineException error = await FailAsync(() => call(aws), protocol);

        Assert.Equal(("UnreadableAnswer", ErrorKind.ProtocolError), (error.ErrorId, error.Kind));
        Assert.Contains(stub.Address, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Html_with_a_client_error_status_is_not_repeated(string protocol, Func<AwsContext, Task> call)
    {
        await using AwsStub stub = new();
        stub.Then(403, "<html><body>Blocked</body></html>");
        using AwsContext aws = stub.Connect();

        EngineException error = await FailAsync(() => call(aws), protocol);

        Assert.Equal("UnreadableAnswer", error.ErrorId);
        Assert.Single(stub.Requests);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task A_gateway_that_answers_503_in_html_is_a_service_that_is_down(string protocol, Func<AwsContext, Task> call)
    {
        await using AwsStub stub = new();
        stub.Then(503, "<html><body>busy</body></html>");
        using AwsContext aws = stub.Connect();

        EngineException error = await FailAsync(() => call(aws), protocol);

        Assert.Equal(("ServiceUnavailable", ErrorKind.ResourceUnavailable), (error.ErrorId, error.Kind));
        Assert.Equal(3, stub.Requests.Count);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"Sessions\":5}")]
    [InlineData("{\"Sessions\":[{\"StartDate\":\"soon\"}]}")]
    [InlineData("{\"Sessions\":[{\"SessionId\":{}}]}")]
    [InlineData("{\"Sessions\":[")]
    public async Task Json_of_the_wrong_shape_is_a_protocol_error(string answer)
    {
        await using AwsStub stub = new();
        stub.Then(200, answer);
        using AwsContext aws = stub.Connect();

        EngineException error = await FailAsync(
            () => aws.Ssm.DescribeSessionsAsync(new DescribeSessionsRequest(), TestTimeout.Token), null);

        Assert.Equal("UnreadableAnswer", error.ErrorId);
    }

    [Fact]
    public async Task An_endpoint_that_is_down_is_named()
    {
        int port = FreePort();
        await using AwsStub stub = new();
        using AwsContext aws = AwsContext.Create(new AwsOptions
        {
            AccessKey = "a",
            SecretKey = "b",
            Region = "eu-central-1",
            EndpointUrl = $"http://127.0.0.1:{port}",
        });

        EngineException error = await FailAsync(() => StartAsync(aws), "i-1");

        Assert.Equal(("EndpointUnreachable", ErrorKind.ConnectionError), (error.ErrorId, error.Kind));
        Assert.Contains($"http://127.0.0.1:{port}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_name_that_does_not_exist_is_named()
    {
        using AwsContext aws = AwsContext.Create(new AwsOptions
        {
            AccessKey = "a",
            SecretKey = "b",
            Region = "eu-central-1",
            EndpointUrl = "http://no-such-host.invalid",
        });

        EngineException error = await FailAsync(() => StartAsync(aws), "i-1");

        Assert.Equal(("EndpointNotFound", ErrorKind.ConnectionError), (error.ErrorId, error.Kind));
        Assert.Contains("http://no-such-host.invalid", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_never_ends_is_cut_off_by_the_time_limit()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        using AwsContext aws = Connect(listener, s_short);
        Task<EngineException> failing = FailAsync(() => StartAsync(aws), "i-1");
        using TcpClient client = await listener.AcceptTcpClientAsync(TestTimeout.Token);

        await client.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"u8.ToArray(), TestTimeout.Token);

        Assert.Equal("CallTimedOut", (await failing).ErrorId);
    }

    [Fact]
    public async Task A_body_that_breaks_off_is_a_broken_connection()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        using AwsContext aws = Connect(listener, TimeSpan.FromSeconds(10));
        Task<EngineException> failing = FailAsync(() => StartAsync(aws), "i-1");
        using (TcpClient client = await listener.AcceptTcpClientAsync(TestTimeout.Token))
        {
            await client.GetStream().ReadExactlyAsync(new byte[64], TestTimeout.Token);
            await client.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"u8.ToArray(), TestTimeout.Token);
        }

        EngineException error = await failing;
        Assert.Equal(ErrorKind.ConnectionError, error.Kind);
    }

    [Fact]
    public async Task Cancelling_ends_a_call_at_once_with_the_callers_token()
    {
        await using AwsStub stub = new();
        using CancellationTokenSource stop = new();
        stub.Then(async (_, token) =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, token);
            return HttpResponse.Text(200, "{}");
        });
        using AwsContext aws = stub.Connect();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => aws.Ssm
            .DescribeSessionsAsync(new DescribeSessionsRequest(), stop.Token).WaitAsync(TestTimeout.Token));

        Assert.Single(stub.Requests);
    }

    private static Task<StartSessionResponse> StartAsync(AwsContext aws) =>
        aws.Ssm.StartSessionAsync(new StartSessionRequest { Target = "i-1" }, TestTimeout.Token);

    private static async Task<EngineException> FailAsync(Func<Task> call, string? target) =>
        AwsErrors.Translate(await Assert.ThrowsAnyAsync<Exception>(call), target);

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static AwsContext Connect(TcpListener listener, TimeSpan timeout) => AwsContext.Create(new AwsOptions
    {
        AccessKey = "a",
        SecretKey = "b",
        Region = "eu-central-1",
        EndpointUrl = $"http://{listener.LocalEndpoint}",
        CallTimeout = timeout,
    });
}
