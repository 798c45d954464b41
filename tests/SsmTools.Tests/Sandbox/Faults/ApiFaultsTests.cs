using System.Text;
using SsmTools.Sandbox.Faults;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.Wire;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.Faults;

public sealed class ApiFaultsTests
{
    private readonly SandboxFaults _faults = new();
    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData("throttle", WireProtocol.Json, "ThrottlingException", 400)]
    [InlineData("throttle", WireProtocol.Ec2, "RequestLimitExceeded", 503)]
    [InlineData("throttle", WireProtocol.Query, "Throttling", 400)]
    [InlineData("5xx", WireProtocol.Json, "InternalServerError", 500)]
    [InlineData("5xx=503", WireProtocol.Ec2, "Unavailable", 503)]
    [InlineData("5xx=504", WireProtocol.Query, "ServiceUnavailable", 504)]
    [InlineData("expired-credentials", WireProtocol.Json, "ExpiredTokenException", 400)]
    [InlineData("expired-credentials", WireProtocol.Query, "ExpiredToken", 403)]
    internal async Task Every_service_says_it_in_its_own_words(string fault, WireProtocol protocol, string code, int status)
    {
        _faults.Set([fault]);

        ServiceError? refusal = await MeetAsync(protocol);

        Assert.Equal((code, status), (refusal?.Code, refusal?.Status));
    }

    [Fact]
    public async Task An_operation_is_meant_by_its_name()
    {
        _faults.Set(["throttle:startsession"]);

        Assert.NotNull(await MeetAsync(WireProtocol.Json, "StartSession"));
        Assert.Null(await MeetAsync(WireProtocol.Json, "ResumeSession"));
        Assert.Null(await MeetAsync(WireProtocol.Ec2, "RunInstances"));

        _faults.Set(["5xx:RunInstances"]);

        Assert.NotNull(await MeetAsync(WireProtocol.Ec2, "RunInstances"));
        Assert.Null(await MeetAsync(WireProtocol.Ec2, "DescribeInstances"));
    }

    [Fact]
    public async Task A_rate_is_a_share_of_the_calls_and_a_limit_their_number()
    {
        _faults.Set(["throttle=25%"], seed: 5);
        int refused = 0;
        for (int i = 0; i < 400; i++)
        {
            refused += await MeetAsync(WireProtocol.Json) is null ? 0 : 1;
        }

        Assert.InRange(refused, 60, 140);
        Assert.Equal(refused, _faults.Current[0].Hits);

        _faults.Set(["throttle:x1"]);
        Assert.NotNull(await MeetAsync(WireProtocol.Json));
        Assert.Null(await MeetAsync(WireProtocol.Json));
    }

    [Fact]
    public async Task A_delay_is_as_long_as_the_clock_says_and_then_the_next_fault_counts()
    {
        _faults.Set(["api-delay=10s", "throttle"]);
        Task<ServiceError?> call = MeetAsync(WireProtocol.Json);

        Assert.False(call.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.NotNull(await call.WaitAsync(TestTimeout.Token));
    }

    private Task<ServiceError?> MeetAsync(WireProtocol protocol, string operation = "StartSession")
    {
        bool isJson = protocol == WireProtocol.Json;
        HttpRequest request = new()
        {
            Method = "POST",
            RawTarget = "/",
            Body = Encoding.UTF8.GetBytes(isJson ? "{}" : $"Action={operation}&Version=1"),
        };
        if (isJson)
        {
            request.Headers.Add("X-Amz-Target", $"AmazonSSM.{operation}");
        }

        return new ApiFaults(_faults, _time).MeetAsync(request, protocol, TestTimeout.Token).AsTask();
    }
}
