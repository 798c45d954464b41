using SsmTools.Engine.Registration;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Provisioning;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Registration;

public sealed class RegistrationWaitTests
{
    private const string Unknown = "i-00000000000000000";
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task Each_node_is_told_as_soon_as_it_is_there()
    {
        await using ProvisioningAccount account = new();
        string[] ids = await RegistrationProbeTests.LaunchAsync(account, 3, register: false);
        TimeSpan[] due = [TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60)];
        List<ITimer> boots = [];
        for (int i = 0; i < ids.Length; i++)
        {
            InstanceRecord instance = account.World.Instances[ids[i]];
            boots.Add(account.Clock.CreateTimer(
                _ => account.World.Register(instance, "3.3.3050.0"), null, due[i], Timeout.InfiniteTimeSpan));
        }

        ListProgress progress = new();
        List<NodeRegistration> nodes = await WaitAsync(account, ids, s_timeout, progress);

        Assert.Equal([ids[1], ids[0], ids[2]], nodes.Select(node => node.InstanceId));
        Assert.All(nodes, node => Assert.True(node.Registered));
        Assert.Equal(3, progress.Reports[^1].Registered);
        Assert.Contains($"{ids[0]}: no instance profile attached", progress.Reports[0].Waiting, StringComparison.Ordinal);
        Assert.Equal(3, progress.Reports[0].Remaining);

        // Back-off: a minute of waiting is far fewer than sixty looks.
        Assert.InRange(account.Calls.Count(call => call == "DescribeInstanceInformation"), 4, 30);
        boots.ForEach(boot => boot.Dispose());
    }

    [Fact]
    public async Task At_the_time_out_the_rest_is_told_with_reasons()
    {
        await using ProvisioningAccount account = new();
        string[] ids = await RegistrationProbeTests.LaunchAsync(account, 2, register: false);
        account.World.Register(account.World.Instances[ids[1]], "3.3.3050.0");

        List<NodeRegistration> nodes = await WaitAsync(account, ids, TimeSpan.FromMinutes(4));

        Assert.Equal([ids[1], ids[0]], nodes.Select(node => node.InstanceId));
        Assert.Matches("^no instance profile attached; launched .* ago; waited 4 min$", nodes[1].Reason);
    }

    [Fact]
    public async Task A_terminated_node_is_given_up_at_once_and_an_unknown_one_soon()
    {
        await using ProvisioningAccount account = new();
        string[] ids = await RegistrationProbeTests.LaunchAsync(account, 1, register: false);
        RegistrationProbeTests.Terminate(account, ids[0]);
        DateTimeOffset start = account.Clock.GetUtcNow();

        List<NodeRegistration> nodes = await WaitAsync(account, [Unknown, "nonsense", ids[0]], s_timeout);

        Assert.Equal(["nonsense", ids[0], Unknown], nodes.Select(node => node.InstanceId));
        Assert.Equal("no such instance in eu-west-1", nodes[2].Reason);
        Assert.InRange(account.Clock.GetUtcNow() - start, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_node_that_is_terminated_while_it_is_waited_for_ends_the_wait()
    {
        await using ProvisioningAccount account = new();
        string[] ids = await RegistrationProbeTests.LaunchAsync(account, 1, register: false);
        using ITimer end = account.Clock.CreateTimer(
            _ => RegistrationProbeTests.Terminate(account, ids[0]), null, TimeSpan.FromSeconds(20), Timeout.InfiniteTimeSpan);
        DateTimeOffset start = account.Clock.GetUtcNow();

        NodeRegistration node = Assert.Single(await WaitAsync(account, ids, s_timeout));

        Assert.False(node.Registered);
        Assert.Contains("terminated", node.Reason!, StringComparison.Ordinal);
        Assert.InRange(account.Clock.GetUtcNow() - start, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task One_poller_serves_the_batch()
    {
        await using ProvisioningAccount account = new();
        string[] ids = await RegistrationProbeTests.LaunchAsync(account, 120, register: false);
        using ITimer boot = account.Clock.CreateTimer(
            _ =>
            {
                foreach (string id in ids)
                {
                    account.World.Register(account.World.Instances[id], "3.3.3050.0");
                }
            },
            null,
            TimeSpan.FromMilliseconds(400),
            Timeout.InfiniteTimeSpan);
        account.Forget();

        List<NodeRegistration> nodes = await WaitAsync(account, ids, s_timeout);

        Assert.Equal(120, nodes.Count(node => node.Registered));
        Assert.Equal(0, account.Calls.Count(call => call == "DescribeInstanceInformation") % 3);
        Assert.InRange(account.Calls.Count(call => call == "DescribeInstanceInformation"), 3, 9);
    }

    [Fact]
    public async Task Throttling_is_waited_out()
    {
        await using ProvisioningAccount account = new();
        string[] ids = await RegistrationProbeTests.LaunchAsync(account, 1, register: true);
        int refusals = 4;
        account.Before = (_, operation) => operation == "DescribeInstanceInformation" && refusals-- > 0
            ? new HttpResponse(400, """{"__type":"ThrottlingException","message":"Rate exceeded"}"""u8.ToArray(), "application/x-amz-json-1.1")
            : null;

        NodeRegistration node = Assert.Single(await WaitAsync(account, ids, s_timeout));

        Assert.True(node.Registered);
    }

    [Fact]
    public async Task Ctrl_c_ends_the_wait_between_two_looks()
    {
        await using ProvisioningAccount account = new();
        string[] ids = await RegistrationProbeTests.LaunchAsync(account, 1, register: false);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestTimeout.Token);
        CancelOnReport progress = new(stop);

        // Real time: the pause that is interrupted is a real one of a second.
        RegistrationProbe probe = new(account.Context, TimeProvider.System);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (NodeRegistration node in probe.WaitAsync(ids, s_timeout, progress, stop.Token))
            {
                Assert.Fail($"{node.InstanceId} was told of");
            }
        });

        Assert.Equal(1, account.Calls.Count(call => call == "DescribeInstanceInformation"));
    }

    private static async Task<List<NodeRegistration>> WaitAsync(
        ProvisioningAccount account,
        string[] ids,
        TimeSpan timeout,
        IProgress<RegistrationProgress>? progress = null)
    {
        List<NodeRegistration> nodes = [];
        RegistrationProbe probe = new(account.Context, account.Time, new Random(3));
        await foreach (NodeRegistration node in probe.WaitAsync(ids, timeout, progress, TestTimeout.Token))
        {
            nodes.Add(node);
        }

        return nodes;
    }

    private sealed class ListProgress : IProgress<RegistrationProgress>
    {
        public List<RegistrationProgress> Reports { get; } = [];

        public void Report(RegistrationProgress value) => Reports.Add(value);
    }

    private sealed class CancelOnReport(CancellationTokenSource stop) : IProgress<RegistrationProgress>
    {
        public void Report(RegistrationProgress value) => stop.Cancel();
    }
}
