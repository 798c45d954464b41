using SsmTools.Engine.Sessions;

namespace SsmTools.Engine.Tunnels;

/// <summary>
/// The sessions that lead to one destination: spreads connections over them, starts those that are missing when a
/// connection needs them, and ends them when none has for a while.
/// </summary>
internal sealed partial class PortSessions : IAsyncDisposable
{
    private static readonly TimeSpan s_firstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_maxDelay = TimeSpan.FromSeconds(5);

    /// <summary>In basic mode the node has connected already, and what it has connected to does not wait for ever.</summary>
    private static readonly TimeSpan s_basicIdle = TimeSpan.FromSeconds(10);

    private readonly Func<CancellationToken, Task<PortSession>> _start;
    private readonly PortSessionsOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly object _lock = new();
    private readonly List<PortSession> _sessions = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly ITimer _idle;

    private Task? _round;
    private Task? _hold;
    private PortMode? _mode;
    private int _waiting;
    private long _reconnects;
    private int _lost;
    private EngineException? _failure;

    /// <summary>Prepares the way; nothing is started.</summary>
    public PortSessions(
        Func<CancellationToken, Task<PortSession>> start, PortSessionsOptions options, TimeProvider timeProvider)
    {
        _start = start;
        _options = options;
        _timeProvider = timeProvider;
        _idle = timeProvider.CreateTimer(
            static sessions => _ = ((PortSessions)sessions!).EndIdleAsync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Told when the state may be another one.</summary>
    public Action? Changed { get; init; }

    /// <summary>Told of what went wrong with a session.</summary>
    public Action<EngineException>? Failed { get; init; }

    /// <summary>How it stands.</summary>
    public TunnelState State
    {
        get
        {
            lock (_lock)
            {
                return _sessions.Exists(session => session.Link == LinkState.Back) ? TunnelState.Open
                    : _sessions.Count > 0 || _round is not null ? TunnelState.Reconnecting
                    : _failure is not null ? TunnelState.Failing
                    : TunnelState.Idle;
            }
        }
    }

    /// <summary>The sessions' ids.</summary>
    public IReadOnlyList<string> SessionIds
    {
        get
        {
            lock (_lock)
            {
                return _sessions.ConvertAll(session => session.SessionId);
            }
        }
    }

    /// <summary>Whether nothing is connected, and nothing waits to be.</summary>
    public bool IsUnused
    {
        get
        {
            lock (_lock)
            {
                return _waiting == 0 && _sessions.TrueForAll(session => session.Connections == 0);
            }
        }
    }

    /// <summary>Has it count as used until <see cref="Unreserve"/>.</summary>
    public void Reserve() => Interlocked.Increment(ref _waiting);

    /// <summary>Ends <see cref="Reserve"/>.</summary>
    public void Unreserve()
    {
        Interlocked.Decrement(ref _waiting);
        WatchIdle();
    }

    /// <summary>How often a session was resumed, or started where there had been one before.</summary>
    public long Reconnects
    {
        get
        {
            lock (_lock)
            {
                return _reconnects + _sessions.Sum(session => (long)session.Reconnects);
            }
        }
    }

    /// <summary>Starts what there is to be, once, so that the caller hears what is in the way.</summary>
    /// <exception cref="EngineException">None could be started.</exception>
    public Task OpenAsync(CancellationToken cancellationToken) => StartMissingAsync(cancellationToken);

    /// <summary>Opens a connection, in a new session if need be; tries for a while to get one.</summary>
    /// <exception cref="EngineException">No session could be started.</exception>
    public async ValueTask<IPortStream> ConnectAsync(CancellationToken cancellationToken)
    {
        long since = _timeProvider.GetTimestamp();
        TimeSpan delay = s_firstDelay;
        Reserve();
        try
        {
            while (true)
            {
                if (await TryConnectAsync(since, cancellationToken).ConfigureAwait(false) is { } stream)
                {
                    return stream;
                }

                try
                {
                    await StartMissingAsync(cancellationToken).ConfigureAwait(false);
                }
                catch (EngineException e) when (
                    SessionLinks.MayPass(e.Kind) && _timeProvider.GetElapsedTime(since) + delay < _options.Patience)
                {
                    await Task.Delay(delay, _timeProvider, cancellationToken).ConfigureAwait(false);
                    delay = delay * 2 < s_maxDelay ? delay * 2 : s_maxDelay;
                }
            }
        }
        finally
        {
            Unreserve();
        }
    }

    /// <summary>Ends all of them.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _idle.DisposeAsync().ConfigureAwait(false);
        Task? round;
        Task? hold;
        lock (_lock)
        {
            (round, hold) = (_round, _hold);
        }

        await Task.WhenAll(round ?? Task.CompletedTask, hold ?? Task.CompletedTask)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await EndAllAsync(onlyUnused: false).ConfigureAwait(false);
        _stop.Dispose();
    }

    /// <summary>Opens a connection in a session that lives; null where there is none, or it turned out to live no more.</summary>
    private async Task<IPortStream?> TryConnectAsync(long since, CancellationToken cancellationToken)
    {
        while (TryTake(out PortSession? session) is { } stream)
        {
            TimeSpan patience = _options.Patience - _timeProvider.GetElapsedTime(since);
            using CancellationTokenSource over = new(patience > TimeSpan.Zero ? patience : TimeSpan.Zero, _timeProvider);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
            bool isKept = false;
            try
            {
                isKept = await session!.IsAliveAsync(either.Token).ConfigureAwait(false);
                if (isKept)
                {
                    return stream;
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                EngineException away = new(
                    "SessionConnectionLost",
                    ErrorKind.ConnectionError,
                    $"The connection of session {session!.SessionId} is lost, and was not found again within {_options.Patience:c}; it is still sought.",
                    "Check the network; connect again later.",
                    session.SessionId);
                Failed?.Invoke(away);
                throw away;
            }
            finally
            {
                if (!isKept)
                {
                    await stream.DisposeAsync().ConfigureAwait(false);
                }
            }
        }

        return null;
    }

    private IPortStream? TryTake(out PortSession? session)
    {
        lock (_lock)
        {
            session = _sessions.Where(session => session.HasRoom).MinBy(session => session.Connections);
            IPortStream? stream = session?.TryConnect();
            if (stream is not null && _mode == PortMode.Multiplexed && _sessions.Count < _options.Most)
            {
                _ = BeginRound(); // the others, for the connections to come
            }

            return stream;
        }
    }

    private async Task StartMissingAsync(CancellationToken cancellationToken)
    {
        if (_mode == PortMode.Basic)
        {
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
            await StartOneAsync(either.Token).ConfigureAwait(false);
            return;
        }

        Task round;
        lock (_lock)
        {
            round = BeginRound();
        }

        Changed?.Invoke();
        await round.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>To be called with the lock.</summary>
    private Task BeginRound()
    {
        if (_round is null)
        {
            _round = RunRoundAsync(Math.Max(1, _options.Most - _sessions.Count));
            _ = _round.ContinueWith(
                static round => round.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        return _round;
    }

    private async Task RunRoundAsync(int missing)
    {
        await Task.Yield(); // the caller holds the lock
        Task[] starts = Enumerable.Range(0, missing).Select(_ => StartOneAsync(_stop.Token)).ToArray();
        try
        {
            await Task.WhenAll(starts).ConfigureAwait(false);
        }
        catch (EngineException) when (Array.Exists(starts, start => start.IsCompletedSuccessfully))
        {
            // Fewer than wished for, a quota perhaps; what there is carries all. The failure was told.
        }
        finally
        {
            lock (_lock)
            {
                _round = null;
            }

            Changed?.Invoke();
        }
    }

    private async Task StartOneAsync(CancellationToken cancellationToken)
    {
        PortSession session;
        try
        {
            session = await _start(cancellationToken).ConfigureAwait(false);
        }
        catch (EngineException e)
        {
            lock (_lock)
            {
                _failure = e;
            }

            Failed?.Invoke(e);
            Changed?.Invoke();
            throw;
        }

        bool isLate;
        lock (_lock)
        {
            isLate = _stop.IsCancellationRequested;
            _mode = session.Mode;
            _failure = null;
            if (_lost > 0)
            {
                _lost--;
                _reconnects++;
            }

            if (!isLate)
            {
                _sessions.Add(session);
            }
        }

        if (isLate)
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw new OperationCanceledException();
        }

        session.Changed = OnChanged;
        OnChanged(session); // it may have ended already
        WatchIdle();
    }

    private void OnChanged(PortSession session)
    {
        bool isGone = false;
        if (session.IsEnded)
        {
            lock (_lock)
            {
                isGone = _sessions.Remove(session);
                _reconnects += isGone ? session.Reconnects : 0;
                _lost += isGone && session.Mode == PortMode.Multiplexed ? 1 : 0;
            }
        }

        if (isGone)
        {
            if (session.Failure is { } failure && session.Mode == PortMode.Multiplexed)
            {
                Failed?.Invoke(failure);
            }

            _ = session.DisposeAsync().AsTask();
            Hold();
        }

        WatchIdle();
        Changed?.Invoke();
    }
}
