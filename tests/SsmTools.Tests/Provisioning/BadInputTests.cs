using System.Net;
using System.Text;
using SsmTools.Engine;
using SsmTools.Engine.Access;
using SsmTools.Engine.Alerts;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Provisioning;
using SsmTools.Engine.Registration;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Provisioning;

/// <summary>Credentials and endpoints that do not work: each operation ends in one error with a stable id and a next step.</summary>
public sealed class BadInputTests
{
    public static TheoryData<string> Operations =>
    [
        "role", "remove role", "instance", "remove instance", "registration", "target", "network", "remove network", "endpoints",
        "access policy", "remove access policy", "alert", "alerts", "remove alert",
    ];

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Expired_credentials_are_said_to_be_expired(string operation)
    {
        await using ProvisioningAccount account = new();
        RoleRecord role = RoleProvisionerTests.AddRole(account, "caller", TrustPolicy.ForEc2("aws"));
        SsmTools.Sandbox.Security.Credential key = account.Credentials.IssueRole(role, "me", TimeSpan.FromMinutes(1));
        account.Clock.Advance(TimeSpan.FromMinutes(2));
        using AwsContext context = account.Connect(key.AccessKeyId, key.SecretAccessKey, key.SessionToken);

        EngineException error = await FailsAsync(operation, context);

        Assert.Equal(ErrorKind.AuthenticationError, error.Kind);
        Assert.NotNull(error.Recommendation);
        Assert.DoesNotContain(key.SecretAccessKey, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(key.SessionToken!, error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task An_endpoint_that_is_down_is_named(string operation)
    {
        string endpoint;
        await using (HttpServer gone = new(new IPEndPoint(IPAddress.Loopback, 0), (_, _) => throw new NotSupportedException()))
        {
            endpoint = gone.BaseAddress;
        }

        using AwsContext context = Connect(endpoint);

        EngineException error = await FailsAsync(operation, context);

        Assert.Equal("EndpointUnreachable", error.ErrorId);
        Assert.Contains(endpoint, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task An_endpoint_that_answers_html_is_no_aws_endpoint(string operation)
    {
        await using HttpServer server = new(
            new IPEndPoint(IPAddress.Loopback, 0),
            (_, _) => Task.FromResult(new HttpResponse(200, Encoding.UTF8.GetBytes("<html><body>Sign in</body></html>"), "text/html")));
        using AwsContext context = Connect(server.BaseAddress);

        EngineException error = await FailsAsync(operation, context);

        Assert.Equal("UnreadableAnswer", error.ErrorId);
        Assert.Equal(ErrorKind.ProtocolError, error.Kind);
    }

    [Fact]
    public async Task An_endpoint_that_is_too_slow_is_a_time_out()
    {
        await using HttpServer server = new(new IPEndPoint(IPAddress.Loopback, 0), async (_, stop) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, stop);
            throw new NotSupportedException();
        });
        using AwsContext context = AwsContext.Create(new AwsOptions
        {
            Region = "eu-west-1",
            AccessKey = "AKIAIOSFODNN7EXAMPLE",
            SecretKey = "secret",
            EndpointUrl = server.BaseAddress,
            CallTimeout = TimeSpan.FromMilliseconds(100),
        });

        EngineException error = await FailsAsync("role", context);

        Assert.Equal(("CallTimedOut", ErrorKind.OperationTimeout), (error.ErrorId, error.Kind));
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Ctrl_c_ends_a_call_to_an_endpoint_that_hangs(string operation)
    {
        TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using HttpServer server = new(new IPEndPoint(IPAddress.Loopback, 0), async (_, stop) =>
        {
            arrived.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, stop);
            throw new NotSupportedException();
        });
        using AwsContext context = Connect(server.BaseAddress);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestTimeout.Token);

        Task running = RunAsync(operation, context, stop.Token);
        await arrived.Task.WaitAsync(TestTimeout.Token);
        await stop.CancelAsync();
        OperationCanceledException ended = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => running.WaitAsync(TestTimeout.Token));

        Assert.Equal(stop.Token, ended.CancellationToken);
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task A_token_that_fired_before_makes_no_call(string operation)
    {
        await using ProvisioningAccount account = new();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => RunAsync(operation, account.Context, new CancellationToken(true)));

        Assert.Empty(account.Calls);
    }

    private static async Task<EngineException> FailsAsync(string operation, AwsContext context) =>
        await Assert.ThrowsAsync<EngineException>(() => RunAsync(operation, context, TestTimeout.Token));

    private static async Task RunAsync(string operation, AwsContext context, CancellationToken token)
    {
        const string id = "i-0123456789abcdef0";
        switch (operation)
        {
            case "role":
                await new RoleProvisioner(context).PlanAsync(new RoleRequest { Name = "web" }, token);
                break;
            case "remove role":
                await new RoleProvisioner(context).PlanRemovalAsync("web", false, token);
                break;
            case "instance":
                await new InstanceProvisioner(context)
                    .PlanAsync(new LaunchRequest { SubnetId = "subnet-0123456789abcdef0" }, token);
                break;
            case "remove instance":
                await new InstanceProvisioner(context).PlanRemovalAsync([id], false, token);
                break;
            case "network":
                await new NetworkProvisioner(context).PlanAsync(new NetworkRequest { Name = "lab" }, token);
                break;
            case "remove network":
                await new NetworkProvisioner(context).PlanRemovalAsync("lab", false, token);
                break;
            case "endpoints":
                await new EndpointProvisioner(context).PlanAsync(new EndpointRequest { VpcId = "vpc-0123456789abcdef0" }, token);
                break;
            case "access policy":
                await new AccessPolicyProvisioner(context).PlanAsync(new AccessPolicyRequest { Name = "ops", AllNodes = true }, token);
                break;
            case "remove access policy":
                await new AccessPolicyProvisioner(context).PlanRemovalAsync("ops", false, token);
                break;
            case "alert":
                await new SessionAlertProvisioner(context).PlanAsync(new SessionAlertRequest { Name = "web", AllNodes = true }, token);
                break;
            case "alerts":
                await new SessionAlertProvisioner(context).ListAsync(null, token);
                break;
            case "remove alert":
                await new SessionAlertProvisioner(context).PlanRemovalAsync("web", false, token);
                break;
            case "registration":
                await foreach (NodeRegistration node in
                    new RegistrationProbe(context).WaitAsync([id], TimeSpan.FromSeconds(5), null, token))
                {
                    Assert.False(node.Registered);
                }

                break;
            case "target":
                await new TargetResolver(context).ResolveAsync("web", token);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(operation));
        }
    }

    /// <summary>Calls that end by themselves do so only after any test has failed.</summary>
    private static AwsContext Connect(string endpoint) => AwsContext.Create(new AwsOptions
    {
        CallTimeout = TimeSpan.FromMinutes(10),
        Region = "eu-west-1",
        AccessKey = "AKIAIOSFODNN7EXAMPLE",
        SecretKey = "secret",
        EndpointUrl = endpoint,
    });
}
