using SsmTools.Engine.Aws;
using SsmTools.Engine.Protocol;
using SsmTools.Engine.Terminal;

namespace SsmTools.Engine.Sessions;

/// <summary>A shell on a node, from its start to its end.</summary>
public sealed class ShellSession : IAsyncDisposable
{
    /// <summary>
    /// How long the end is held up by telling the service of it where somebody leaves, the terminal being back already:
    /// the session had better be gone.
    /// </summary>
    private static readonly TimeSpan s_leave = TimeSpan.FromSeconds(2);

    private readonly ISessionApi _api;
    private readonly ITransportConnector _connector;
    private readonly SessionGrant _grant;
    private readonly ShellSessionOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly DateTimeOffset _startedAt;
    private readonly SessionAftermath _aftermath;
    private TimeSpan _farewell = SessionAftermath.Farewell;

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
        _aftermath = new SessionAftermath(api, grant.SessionId, options.Target, timeProvider);
    }

    /// <summary>The session's id, as the service gave it.</summary>
    public string SessionId => _grant.SessionId;

    /// <summary>Starts a session. Its shell waits for <see cref="RunAsync"/>.</summary>
    /// <param name="aws">Whom to ask, and as whom.</param>
    /// <param name="options">What shell, and where.</param>
    /// <param name="timeProvider">The clock; the system's where null.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="EngineException">
    /// The service refused (TargetNotConnected, AccessDenied, …) or was not reached; DocumentNotFound, NotAShellSession
    /// or InvalidDocumentParameter for a document that does not fit.
    /// </exception>
    public static async Task<ShellSession> StartAsync(
        AwsContext aws, ShellSessionOptions options, TimeProvider? timeProvider, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(aws);
        ArgumentNullException.ThrowIfNull(options);
        TimeProvider time = timeProvider ?? TimeProvider.System;
        SessionDocuments documents = new(aws);
        await documents.CheckAsync(options, cancellationToken).ConfigureAwait(false);
        try
        {
            return await StartAsync(
                new SsmSessionApi(aws, options), new WebSocketConnector(time), options, time, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (EngineException e) when (options is { DocumentName: { } name, Parameters.Count: > 0 })
        {
            throw await documents.ExplainAsync(e, name, cancellationToken).ConfigureAwait(false);
        }
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
            ExitCode = relay.ExitCode,
        };

        try
        {
            ChannelEvent? last = await _aftermath.WaitAsync(
                relay.RunAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
            _aftermath.Check(last);
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

            _aftermath.IsOver = true;
            return last switch
            {
                null => End(SessionEndKind.Expired, await _aftermath.ExplainExpiryAsync(cancellationToken).ConfigureAwait(false)),
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
    public ValueTask DisposeAsync() => _aftermath.TerminateAsync(_farewell);
}
