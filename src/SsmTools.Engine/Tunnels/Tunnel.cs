using System.Net;
using System.Net.Sockets;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Registration;

namespace SsmTools.Engine.Tunnels;

/// <summary>
/// A local port that leads through a node to a destination, until it is disposed of. The port stays open whatever becomes
/// of the session behind it: that is resumed, or started anew when a connection needs it.
/// </summary>
public sealed partial class Tunnel : IAsyncDisposable
{
    /// <summary>The longest that a connection waits for the node; who connects has time-outs of his own.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly Func<PortSessionOptions, CancellationToken, Task<PortSession>> _start;
    private readonly IDisposable? _owned;
    private readonly TunnelOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly Socket _listener;
    private readonly ITunnelRoute _route;
    private readonly TunnelCounters _counters = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly object _lock = new();
    private readonly HashSet<Task> _connections = [];
    private readonly Queue<TunnelStateEventArgs> _changes = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Task? _accepting;
    private Task? _disposal;
    private TunnelState _state = TunnelState.Reconnecting;
    private bool _isOpen;
    private bool _isTelling;

    private Tunnel(
        Func<PortSessionOptions, CancellationToken, Task<PortSession>> start,
        Func<CancellationToken, Task> check,
        IDisposable? owned,
        TunnelOptions options,
        Socket listener,
        TimeProvider timeProvider)
    {
        _start = start;
        _owned = owned;
        _options = options;
        _timeProvider = timeProvider;
        _listener = listener;
        LocalEndpoint = (IPEndPoint)listener.LocalEndPoint!;
        OpenedAt = timeProvider.GetUtcNow();
        _route = options.IsDynamic
            ? new SocksRoute(options.Target, CreateSessions, check, timeProvider)
            : new FixedRoute(CreateSessions(options.Forward), options.Forward.ToString());
    }

    /// <summary>Told, on any thread, when the state has changed.</summary>
    public event EventHandler<TunnelStateEventArgs>? StateChanged;

    /// <summary>Where it listens.</summary>
    public IPEndPoint LocalEndpoint { get; }

    /// <summary>The node.</summary>
    public string Target => _options.Target;

    /// <summary>From where to where, with the local port that it has.</summary>
    public Forward Forward => _options.Forward with { LocalPort = LocalEndpoint.Port };

    /// <summary>Whether every connection says by SOCKS 5 where it wants to go.</summary>
    public bool IsDynamic => _options.IsDynamic;

    /// <summary>How it stands.</summary>
    public TunnelState State => _state;

    /// <summary>Connections that there are now.</summary>
    public int Connections => _counters.Connections;

    /// <summary>Connections that were ever accepted.</summary>
    public long TotalConnections => _counters.Total;

    /// <summary>Bytes that came from the destination.</summary>
    public long BytesIn => _counters.BytesIn;

    /// <summary>Bytes that were sent to the destination.</summary>
    public long BytesOut => _counters.BytesOut;

    /// <summary>How often a session was resumed, or started in the place of a lost one.</summary>
    public long Reconnects => _route.Reconnects;

    /// <summary>How often something went wrong: a session could not be started or was ended, the node could not connect.</summary>
    public long Errors => _counters.Errors;

    /// <summary>What went wrong last, in a sentence; null for nothing.</summary>
    public string? LastError => _counters.LastError;

    /// <summary>When it was opened, UTC.</summary>
    public DateTimeOffset OpenedAt { get; }

    /// <summary>The ids of the sessions that it has now.</summary>
    public IReadOnlyList<string> SessionIds => _route.SessionIds;

