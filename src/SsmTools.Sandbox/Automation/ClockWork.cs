using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Automation;

/// <summary>What is to be done later on the sandbox's clock, under the world's lock, unless it is switched off before.</summary>
internal sealed class ClockWork(SandboxWorld world) : IDisposable
{
    private readonly HashSet<ITimer> _timers = [];
    private bool _disposed;

    /// <summary>Does something after a while. To be called under the world's lock.</summary>
    public void After(TimeSpan delay, Action work)
    {
        if (_disposed)
        {
            return;
        }

        ITimer? timer = null;
        timer = world.Clock.CreateTimer(
            _ =>
            {
                lock (world.Gate)
                {
                    _timers.Remove(timer!);
                    timer!.Dispose();
                    if (!_disposed)
                    {
                        work();
                    }
                }
            },
            null, delay, Timeout.InfiniteTimeSpan);
        _timers.Add(timer);
    }

    public void Dispose()
    {
        lock (world.Gate)
        {
            _disposed = true;
            foreach (ITimer timer in _timers)
            {
                timer.Dispose();
            }

            _timers.Clear();
        }
    }
}
