using SsmTools.Engine.Aws;
using SsmTools.Engine.Protocol;
using SsmTools.Engine.Terminal;

namespace SsmTools.Engine.Sessions;

/// <summary>A shell on a node, from its start to its end.</summary>
public sealed class ShellSession : IAsyncDisposable
{
    /// <summary>How long the end of a session is held up by telling the service of it.</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromMilliseconds(100);

    /// <summary>The same where somebody leaves, the terminal being back already: the session had better be gone.</summary>
    private static readonly TimeSpan s_leave = TimeSpan.FromSeconds(2);

    /// <summary>How long telling the service may go on behind the caller's back.</summary>
    private static readonly TimeSpan s_terminateTimeout = TimeSpan.FromSeconds(10);

    private readonly ISessionApi _api;
    private readonly ITransportConnector _connector;
    private readonly SessionGrant _grant;
    private readonly ShellSessionOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly DateTimeOffset _startedAt;
    private TimeSpan _farewell = s_farewell;
    private bool _isOver;

    private ShellSession(
        ISessionApi api,
        ITransportConnector connector,
        SessionGrant grant,
        ShellSessionOptions options,
        TimeProvider timeProvider)
    {
        _api = api;
        _connector = connector;
        _grant = grant;
        _options = options;
        _timeProvider = timeProvider;
        _startedAt = timeProvider.GetUtcNow();
    }

    /// <summary>The session's id, as the service gave it.</summary>
    public string SessionId => _grant.SessionId;

    /// <summary>Starts a session. Its shell waits for <see cref="RunAsync"/>.</summary>
    /// <param name="aws">Whom to ask, and as whom.</param>
    /// <param name="options">What shell, and where.</param>
    /// <param name="timeProvider">The clock; the system's where null.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="EngineException">The service refused (TargetNotConnected, AccessDenied, …) or was not reached.</exception>
    public static Task<ShellSession> StartAsync(
        AwsContext aws, ShellSessionOptions options, TimeProvider? timeProvider, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(aws);
        ArgumentNullException.ThrowIfNull(options);
        TimeProvider time = timeProvider ?? TimeProvider.System;
        return StartAsync(new SsmSessionApi(aws, options), new WebSocketConnector(time), options, time, cancellationToken);
    }

    /// <summary>Starts a session over whatever service and links there are.</summary>
    internal static async Task<ShellSession> StartAsync(
        ISessionApi api,
        ITransportConnector connector,
        ShellSessionOptions options,
        TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        SessionGrant grant = await api.StartAsync(cancellationToken).ConfigureAwait(false);
        return new ShellSession(api, connector, grant, options, timeProvider);
    }

