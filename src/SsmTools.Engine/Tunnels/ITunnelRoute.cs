using System.Net.Sockets;

namespace SsmTools.Engine.Tunnels;

/// <summary>Where the connections of a tunnel go.</summary>
internal interface ITunnelRoute : IAsyncDisposable
{
    /// <summary>How it stands.</summary>
    TunnelState State { get; }

    /// <summary>The sessions that there are.</summary>
    IReadOnlyList<string> SessionIds { get; }

    /// <summary>How often a session was resumed, or started in the place of a lost one.</summary>
    long Reconnects { get; }

    /// <summary>Finds out whether there is a way, so that the caller hears what is in it.</summary>
    /// <exception cref="EngineException">There is none.</exception>
    Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>Finds the other half of a local connection.</summary>
    /// <returns>Null where the local program has left meanwhile.</returns>
    /// <exception cref="EngineException">There is no way, or it asked for something that there is not.</exception>
    ValueTask<TunnelLeg?> ConnectAsync(Socket client, CancellationToken cancellationToken);
}
