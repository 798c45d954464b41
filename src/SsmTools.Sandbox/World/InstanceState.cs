namespace SsmTools.Sandbox.World;

/// <summary>An instance's states with the codes EC2 gives them.</summary>
internal enum InstanceState
{
    Pending = 0,
    Running = 16,
    ShuttingDown = 32,
    Terminated = 48,
    Stopping = 64,
    Stopped = 80,
}