    /// <summary>Connects a terminal to the shell until the session ends. To be called once.</summary>
    /// <remarks>
    /// Where the terminal is not interactive, its input is typed, and at its end the shell is told to end: by Ctrl-D,
    /// or where the node runs Windows by typing <c>exit</c>; where that is not known both are tried in turn.
    /// </remarks>
    /// <param name="terminal">Where input comes from and output goes to; put back to what it was when this returns.</param>
    /// <param name="cancellationToken">Ends the session at the service, too.</param>
    /// <exception cref="EngineException">
    /// SessionConnectionFailed, SessionConnectionLost, SessionHandshakeFailed, SessionProtocolError, NotAShellSession, or
    /// what the service said when the session was to be resumed.
    /// </exception>
    public async Task<SessionEnd> RunAsync(ITerminal terminal, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(terminal);
        using SessionChannel channel = new(
            _api,
            _connector,
            _grant,
            new DataChannelOptions { Role = ChannelRole.Client },
            new SessionChannelOptions { ReconnectTimeout = _options.ReconnectTimeout, MaxSilence = _options.MaxSilence },
            _timeProvider);
        using ShellRelay relay = new(channel, terminal, _options, _timeProvider);
        SessionEnd End(SessionEndKind kind, string reason) => new()
        {
            SessionId = SessionId,
            Target = _options.Target,
            Kind = kind,
            Reason = reason,
            StartedAt = _startedAt,
            EndedAt = _timeProvider.GetUtcNow(),
            BytesSent = relay.BytesSent,
            BytesReceived = relay.BytesReceived,
            IsEncrypted = channel.IsEncrypted,
            Reconnects = channel.Reconnects,
        };

        try
        {
            ChannelEvent? last = await RelayAsync(relay, cancellationToken).ConfigureAwait(false);
            if (last is { Kind: ChannelEventKind.Failed, Text: string failure })
            {
                throw new EngineException(
                    "SessionHandshakeFailed",
                    ErrorKind.ProtocolError,
                    $"Client and agent could not agree on session {SessionId} on {_options.Target}: {failure}",
                    "Check the agent's version on the node.",
                    _options.Target);
            }

            if (last is { Kind: ChannelEventKind.Broken, Text: string rule })
            {
                throw new EngineException(
                    "SessionProtocolError",
                    ErrorKind.ProtocolError,
                    $"Session {SessionId} on {_options.Target} was ended, for {rule}.",
                    "Start a new session; if it happens again, something between here and the node changes the data.",
                    _options.Target);
            }

            if (relay.IsAbandoned)
            {
                return End(SessionEndKind.Abandoned, "The connection was lost, and the wait for it was ended by Ctrl-C.");
            }

            if (relay.HasLeft)
            {
                _farewell = s_leave;
                string escape = EscapeText.NameOf(_options.EscapeCharacter!.Value);
                return End(SessionEndKind.Left, $"The session was left with {escape}.");
            }

            _isOver = true;
            return last switch
            {
                null => End(SessionEndKind.Expired, await ExplainExpiryAsync(cancellationToken).ConfigureAwait(false)),
                { Text: { } text } when !string.IsNullOrWhiteSpace(text) => End(SessionEndKind.Closed, text.Trim()),
                _ => End(SessionEndKind.Exited, "The shell ended."),
            };
        }
        catch (IOException)
        {
            return End(SessionEndKind.OutputClosed, "The terminal was closed.");
        }
        finally
        {
            relay.Dispose(); // the terminal first, then the service
            await DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Ends the session at the service unless it has ended. Waits no longer than a moment for it, so that Ctrl-C stays
    /// prompt; the call goes on a little longer by itself.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (!_isOver)
        {
            _isOver = true;
            Task terminate = TerminateAsync();
            await Task.WhenAny(terminate, Task.Delay(_farewell, _timeProvider)).ConfigureAwait(false);
        }
    }

    /// <summary>Runs the relay; on cancellation waits for it a moment only, as a stuck terminal may hold it.</summary>
    private async Task<ChannelEvent?> RelayAsync(ShellRelay relay, CancellationToken cancellationToken)
    {
        Task<ChannelEvent?> run = relay.RunAsync(cancellationToken);
        try
        {
            return await run.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await Task.WhenAny(run, Task.Delay(s_farewell / 2, _timeProvider, CancellationToken.None)).ConfigureAwait(false);
            throw new OperationCanceledException(cancellationToken);
        }
    }

    /// <summary>The service tells no more than that the session is over; whether the node still is there can be asked.</summary>
    private async Task<string> ExplainExpiryAsync(CancellationToken cancellationToken)
    {
        string because = await _api.IsNodeConnectedAsync(cancellationToken).ConfigureAwait(false) switch
        {
            false => $"{_options.Target} is not connected to Systems Manager any more",
            _ => "it was idle or open for too long, or somebody terminated it",
        };
        return $"The connection was lost, and the session had ended before it could be resumed: {because}.";
    }

    private async Task TerminateAsync()
    {
        using CancellationTokenSource timeout = new(s_terminateTimeout, _timeProvider);
        try
        {
            await _api.TerminateAsync(SessionId, timeout.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is EngineException or OperationCanceledException or ObjectDisposedException)
        {
            // Best effort: the service ends an abandoned session by its idle time-out.
        }
    }
}
