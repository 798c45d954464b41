using System.Net.Sockets;
using SsmTools.Engine.Socks;

namespace SsmTools.Engine.Tunnels;

/// <summary>Leads every connection to where it asks to go by SOCKS 5. Each destination has sessions of its own.</summary>
/// <param name="target">The node.</param>
/// <param name="create">Makes the sessions to a destination.</param>
/// <param name="check">Finds out whether the node can be reached.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class SocksRoute(
    string target,
    Func<Forward, PortSessions> create,
    Func<CancellationToken, Task> check,
    TimeProvider timeProvider) : ITunnelRoute
{
    /// <summary>Destinations at once: each costs the node a process, and the account a session.</summary>
    private const int MaxDestinations = 64;

    private readonly object _lock = new();
    private readonly Dictionary<Forward, PortSessions> _destinations = [];
    private long _reconnects;

    /// <inheritdoc/>
    public TunnelState State
    {
        get
        {
            TunnelState[] states = Destinations().Select(sessions => sessions.State).ToArray();
            return states.Contains(TunnelState.Open) ? TunnelState.Open
                : states.Contains(TunnelState.Reconnecting) ? TunnelState.Reconnecting
                : TunnelState.Idle;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> SessionIds => [.. Destinations().SelectMany(sessions => sessions.SessionIds)];

    /// <inheritdoc/>
    public long Reconnects => Interlocked.Read(ref _reconnects) + Destinations().Sum(sessions => sessions.Reconnects);

    /// <inheritdoc/>
    public Task OpenAsync(CancellationToken cancellationToken) => check(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<TunnelLeg?> ConnectAsync(Socket client, CancellationToken cancellationToken)
    {
        Connector connector = new(this);
        NetworkStream stream = new(client, ownsSocket: false);
        await using (stream.ConfigureAwait(false))
        {
            IPortStream? far = await SocksServer.AcceptAsync(stream, connector, timeProvider, cancellationToken)
                .ConfigureAwait(false);
            return far is null ? null : new TunnelLeg(far, connector.Destination);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        PortSessions[] all = Destinations();
        await Task.WhenAll(all.Select(sessions => sessions.DisposeAsync().AsTask())).ConfigureAwait(false);
    }

    /// <summary>Forgets destinations that nobody uses any more and that hold nothing.</summary>
    public void Sweep()
    {
        List<PortSessions> unused = [];
        lock (_lock)
        {
            foreach ((Forward destination, PortSessions sessions) in _destinations.ToArray())
            {
                if (sessions.IsUnused && sessions.State is TunnelState.Idle or TunnelState.Failing)
                {
                    _destinations.Remove(destination);
                    unused.Add(sessions);
                }
            }
        }

        foreach (PortSessions sessions in unused)
        {
            Interlocked.Add(ref _reconnects, sessions.Reconnects);
            _ = sessions.DisposeAsync().AsTask();
        }
    }

    private PortSessions[] Destinations()
    {
        lock (_lock)
        {
            return [.. _destinations.Values];
        }
    }

    /// <summary>The sessions to a destination, reserved, so that they are not swept away before they are used.</summary>
    private PortSessions Find(Forward destination)
    {
        Sweep();
        lock (_lock)
        {
            if (_destinations.TryGetValue(destination, out PortSessions? sessions))
            {
                sessions.Reserve();
                return sessions;
            }

            if (_destinations.Count >= MaxDestinations)
            {
                throw new EngineException(
                    "TooManyDestinations",
                    ErrorKind.LimitsExceeded,
                    $"The tunnel through {target} leads to {MaxDestinations} destinations already, each with a session of its own.",
                    "Close connections that are not needed, or open another tunnel.",
                    target);
            }

            sessions = create(destination);
            _destinations.Add(destination, sessions);
            sessions.Reserve();
            return sessions;
        }
    }

    private sealed class Connector(SocksRoute route) : IStreamConnector
    {
        public string Destination { get; private set; } = "";

        public async ValueTask<IPortStream> ConnectAsync(string host, int port, CancellationToken cancellationToken)
        {
            Forward destination = new() { RemoteHost = host, RemotePort = port };
            Destination = destination.ToString();
            PortSessions sessions = route.Find(destination);
            try
            {
                return await sessions.ConnectAsync(cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                sessions.Unreserve();
            }
        }
    }
}
