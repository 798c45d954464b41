using System.Net.Sockets;
using SsmTools.Sandbox.Pty;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Agents;

/// <summary>Where the sandbox's instances run: switches machines on and off as their states say.</summary>
internal sealed class AgentHost : IInstanceHost, IAsyncDisposable
{
    private readonly SandboxWorld _world;
    private readonly CredentialStore _credentials;
    private readonly string _directory;
    private readonly string _endpoint;
    private readonly TimeSpan _bootDelay;
    private readonly Action<string> _off;
    private readonly Func<PseudoTerminalOptions, IPseudoTerminal>? _start;
    private readonly object _gate = new();
    private readonly Dictionary<InstanceRecord, Task<InstanceMachine?>> _machines = [];
    private bool _disposed;

    /// <summary>Prepares a place for instances.</summary>
    /// <param name="world">The account.</param>
    /// <param name="credentials">Where instances' credentials come from.</param>
    /// <param name="directory">Gets a directory for each instance.</param>
    /// <param name="endpoint">The sandbox's address.</param>
    /// <param name="bootDelay">From the start of a machine to its agent's first try.</param>
    /// <param name="off">Told the id of an instance that was switched off.</param>
    /// <param name="start">Starts programs in place of shells; null for shells.</param>
    public AgentHost(
        SandboxWorld world,
        CredentialStore credentials,
        string directory,
        string endpoint,
        TimeSpan bootDelay,
        Action<string> off,
        Func<PseudoTerminalOptions, IPseudoTerminal>? start = null)
    {
        _world = world;
        _credentials = credentials;
        _directory = directory;
        _endpoint = endpoint;
        _bootDelay = bootDelay;
        _off = off;
        _start = start;
    }

    /// <inheritdoc/>
    public void Started(InstanceRecord instance) => Follow(instance);

    /// <inheritdoc/>
    public void Stopped(InstanceRecord instance)
    {
        // A reboot tells both at about the same time and in any order; being told of a start is enough to restart.
        if (State(instance) != InstanceState.Running)
        {
            Follow(instance);
        }
    }

    /// <summary>Switches everything off.</summary>
    public async ValueTask DisposeAsync()
    {
        Task<InstanceMachine?>[] machines;
        lock (_gate)
        {
            _disposed = true;
            machines = [.. _machines.Values];
            _machines.Clear();
        }

        await Task.WhenAll(machines.Select(SwitchOffAsync)).ConfigureAwait(false);
    }

    private static async Task SwitchOffAsync(Task<InstanceMachine?> running)
    {
        if (await running.ConfigureAwait(false) is InstanceMachine machine)
        {
            await machine.DisposeAsync().ConfigureAwait(false);
        }
    }

    private InstanceState State(InstanceRecord instance)
    {
        lock (_world.Gate)
        {
            return instance.State;
        }
    }

    /// <summary>Queues a change behind the ones before it, so that a machine is off before it is on again.</summary>
    private void Follow(InstanceRecord instance)
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                Task<InstanceMachine?> before = _machines.GetValueOrDefault(instance) ?? Task.FromResult<InstanceMachine?>(null);
                _machines[instance] = Task.Run(() => ChangeAsync(instance, before));
            }
        }
    }

    private async Task<InstanceMachine?> ChangeAsync(InstanceRecord instance, Task<InstanceMachine?> before)
    {
        if (await before.ConfigureAwait(false) is InstanceMachine machine)
        {
            _off(instance.Id);
            await machine.DisposeAsync().ConfigureAwait(false);
        }

        string home = Path.Combine(_directory, instance.Id);
        InstanceState state = State(instance);
        try
        {
            if (state == InstanceState.Running)
            {
                return new InstanceMachine(_world, _credentials, instance, home, _endpoint, _bootDelay, _start);
            }

            if (state is InstanceState.ShuttingDown or InstanceState.Terminated && Directory.Exists(home))
            {
                Directory.Delete(home, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SocketException)
        {
            // A full disk, no port left, a file that may not be deleted: this machine has no agent, the others go on.
        }

        return null;
    }
}
