using System.Threading.Channels;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.World;

public sealed class InstanceLifecycleTests
{
    private readonly SandboxAccount _account = new();
    private readonly NotingHost _host = new();

    public InstanceLifecycleTests()
    {
        _account.World.Lifecycle.Host = _host;
    }

    [Fact]
    public async Task States_follow_the_clock_and_the_host_is_told()
    {
        string id = _account.Launch().Ok().Value("instanceId");
        InstanceRecord instance = _account.World.Instances[id];
        Assert.Equal(InstanceState.Pending, instance.State);
        _account.Clock.Advance(_account.World.Options.StateDelay);
        Assert.Equal(InstanceState.Running, instance.State);
        Assert.Equal($"started {id}", await _host.NextAsync());

        Assert.Equal(["stopping", "running"], _account.Query("ec2", "StopInstances", "InstanceId.1", id).Ok().Values("name"));
        Assert.Equal($"stopped {id}", await _host.NextAsync());
        _account.Clock.Advance(_account.World.Options.StateDelay);
        Assert.Equal(InstanceState.Stopped, instance.State);

        _account.Query("ec2", "StartInstances", "InstanceId.1", id).Ok();
        _account.Clock.Advance(_account.World.Options.StateDelay);
        Assert.Equal($"started {id}", await _host.NextAsync());

        _account.Query("ec2", "RebootInstances", "InstanceId.1", id).Ok();
        Assert.Equal($"stopped {id}", await _host.NextAsync());
        Assert.Equal($"started {id}", await _host.NextAsync());

        _account.Query("ec2", "TerminateInstances", "InstanceId.1", id).Ok();
        Assert.Equal($"stopped {id}", await _host.NextAsync());
        _account.Clock.Advance(_account.World.Options.StateDelay);
        Assert.Equal(InstanceState.Terminated, instance.State);
        Assert.Empty(_account.World.Volumes);
        Assert.DoesNotContain(_account.World.Interfaces.Values, card => card.InstanceId == id);
    }

    [Fact]
    public void A_terminated_instance_is_listed_for_an_hour()
    {
        string id = _account.RunningInstance().Id;
        _account.Query("ec2", "TerminateInstances", "InstanceId.1", id).Ok();
        _account.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal("terminated", _account.Query("ec2", "DescribeInstances", "InstanceId.1", id).Ok().Value("name"));
        _account.Clock.Advance(TimeSpan.FromMinutes(2));
        _account.Query("ec2", "DescribeInstances", "InstanceId.1", id).Refused("InvalidInstanceID.NotFound");
    }

    [Fact]
    public void An_instance_terminated_while_pending_never_runs()
    {
        string id = _account.Launch().Ok().Value("instanceId");
        _account.Query("ec2", "TerminateInstances", "InstanceId.1", id).Ok();
        _account.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(InstanceState.Terminated, _account.World.Instances[id].State);
    }

    [Fact]
    public void A_stopped_instances_node_is_lost_and_a_silent_one_after_five_minutes()
    {
        InstanceRecord instance = _account.RunningInstance();
        NodeRecord node = _account.World.Register(instance, "3.3.3050.0");
        Assert.Equal("Online", node.PingStatus(_account.World.Now));
        _account.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal("ConnectionLost", node.PingStatus(_account.World.Now));
        Assert.Same(node, _account.World.Register(instance, "3.3.3050.0"));
        Assert.Equal("Online", node.PingStatus(_account.World.Now));
        _account.Query("ec2", "StopInstances", "InstanceId.1", instance.Id).Ok();
        Assert.Equal("ConnectionLost", node.PingStatus(_account.World.Now));
    }

    private sealed class NotingHost : IInstanceHost
    {
        private readonly Channel<string> _told = Channel.CreateUnbounded<string>();

        public void Started(InstanceRecord instance) => _told.Writer.TryWrite($"started {instance.Id}");

        public void Stopped(InstanceRecord instance) => _told.Writer.TryWrite($"stopped {instance.Id}");

        public async Task<string> NextAsync() => await _told.Reader.ReadAsync(TestTimeout.Token);
    }
}
