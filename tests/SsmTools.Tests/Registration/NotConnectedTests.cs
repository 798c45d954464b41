using SsmTools.Engine;
using SsmTools.Engine.Sessions;
using SsmTools.Sandbox.Http;
using SsmTools.Tests.Provisioning;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Registration;

public sealed class NotConnectedTests
{
    [Fact]
    public async Task An_instance_that_is_stopped_is_to_be_started()
    {
        await using ProvisioningAccount account = new();
        string id = Assert.Single(await RegistrationProbeTests.LaunchAsync(account, 1, register: true, name: "web"));
        account.World.Lifecycle.Stop(account.World.Instances[id], "test");
        account.Clock.Advance(TimeSpan.FromMinutes(10));

        EngineException error = await StartAsync(account, id);

        Assert.Equal(("TargetNotConnected", ErrorKind.ResourceUnavailable, id), (error.ErrorId, error.Kind, error.Target));
        Assert.StartsWith(
            $"A session with {id} (web) cannot start: instance is stopped; the agent was last heard of ",
            error.Message,
            StringComparison.Ordinal);
        Assert.Equal($"Start it, then wait for its agent: Test-SsmRegistration {id} -Wait", error.Recommendation);
    }

    [Fact]
    public async Task An_instance_that_never_registered_says_what_the_test_of_its_registration_says()
    {
        await using ProvisioningAccount account = new();
        string id = Assert.Single(await RegistrationProbeTests.LaunchAsync(account, 1, register: false));

        EngineException error = await StartAsync(account, id);

        Assert.Equal("TargetNotConnected", error.ErrorId);
        Assert.Contains("no instance profile attached; launched ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith($"Test-SsmRegistration {id} -Wait", error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_terminated_is_not_waited_for()
    {
        await using ProvisioningAccount account = new();
        string id = Assert.Single(await RegistrationProbeTests.LaunchAsync(account, 1, register: true));
        RegistrationProbeTests.Terminate(account, id);

        EngineException error = await StartAsync(account, id);

        Assert.Equal("TargetNotConnected", error.ErrorId);
        Assert.Contains("terminated", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("-Wait", error.Recommendation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("i-00000000000000000", "no such instance in eu-west-1")]
    [InlineData("mi-00000000000000000", "no such node in eu-west-1")]
    public async Task An_id_that_does_not_exist_is_not_found(string id, string reason)
    {
        await using ProvisioningAccount account = new();

        EngineException error = await StartAsync(account, id);

        Assert.Equal(("TargetNotFound", ErrorKind.ObjectNotFound, id), (error.ErrorId, error.Kind, error.Target));
        Assert.Equal($"A session with {id} cannot start: {reason}.", error.Message);
        Assert.Contains("-Region", error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_is_online_and_refused_lacks_the_connection_for_sessions()
    {
        await using ProvisioningAccount account = new();
        string id = Assert.Single(await RegistrationProbeTests.LaunchAsync(account, 1, register: true));

        EngineException error = await StartAsync(account, id);

        Assert.Equal("TargetNotConnected", error.ErrorId);
        Assert.Contains("no connection for sessions", error.Message, StringComparison.Ordinal);
        Assert.Contains("ssmmessages", error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_not_look_at_nodes_gets_the_plain_refusal()
    {
        await using ProvisioningAccount account = new();
        string id = Assert.Single(await RegistrationProbeTests.LaunchAsync(account, 1, register: false));
        account.Before = (_, call) => call == "DescribeInstanceInformation"
            ? new HttpResponse(400, """{"__type":"AccessDeniedException","message":"No."}"""u8.ToArray(), "application/x-amz-json-1.1")
            : null;

        EngineException error = await StartAsync(account, id);

        Assert.Equal("TargetNotConnected", error.ErrorId);
        Assert.Equal($"{id} is not connected to Systems Manager.", error.Message);
    }

    [Fact]
    public async Task Only_a_refusal_costs_more_than_the_call_itself()
    {
        await using ProvisioningAccount account = new();
        account.Before = (_, call) => call == "StartSession"
            ? new HttpResponse(400, """{"__type":"InvalidDocument","message":"No."}"""u8.ToArray(), "application/x-amz-json-1.1")
            : null;

        await StartAsync(account, "i-00000000000000000");

        Assert.Equal(["StartSession"], account.Calls);
    }

    private static Task<EngineException> StartAsync(ProvisioningAccount account, string id) =>
        Assert.ThrowsAsync<EngineException>(() => ShellSession.StartAsync(
            account.Context, new ShellSessionOptions { Target = id }, account.Time, TestTimeout.Token));
}
