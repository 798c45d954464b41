using System;
using System.Linq;
using SsmTools.Engine.Tunnels;

namespace SsmTools.Output;

/// <summary>A tunnel: a local port that leads through an instance to a destination, until it is removed or disposed of.</summary>
public sealed class SsmTunnel : IDisposable
{
    /// <summary>How long disposing may wait for the service to hear of it.</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(5);

    internal SsmTunnel(Tunnel tunnel, string? name)
    {
        Tunnel = tunnel;
        Name = name;
        tunnel.StateChanged += OnStateChanged;
    }

    /// <summary>Told when the state has changed; for Register-ObjectEvent.</summary>
    public event EventHandler<SsmTunnelStateEventArgs>? StateChanged;

    /// <summary>Where it listens, address and port.</summary>
    public string LocalEndpoint => Tunnel.LocalEndpoint.ToString();

    /// <summary>The address at which it listens.</summary>
    public string LocalAddress => Tunnel.LocalEndpoint.Address.ToString();

    /// <summary>The port on which it listens.</summary>
    public int LocalPort => Tunnel.LocalEndpoint.Port;

    /// <summary>The instance's or node's id.</summary>
    public string Target => Tunnel.Target;

    /// <summary>The instance's name; null where it has none.</summary>
    public string? Name { get; }

    /// <summary>The destination as the node sees it; SOCKS where each connection names its own.</summary>
    public string Remote => Tunnel.IsDynamic ? "SOCKS" : Tunnel.Forward.ToString();

    /// <summary>The host that the node connects to; null for the node itself.</summary>
    public string? RemoteHost => Tunnel.Forward.RemoteHost;

    /// <summary>The port of the destination; 0 where there is none.</summary>
    public int RemotePort => Tunnel.Forward.RemotePort;

    /// <summary>Open, Idle, Reconnecting, Failing or Closed.</summary>
    public string State => Tunnel.State.ToString();

    /// <summary>Connections that there are now.</summary>
    public int Connections => Tunnel.Connections;

    /// <summary>Connections that there ever were.</summary>
    public long TotalConnections => Tunnel.TotalConnections;

    /// <summary>Bytes that came from the destination.</summary>
    public long BytesIn => Tunnel.BytesIn;

    /// <summary>Bytes that were sent to the destination.</summary>
    public long BytesOut => Tunnel.BytesOut;

    /// <summary>How often a session was resumed, or started in the place of a lost one.</summary>
    public long Reconnects => Tunnel.Reconnects;

    /// <summary>How often something went wrong.</summary>
    public long Errors => Tunnel.Errors;

    /// <summary>What went wrong last; null for nothing.</summary>
    public string? LastError => Tunnel.LastError;

    /// <summary>When it was opened, in local time.</summary>
    public DateTime StartTime => Tunnel.OpenedAt.LocalDateTime;

    /// <summary>The sessions that it has now.</summary>
    public string[] SessionId => Tunnel.SessionIds.ToArray();

    internal Tunnel Tunnel { get; }

    /// <summary>Closes the port and the connections, and ends the sessions; waits a moment for the service to hear of it.</summary>
    public void Dispose() => Tunnel.DisposeAsync().AsTask().Wait(s_farewell);

    /// <inheritdoc/>
    public override string ToString() => $"{LocalEndpoint} -> {Target} -> {Remote}";

    private void OnStateChanged(object? sender, TunnelStateEventArgs e) =>
        StateChanged?.Invoke(this, new SsmTunnelStateEventArgs(e.Before.ToString(), e.Now.ToString(), e.Reason));
}
