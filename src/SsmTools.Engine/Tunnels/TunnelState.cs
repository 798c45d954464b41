namespace SsmTools.Engine.Tunnels;

/// <summary>How it stands with a <see cref="Tunnel"/>.</summary>
public enum TunnelState
{
    /// <summary>Connections are carried at once: there is a session with the node.</summary>
    Open,

    /// <summary>Nothing was connected for a while, so no session is held; the next connection starts one.</summary>
    Idle,

    /// <summary>The way to the node is lost, or none was needed before, and it is being made; connections wait.</summary>
    Reconnecting,

    /// <summary>There is no way to the node, see <see cref="Tunnel.LastError"/>; the next connection tries again.</summary>
    Failing,

    /// <summary>It does not listen any more.</summary>
    Closed,
}