    /// <summary>What whoever opened it should hear, in sentences.</summary>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <summary>Completes when it has been disposed of.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Opens a tunnel: listens, and starts a session with the node, so that what is in the way is heard now.</summary>
    /// <param name="aws">Whom to ask, and as whom. The tunnel keeps what it needs of it when it is disposed of.</param>
    /// <param name="options">What tunnel.</param>
    /// <param name="timeProvider">The clock; the system's where null.</param>
    /// <param name="cancellationToken">Ends the opening; the tunnel lives on without it.</param>
    /// <exception cref="EngineException">
    /// InvalidForward, RemoteSocketNotServed, LocalPortInUse, LocalPortForbidden, InvalidLocalAddress, LocalAddressNotAvailable, SocksNotLocal; what the service refused
    /// (TargetNotConnected, AccessDenied, LimitExceeded, …); PortSessionEnded with the words of the agent.
    /// </exception>
    public static async Task<Tunnel> OpenAsync(
        AwsContext aws, TunnelOptions options, TimeProvider? timeProvider, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(aws);
        ArgumentNullException.ThrowIfNull(options);
        AwsContext own = aws.Share();
        TimeProvider time = timeProvider ?? TimeProvider.System;
        try
        {
            return await OpenAsync(
                (session, token) => PortSession.StartAsync(own, session, time, token),
                token => NotConnected.CheckAsync(own, options.Target, token),
                own,
                options,
                time,
                cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            own.Dispose();
            throw;
        }
    }

    /// <summary>Opens a tunnel for each of several forwards, side by side. One that fails does not hinder the others.</summary>
    /// <param name="aws">Whom to ask, and as whom.</param>
    /// <param name="options">What they have in common; its own forward does not count.</param>
    /// <param name="forwards">From where to where.</param>
    /// <param name="timeProvider">The clock; the system's where null.</param>
    /// <param name="cancellationToken">Ends the opening; no tunnel is left then.</param>
    public static async Task<IReadOnlyList<TunnelResult>> OpenAsync(
        AwsContext aws,
        TunnelOptions options,
        IReadOnlyList<Forward> forwards,
        TimeProvider? timeProvider,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(forwards);
        async Task<TunnelResult> OpenOneAsync(Forward forward)
        {
            try
            {
                return new TunnelResult(
                    forward,
                    await OpenAsync(aws, options with { Forward = forward }, timeProvider, cancellationToken).ConfigureAwait(false),
                    null);
            }
            catch (EngineException e)
            {
                return new TunnelResult(forward, null, e);
            }
        }

        Task<TunnelResult>[] opening = forwards.Select(OpenOneAsync).ToArray();
        try
        {
            return await Task.WhenAll(opening).ConfigureAwait(false);
        }
        catch
        {
            foreach (Task<TunnelResult> opened in opening)
            {
                if (opened.IsCompletedSuccessfully && (await opened.ConfigureAwait(false)).Tunnel is { } tunnel)
                {
                    await tunnel.DisposeAsync().ConfigureAwait(false);
                }
            }

            throw;
        }
    }

    /// <summary>Opens a tunnel over whatever sessions there are.</summary>
    /// <param name="start">Starts a session.</param>
    /// <param name="check">Throws where the node cannot be reached.</param>
    /// <param name="owned">Disposed of with the tunnel.</param>
    /// <param name="options">What tunnel.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    internal static async Task<Tunnel> OpenAsync(
        Func<PortSessionOptions, CancellationToken, Task<PortSession>> start,
        Func<CancellationToken, Task> check,
        IDisposable? owned,
        TunnelOptions options,
        TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Sessions, 1);
        IPAddress address = TunnelListener.ReadAddress(options.LocalAddress);
        ForwardText.Check(options.Forward);
        if (options.IsDynamic && !IPAddress.IsLoopback(address))
        {
            throw new EngineException(
                "SocksNotLocal",
                ErrorKind.InvalidArgument,
                $"A SOCKS port asks nobody who he is, so it is not opened at {address}: whoever reaches it would reach all that {options.Target} does.",
                "Leave -LocalAddress out, or give 127.0.0.1 or ::1.",
                options.LocalAddress);
        }

        Socket listener = TunnelListener.Listen(address, options.Forward.LocalPort);
        Tunnel tunnel = new(start, check, owned, options, listener, timeProvider);
        try
        {
            await tunnel._route.OpenAsync(cancellationToken).ConfigureAwait(false);
            tunnel._isOpen = true;
            tunnel._accepting = tunnel.AcceptAsync();
            tunnel.OnChanged();
            if (!IPAddress.IsLoopback(address))
            {
                tunnel.Warnings = [$"Whoever reaches this computer at {tunnel.LocalEndpoint} reaches {options.Forward} through {options.Target}, with your rights."];
            }

            return tunnel;
        }
        catch
        {
            await tunnel.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Closes the port, cuts the connections, and ends the sessions at the service.</summary>
    public async ValueTask DisposeAsync()
    {
        Task disposal;
        lock (_lock)
        {
            disposal = _disposal ??= CloseAsync();
        }

        await disposal.ConfigureAwait(false);
    }

    private async Task CloseAsync()
    {
        await Task.Yield(); // the caller holds the lock
        await _stop.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        await (_accepting ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Task[] connections;
        lock (_lock)
        {
            connections = [.. _connections];
        }

        await Task.WhenAll(connections).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _route.DisposeAsync().ConfigureAwait(false);
        _owned?.Dispose();
        _closed.TrySetResult();
        OnChanged();
    }

    private PortSessions CreateSessions(Forward destination)
    {
        PortSessionOptions session = PortSessionOptions.To(Target, destination) with
        {
            Reason = _options.Reason,
            ReconnectTimeout = _options.ReconnectTimeout,
            KeepAlive = _options.KeepAlive,
        };
        TimeSpan patience = _options.ReconnectTimeout < s_patience ? _options.ReconnectTimeout : s_patience;
        return new PortSessions(
            token => _start(session, token),
            new PortSessionsOptions(_options.Sessions, _options.KeepAlive, patience, _options.IdleTimeout),
            _timeProvider)
        {
            Changed = OnChanged,
            Failed = e => _counters.AddError(e.Message),
        };
    }

    private void OnChanged()
    {
        lock (_lock)
        {
            TunnelState now = _closed.Task.IsCompleted ? TunnelState.Closed : _route.State;
            if (!_isOpen || now == _state || (_stop.IsCancellationRequested && now != TunnelState.Closed))
            {
                return;
            }

            _changes.Enqueue(new TunnelStateEventArgs(
                _state, now, now is TunnelState.Failing or TunnelState.Reconnecting ? LastError : null));
            _state = now;
            if (_isTelling)
            {
                return;
            }

            _isTelling = true;
        }

        Tell();
    }

    /// <summary>Tells one change after the other, in their order, whichever threads find them.</summary>
    private void Tell()
    {
        while (true)
        {
            TunnelStateEventArgs? change;
            lock (_lock)
            {
                if (!_changes.TryDequeue(out change))
                {
                    _isTelling = false;
                    return;
                }
            }

            try
            {
                StateChanged?.Invoke(this, change);
            }
            catch (Exception)
            {
                // Who listens may fail; the tunnel is to go on, and the next change to be told.
            }
        }
    }
}
