using SsmTools.Engine.Aws;
using SsmTools.Engine.Protocol;
using SsmTools.Engine.Sessions;

namespace SsmTools.Engine.Tunnels;

/// <summary>
/// One session of a document of type Port: the channel to the node, and in it either the bytes of one connection or a
/// multiplexer with many, as the two ends' versions and the document say (session-manager-plugin,
/// sessionmanagerplugin/session/portsession/portsession.go).
/// </summary>
internal sealed partial class PortSession : IAsyncDisposable
{
    /// <summary>The type of document whose sessions may be multiplexed; the one for ssh has none.</summary>
    private const string LocalForwarding = "LocalPortForwarding";

    /// <summary>How long the end is held up by telling the service of it.</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(2);

    /// <summary>Any message of the stream is activity to the service; agents pass a size over where there is no terminal.</summary>
    private static readonly TimeSpan s_keepAlive = TimeSpan.FromSeconds(30);

    /// <summary>For how long a sign of life is good.</summary>
    private static readonly TimeSpan s_trust = TimeSpan.FromSeconds(2);

    /// <summary>
    /// In what pieces a file, or its like, is taken from an agent that sends a kilobyte a millisecond. To take one costs as much
    /// as about a dozen of its kilobytes; longer pauses would be felt by who uses another connection meanwhile.
    /// </summary>
    private static readonly TimeSpan s_trickle = TimeSpan.FromMilliseconds(40);

    /// <summary>The same of a large one that has the session for itself.</summary>
    private static readonly TimeSpan s_longTrickle = TimeSpan.FromMilliseconds(100);

    /// <summary>After so long, what comes is a large file.</summary>
    private static readonly TimeSpan s_large = TimeSpan.FromSeconds(3);

    private readonly PortSessionOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly SessionChannel _channel;
    private readonly SessionAftermath _aftermath;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _over = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly object _lock = new();
    private readonly Task _run;
    private readonly ITimer _keepAlive;

    private Task? _disposal;
    private bool _isEndedByNode;
    private LinkState _link = LinkState.Back;
    private int _connections;
    private int _taken;
    private int _refusals;

