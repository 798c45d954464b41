using SsmTools.Engine;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Aws.Iam;
using SsmTools.Engine.Tunnels;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Tunnels;

/// <summary>What befalls tunnels through the sandbox, over real sockets: restarts, changes of address, quotas, and rights.</summary>
public sealed class TunnelSurvivalTests
{
    /// <summary>How long a peer may leave all unanswered.</summary>
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_node_that_is_restarted_serves_the_next_connection_and_the_port_was_there_all_along()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        InstanceRecord node = await sandbox.LaunchOnlineAsync();
        await using EchoServer server = new();
        await using Tunnel tunnel = await OpenAsync(sandbox.Aws, node, server.Port);
        using LocalClient before = await LocalClient.ConnectAsync(tunnel);
        Assert.True(await before.IsEchoedAsync("before"));
        string session = tunnel.SessionIds.Single();

        await sandbox.Aws.Ec2.RebootInstancesAsync(new RebootInstancesRequest { InstanceIds = { node.Id } }, TestTimeout.Token);
        Task<string?> cut = before.ReadToEndAsync(); // what is under way in a machine that stops is over
        Assert.Null(await cut);
        using LocalClient after = await LocalClient.ConnectAsync(tunnel);

        Assert.True(await after.IsEchoedAsync("after"), tunnel.LastError);
        Assert.NotEqual(session, tunnel.SessionIds.Single());
        Assert.Equal((1L, TunnelState.Open), (tunnel.Reconnects, tunnel.State));
    }

    [Fact]
    public async Task A_computer_that_has_another_address_all_of_a_sudden_keeps_its_connections()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        InstanceRecord node = await sandbox.LaunchOnlineAsync();
        await using EchoServer server = new();
        await using Tunnel tunnel = await OpenAsync(sandbox.Aws, node, server.Port, sandbox.Host.Clock);
        using LocalClient client = await LocalClient.ConnectAsync(tunnel);
        Assert.True(await client.IsEchoedAsync("from the old address"));

        // The old connection is open, as far as anybody knows, and nothing passes on it any more.
        sandbox.Host.Faults.Set(["half-open"]);
        Task<bool> echo = client.IsEchoedAsync("from the new address");
        await TunnelTests.UntilAsync(() => sandbox.Host.Faults.Current.Any(fault => fault.Hits > 0));
        sandbox.Host.Faults.Clear();
        Assert.False(echo.IsCompleted);
        sandbox.Host.Clock.Advance(s_silence);

        Assert.True(await echo);
        Assert.Equal((1L, 0L), (tunnel.Reconnects, tunnel.Errors));
    }

    [Fact]
    public async Task A_quota_leaves_fewer_sessions_and_none_is_an_error_that_says_so()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync(options => options with { SessionLimit = 2 });
        InstanceRecord node = await sandbox.LaunchOnlineAsync();
        await using EchoServer server = new();
        await using Tunnel tunnel = await OpenAsync(sandbox.Aws, node, server.Port, sessions: 3);
        using LocalClient client = await LocalClient.ConnectAsync(tunnel);

        Assert.True(await client.IsEchoedAsync("carried all the same"));
        Assert.Equal(2, tunnel.SessionIds.Count);
        Assert.Contains("no more than 2 sessions", tunnel.LastError, StringComparison.Ordinal);
        EngineException failure = await Assert.ThrowsAsync<EngineException>(() => OpenAsync(sandbox.Aws, node, server.Port));
        Assert.Equal(("QuotaExceeded", ErrorKind.LimitsExceeded), (failure.ErrorId, failure.Kind));
    }

    [Fact]
    public async Task A_document_that_the_caller_may_not_use_is_named()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        InstanceRecord node = await sandbox.LaunchOnlineAsync();
        using AwsContext shellsOnly = await GrantAsync(sandbox, """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ssm:StartSession","Resource":["arn:aws:ec2:*:*:instance/*","arn:aws:ssm:*:*:document/SSM-SessionManagerRunShell"]}]}
            """);

        EngineException failure = await Assert.ThrowsAsync<EngineException>(() => OpenAsync(shellsOnly, node, 5432));

        Assert.Equal(("AccessDenied", ErrorKind.PermissionDenied), (failure.ErrorId, failure.Kind));
        Assert.Contains("ssm:StartSession", failure.Message, StringComparison.Ordinal);
        Assert.Contains("document/AWS-StartPortForwardingSession", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<AwsContext> GrantAsync(TestSandbox sandbox, string policy)
    {
        await sandbox.CreateProfileAsync("operator", withRights: false);
        await sandbox.Aws.Iam.PutRolePolicyAsync(
            new PutRolePolicyRequest { RoleName = "operator", PolicyName = "few", PolicyDocument = policy }, TestTimeout.Token);
        Credential few = sandbox.Host.Credentials.IssueRole(
            sandbox.Host.World.Roles["operator"], "one", TimeSpan.FromHours(1));
        return AwsContext.Create(new AwsOptions
        {
            EndpointUrl = sandbox.Host.Facts.Endpoint,
            Region = sandbox.Host.Facts.Region,
            AccessKey = few.AccessKeyId,
            SecretKey = few.SecretAccessKey,
            SessionToken = few.SessionToken,
        });
    }

    private static Task<Tunnel> OpenAsync(
        AwsContext aws, InstanceRecord node, int port, TimeProvider? timeProvider = null, int sessions = 1) => Tunnel.OpenAsync(
            aws,
            new TunnelOptions { Target = node.Id, Forward = new Forward { RemotePort = port }, Sessions = sessions },
            timeProvider,
            TestTimeout.Token);
}
