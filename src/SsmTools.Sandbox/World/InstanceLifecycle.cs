namespace SsmTools.Sandbox.World;

/// <summary>Moves instances from state to state on the sandbox's clock, and tells their host.</summary>
internal sealed class InstanceLifecycle(SandboxWorld world) : IDisposable
{
    /// <summary>How long a terminated instance is still listed.</summary>
    private static readonly TimeSpan s_remembered = TimeSpan.FromHours(1);

    private readonly Dictionary<InstanceRecord, ITimer> _timers = [];

    /// <summary>The host is told of an instance's changes one after the other, in their order.</summary>
    private readonly Dictionary<InstanceRecord, Task> _told = [];
    private bool _disposed;

    /// <summary>Gets or sets where instances run; without one they are states only.</summary>
    public IInstanceHost? Host { get; set; }

    /// <summary>Pending, then running; the host starts it then.</summary>
    public void Boot(InstanceRecord instance)
    {
        lock (world.Gate)
        {
            int epoch = Enter(instance, InstanceState.Pending, "");
            After(instance, epoch, world.Options.StateDelay, () => Run(instance, epoch));
        }
    }

    /// <summary>Stopping, then stopped. The host is told at once.</summary>
    public void Stop(InstanceRecord instance, string reason)
    {
        lock (world.Gate)
        {
            int epoch = Enter(instance, InstanceState.Stopping, reason);
            After(instance, epoch, world.Options.StateDelay, () => instance.State = InstanceState.Stopped);
        }

        SwitchOff(instance);
    }

    /// <summary>Shutting down, then terminated: what was the instance's alone goes with it.</summary>
    public void Terminate(InstanceRecord instance, string reason)
    {
        lock (world.Gate)
        {
            int epoch = Enter(instance, InstanceState.ShuttingDown, reason);
            After(instance, epoch, world.Options.StateDelay, () => Bury(instance, epoch));
        }

        SwitchOff(instance);
    }

    /// <summary>Off and on again without a change of state.</summary>
    public void Reboot(InstanceRecord instance)
    {
        lock (world.Gate)
        {
            // A service that somebody stopped starts again with the machine.
            instance.Ailment = instance.Ailment == InstanceAilment.AgentStopped ? InstanceAilment.None : instance.Ailment;
        }

        SwitchOff(instance);
        Tell(instance, host => host.Started(instance));
    }

    public void Dispose()
    {
        lock (world.Gate)
        {
            _disposed = true;
            foreach (ITimer timer in _timers.Values)
            {
                timer.Dispose();
            }

            _timers.Clear();
        }
    }

    private static int Enter(InstanceRecord instance, InstanceState state, string reason)
    {
        instance.State = state;
        instance.StateReason = reason;
        return ++instance.StateEpoch;
    }

    private void Run(InstanceRecord instance, int epoch)
    {
        instance.State = InstanceState.Running;
        Tell(instance, host =>
        {
            lock (world.Gate)
            {
                if (instance.StateEpoch != epoch)
                {
                    return;
                }
            }

            host.Started(instance);
        });
    }

    private void Bury(InstanceRecord instance, int epoch)
    {
        instance.State = InstanceState.Terminated;
        instance.Profile = null;
        instance.Node = null;
        world.Interfaces.Remove(instance.NetworkInterface.Id);
        if (instance.RootVolume.DeleteOnTermination)
        {
            world.Volumes.Remove(instance.RootVolume.Id);
        }
        else
        {
            instance.RootVolume.InstanceId = null;
        }

        After(instance, epoch, s_remembered, () =>
        {
            world.Instances.Remove(instance.Id);
            _timers.Remove(instance);
            _told.Remove(instance);
        });
    }

    private void SwitchOff(InstanceRecord instance)
    {
        lock (world.Gate)
        {
            if (instance.Node is NodeRecord node)
            {
                node.Gone = true;
            }
        }

        Tell(instance, host => host.Stopped(instance));
    }

    private void Tell(InstanceRecord instance, Action<IInstanceHost> what)
    {
        lock (world.Gate)
        {
            if (_disposed || Host is not IInstanceHost host)
            {
                return;
            }

            _told[instance] = _told.GetValueOrDefault(instance, Task.CompletedTask).ContinueWith(
                _ => what(host), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private void After(InstanceRecord instance, int epoch, TimeSpan delay, Action change)
    {
        if (_disposed)
        {
            return;
        }

        if (_timers.Remove(instance, out ITimer? earlier))
        {
            earlier.Dispose();
        }

        _timers[instance] = world.Clock.CreateTimer(
            _ =>
            {
                lock (world.Gate)
                {
                    if (!_disposed && instance.StateEpoch == epoch)
                    {
                        change();
                    }
                }
            },
            null, delay, Timeout.InfiniteTimeSpan);
    }
}