    private PortSession(
        ISessionApi api,
        ITransportConnector connector,
        SessionGrant grant,
        PortSessionOptions options,
        TimeProvider timeProvider)
    {
        _options = options;
        _timeProvider = timeProvider;
        SessionId = grant.SessionId;
        _aftermath = new SessionAftermath(api, grant.SessionId, options.Target, timeProvider);
        _channel = new SessionChannel(
            api,
            connector,
            grant,
            new DataChannelOptions { Role = ChannelRole.Client, ClientVersion = options.ClientVersion },
            new SessionChannelOptions
            {
                ReconnectTimeout = options.ReconnectTimeout,
                TrickleInterval = TrickleInterval,
                Room = WaitForRoomAsync,
                PieceEnded = () => _mux?.Notify(),
            },
            timeProvider);
        _basic = new BasicStream(SendAsync, FinishBasicAsync);
        _keepAlive = timeProvider.CreateTimer(
            static session => ((PortSession)session!).SendKeepAlive(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _run = RunAsync();
    }

    /// <summary>The session's id, as the service gave it.</summary>
    public string SessionId { get; }

    /// <summary>What runs inside.</summary>
    public PortMode Mode { get; private set; }

    /// <summary>How it stands with the link.</summary>
    public LinkState Link => _link;

    /// <summary>How often the link was lost and resumed.</summary>
    public int Reconnects => _channel.Reconnects;

    /// <summary>How many connections there are in it now.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Whether it can take another connection. The bytes of one cannot be told from those of the next in basic mode.</summary>
    public bool HasRoom => !IsEnded && !_stop.IsCancellationRequested && (Mode == PortMode.Multiplexed || _taken == 0);

    /// <summary>Whether it has ended, whatever the reason.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Why it ended, unless it was ended from here; null while it has not.</summary>
    public EngineException? Failure { get; private set; }

    /// <summary>Told when the link is lost or back, and when the node could not connect.</summary>
    public Action<PortSession>? Changed { get; set; }

    /// <summary>Starts a session and waits until the node is ready for connections.</summary>
    /// <exception cref="EngineException">
    /// The service refused (TargetNotConnected, AccessDenied, …) or was not reached; SessionHandshakeFailed,
    /// NotAPortSession; PortSessionEnded with the agent's words where it ended the session at once.
    /// </exception>
    public static Task<PortSession> StartAsync(
        AwsContext aws, PortSessionOptions options, TimeProvider timeProvider, CancellationToken cancellationToken) =>
        StartAsync(
            new SsmSessionApi(aws, options.ToStart()),
            new WebSocketConnector(timeProvider),
            options,
            timeProvider,
            cancellationToken);

    /// <summary>Starts a session over whatever service and links there are.</summary>
    public static async Task<PortSession> StartAsync(
        ISessionApi api,
        ITransportConnector connector,
        PortSessionOptions options,
        TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        SessionGrant grant = await api.StartAsync(cancellationToken).ConfigureAwait(false);
        PortSession session = new(api, connector, grant, options, timeProvider);
        try
        {
            await session.WaitUntilOpenAsync(cancellationToken).ConfigureAwait(false);
            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Opens a connection, which the node then makes.</summary>
    /// <returns>Null when the session has no room, or has ended.</returns>
    public IPortStream? TryConnect()
    {
        lock (_lock)
        {
            if (!HasRoom)
            {
                return null;
            }

            _taken++;
            _connections++;
        }

        return Connect();
    }

    /// <summary>
    /// Makes sure that the session still lives, before a connection's first byte goes into it: one that has ended during a
    /// nap, say, is found out only by using it. Where the node was heard a moment ago, that is known.
    /// </summary>
    /// <returns>False when it has ended.</returns>
    public async ValueTask<bool> IsAliveAsync(CancellationToken cancellationToken)
    {
        if (!IsEnded && (Link != LinkState.Back || _channel.Silence > s_trust))
        {
            Task heard = _channel.WhenHeard();
            SendKeepAlive();
            await Task.WhenAny(heard, _run).WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return !IsEnded;
    }

    /// <summary>Ends the session, at the service too. Waits for that no longer than a moment.</summary>
    public async ValueTask DisposeAsync()
    {
        Task disposal;
        lock (_lock)
        {
            disposal = _disposal ??= EndAsync();
        }

        await disposal.ConfigureAwait(false);
    }

    private async Task EndAsync()
    {
        await _keepAlive.DisposeAsync().ConfigureAwait(false);
        await _stop.CancelAsync().ConfigureAwait(false);
        Task farewell = _aftermath.TerminateAsync(s_farewell).AsTask();
        await Task.WhenAny(_run, Task.Delay(s_farewell, _timeProvider)).ConfigureAwait(false);
        await farewell.ConfigureAwait(false);
        _channel.Dispose();
        if (_run.IsCompleted)
        {
            _stop.Dispose();
            _over.Dispose();
        }
    }

    private async Task WaitUntilOpenAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task timeout = Task.Delay(_options.StartTimeout, _timeProvider, over.Token);
        Task first = await Task.WhenAny(_opened.Task, _run, timeout).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (first == timeout)
        {
            throw new EngineException(
                "SessionHandshakeFailed",
                ErrorKind.OperationTimeout,
                $"The agent on {_options.Target} did not answer session {SessionId} within {_options.StartTimeout.TotalSeconds:0} s.",
                "Try again; if it stays silent, restart the agent on the node.",
                _options.Target);
        }

        if (Failure is { } failure && !_opened.Task.IsCompleted)
        {
            throw failure;
        }

        if (_options.Settling > TimeSpan.Zero)
        {
            await SettleAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(_run, Task.Delay(_options.Settling, _timeProvider, over.Token)).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (_run.IsCompleted && Failure is { } failure)
        {
            throw new EngineException(
                failure.ErrorId,
                ErrorKind.InvalidOperation, // it would be no better the next time
                failure.Message,
                "Check the host as the node sees it: its name is resolved there, and it must be allowed to go there.",
                _options.Target,
                failure);
        }
    }

    private async Task RunAsync()
    {
        try
        {
            ChannelEvent? last = await _channel.RunAsync(OnEventAsync, OnLinkAsync, _stop.Token).ConfigureAwait(false);
            _aftermath.Check(last);
            _aftermath.IsOver = true;
            _isEndedByNode = last is { Text: null or "" };
            Failure = new EngineException(
                "PortSessionEnded",
                ErrorKind.ResourceUnavailable,
                last is null
                    ? await _aftermath.ExplainExpiryAsync(_stop.Token).ConfigureAwait(false)
                    : PortSessionEnd.Explain(_options, last.Value.Text),
                "The next connection starts a new session.",
                _options.Target);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Ended from here.
        }
        catch (EngineException e)
        {
            Failure = e;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            Failure = Broken(e);
        }

        IsEnded = true;
        await _over.CancelAsync().ConfigureAwait(false);
        await CloseStreamsAsync().ConfigureAwait(false);
        Changed?.Invoke(this);
    }

    private EngineException Broken(Exception e) => new(
        "PortSessionEnded",
        ErrorKind.ConnectionError,
        $"Session {SessionId} on {_options.Target} broke: {e.Message}",
        "The next connection starts a new session.",
        _options.Target,
        e);

    private ValueTask OnEventAsync(ChannelEvent channelEvent, CancellationToken cancellationToken)
    {
        switch (channelEvent.Kind)
        {
            case ChannelEventKind.Opened:
                Open(channelEvent.Opening!);
                break;
            case ChannelEventKind.Payload when channelEvent.PayloadType == PayloadType.Output:
                Receive(channelEvent.Data);
                break;
            case ChannelEventKind.Payload when channelEvent.PayloadType == PayloadType.Flag
                && StreamFlagPayload.TryRead(channelEvent.Data.Span, out StreamFlag flag)
                && flag == StreamFlag.ConnectToPortError:
                Interlocked.Increment(ref _refusals);
                break;
            default:
                break;
        }

        return ValueTask.CompletedTask;
    }

    private ValueTask OnLinkAsync(LinkState state, CancellationToken cancellationToken)
    {
        _link = state;
        Changed?.Invoke(this);
        return ValueTask.CompletedTask;
    }

    private void SendKeepAlive() => _channel.TrySend(
        PayloadType.Size,
        ProtocolJson.Write(new TerminalSizePayload(80, 24), ProtocolJson.Wire.TerminalSizePayload));
}
