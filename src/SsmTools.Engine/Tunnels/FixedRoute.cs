using System.Net.Sockets;

namespace SsmTools.Engine.Tunnels;

/// <summary>Leads every connection to the same destination.</summary>
internal sealed class FixedRoute(PortSessions sessions, string destination) : ITunnelRoute
{
    /// <inheritdoc/>
    public TunnelState State => sessions.State;

    /// <inheritdoc/>
    public IReadOnlyList<string> SessionIds => sessions.SessionIds;

    /// <inheritdoc/>
    public long Reconnects => sessions.Reconnects;

    /// <inheritdoc/>
    public Task OpenAsync(CancellationToken cancellationToken) => sessions.OpenAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<TunnelLeg?> ConnectAsync(Socket client, CancellationToken cancellationToken) =>
        new TunnelLeg(await sessions.ConnectAsync(cancellationToken).ConfigureAwait(false), destination);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => sessions.DisposeAsync();
}
