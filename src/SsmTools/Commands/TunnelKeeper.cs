using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation.Runspaces;
using System.Threading.Tasks;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>
/// Holds the tunnels of each runspace. They outlive the cmdlet that opened them and end with Remove-SsmTunnel, with
/// Dispose, with the module, with their runspace, or with the process.
/// </summary>
internal sealed class TunnelKeeper
{
    /// <summary>How long the end of the process may wait for the service to hear that the sessions are over.</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(3);

    private readonly object _lock = new();
    private readonly Dictionary<Guid, List<SsmTunnel>> _tunnels = [];

    private TunnelKeeper()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => CloseAsync(Take(null)).Wait(s_farewell);
    }

    internal static TunnelKeeper Instance { get; } = new();

    /// <summary>Keeps a tunnel for the runspace that runs now.</summary>
    internal void Add(SsmTunnel tunnel)
    {
        Runspace? runspace = Runspace.DefaultRunspace;
        Guid id = runspace?.InstanceId ?? Guid.Empty;
        bool isFirst;
        lock (_lock)
        {
            isFirst = !_tunnels.TryGetValue(id, out List<SsmTunnel>? own);
            if (own is null)
            {
                _tunnels.Add(id, own = []);
            }

            own.Add(tunnel);
        }

        _ = tunnel.Tunnel.Closed.ContinueWith(_ => Forget(id, tunnel), TaskScheduler.Default);
        if (isFirst && runspace is not null)
        {
            runspace.StateChanged += OnRunspaceChanged;
        }
    }

    /// <summary>
    /// The tunnels of the runspace that runs now, in the order of their opening. One that was just closed is none of them,
    /// even where it was not forgotten yet.
    /// </summary>
    internal SsmTunnel[] List()
    {
        lock (_lock)
        {
            return _tunnels.TryGetValue(Runspace.DefaultRunspace?.InstanceId ?? Guid.Empty, out List<SsmTunnel>? own)
                ? own.Where(tunnel => !tunnel.Tunnel.Closed.IsCompleted).ToArray()
                : [];
        }
    }

    /// <summary>Closes all where the module is removed from the runspace that opened them.</summary>
    internal void CloseForCurrentRunspace() =>
        CloseAsync(Take(Runspace.DefaultRunspace?.InstanceId ?? Guid.Empty)).Wait(s_farewell);

    private void OnRunspaceChanged(object? sender, RunspaceStateEventArgs e)
    {
        if (sender is Runspace runspace && e.RunspaceStateInfo.State is RunspaceState.Closed or RunspaceState.Broken)
        {
            runspace.StateChanged -= OnRunspaceChanged;
            CloseAsync(Take(runspace.InstanceId)).Wait(s_farewell);
        }
    }

    private SsmTunnel[] Take(Guid? runspace)
    {
        lock (_lock)
        {
            SsmTunnel[] taken = _tunnels.Where(one => runspace is null || one.Key == runspace)
                .SelectMany(one => one.Value).ToArray();
            foreach (Guid id in runspace is { } only ? [only] : _tunnels.Keys.ToArray())
            {
                _tunnels.Remove(id);
            }

            return taken;
        }
    }

    private void Forget(Guid runspace, SsmTunnel tunnel)
    {
        lock (_lock)
        {
            if (_tunnels.TryGetValue(runspace, out List<SsmTunnel>? own))
            {
                own.Remove(tunnel);
            }
        }
    }

    private static Task CloseAsync(SsmTunnel[] tunnels) =>
        Task.WhenAll(tunnels.Select(tunnel => tunnel.Tunnel.DisposeAsync().AsTask()));
}
