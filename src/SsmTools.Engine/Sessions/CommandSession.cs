using Amazon.Runtime;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Protocol;

namespace SsmTools.Engine.Sessions;

/// <summary>One command on one node, without a terminal: output and errors apart as they come, and the exit code.</summary>
public sealed class CommandSession
{
    private const string SeparateParameter = "separateOutputStream";
    private const string ErrorTitle = "----------ERROR-------";

    private readonly ITransportConnector _connector;
    private readonly CommandSessionOptions _options;
    private readonly Func<CommandText, CancellationToken, ValueTask>? _onText;
    private readonly TimeProvider _timeProvider;
    private readonly CommandTranscript _output = new();
    private readonly CommandTranscript _error = new();
    private int? _exitCode;

    private CommandSession(
        ITransportConnector connector,
        CommandSessionOptions options,
        Func<CommandText, CancellationToken, ValueTask>? onText,
        TimeProvider timeProvider)
    {
        _connector = connector;
        _options = options;
        _onText = onText;
        _timeProvider = timeProvider;
    }

    /// <summary>Runs a command to its end.</summary>
    /// <param name="aws">Whom to ask, and as whom.</param>
    /// <param name="options">What command, and where.</param>
    /// <param name="onText">Told what the command writes, in its order; what it does not take holds the command up.</param>
    /// <param name="timeProvider">The clock; the system's where null.</param>
    /// <param name="cancellationToken">Ends the command, too.</param>
    /// <exception cref="EngineException">
    /// AgentTooOld, NotACommandSession, what the service refused (TargetNotConnected, DocumentNotFound, AccessDenied, …),
    /// or what became of the connection, as for <see cref="ShellSession"/>.
    /// </exception>
    public static async Task<CommandResult> RunAsync(
        AwsContext aws,
        CommandSessionOptions options,
        Func<CommandText, CancellationToken, ValueTask>? onText,
        TimeProvider? timeProvider,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(aws);
        ArgumentNullException.ThrowIfNull(options);
        TimeProvider time = timeProvider ?? TimeProvider.System;
        try
        {
            return await RunAsync(
                isSeparate => new SsmSessionApi(aws, ToStart(options, isSeparate)),
                new WebSocketConnector(time),
                options,
                onText,
                time,
                cancellationToken).ConfigureAwait(false);
        }
        catch (EngineException e) when (e.InnerException is AmazonServiceException)
        {
            throw await new SessionDocuments(aws).ExplainAsync(e, options.DocumentName, cancellationToken)
                .ConfigureAwait(false);
        }
    }

    /// <summary>Runs a command over whatever service and links there are.</summary>
    /// <param name="createApi">The service, for a session whose streams are to come apart or not.</param>
    /// <param name="connector">Makes the links.</param>
    /// <param name="options">What command, and where.</param>
    /// <param name="onText">As above.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="cancellationToken">Ends the command, too.</param>
    internal static async Task<CommandResult> RunAsync(
        Func<bool, ISessionApi> createApi,
        ITransportConnector connector,
        CommandSessionOptions options,
        Func<CommandText, CancellationToken, ValueTask>? onText,
        TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        RefuseOldAgent(options, options.AgentVersion);
        CommandSession session = new(connector, options, onText, timeProvider);
        ISessionApi api = createApi(true);
        SessionGrant grant;
        try
        {
            grant = await api.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (EngineException e) when (KnowsNoSeparateStreams(e))
        {
            // A document from before there was such a thing, or one of the account's own.
            api = createApi(false);
            grant = await api.StartAsync(cancellationToken).ConfigureAwait(false);
        }

        return await session.RunAsync(api, grant, cancellationToken).ConfigureAwait(false);
    }

    private static ShellSessionOptions ToStart(CommandSessionOptions options, bool isSeparate)
    {
        Dictionary<string, IReadOnlyList<string>> parameters = new()
        {
            ["command"] = [ShellQuoting.Wrap(options.Command, options.IsWindowsNode)],
        };
        if (isSeparate)
        {
            parameters[SeparateParameter] = ["true"];
        }

        return new ShellSessionOptions
        {
            Target = options.Target,
            DocumentName = options.DocumentName,
            Parameters = parameters,
            Reason = options.Reason,
        };
    }

    private static bool KnowsNoSeparateStreams(EngineException e) =>
        e.InnerException is AmazonServiceException { ErrorCode: "InvalidParameters" or "ValidationException" } refusal
        && refusal.Message.Contains(SeparateParameter, StringComparison.Ordinal);

    private static void RefuseOldAgent(CommandSessionOptions options, string? version)
    {
        if (VersionGate.IsBelow(version, VersionGate.SeparateOutputSince))
        {
            string what = VersionGate.IsBelow(version, VersionGate.CommandsSince)
                ? $"run commands without a terminal, which takes {VersionGate.CommandsSince}, or {VersionGate.SeparateOutputSince} to tell output from errors"
                : $"tell output from errors, which takes {VersionGate.SeparateOutputSince}";
            throw new EngineException(
                "AgentTooOld",
                ErrorKind.InvalidOperation,
                $"The agent on {options.Target} is of version {version} and too old to {what}.",
                $"Update the agent (document AWS-UpdateSSMAgent), or run the command in the terminal: Enter-SsmSession {options.Target} -Command ...",
                options.Target);
        }
    }

    private async Task<CommandResult> RunAsync(ISessionApi api, SessionGrant grant, CancellationToken cancellationToken)
    {
        DateTimeOffset startedAt = _timeProvider.GetUtcNow();
        SessionAftermath aftermath = new(api, grant.SessionId, _options.Target, _timeProvider);
        using SessionChannel channel = new(
            api,
            _connector,
            grant,
            new DataChannelOptions { Role = ChannelRole.Client },
            new SessionChannelOptions { ReconnectTimeout = _options.ReconnectTimeout },
            _timeProvider);
        try
        {
            ChannelEvent? last = await aftermath.WaitAsync(
                channel.RunAsync(OnEventAsync, (_, _) => ValueTask.CompletedTask, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
            aftermath.Check(last);
            aftermath.IsOver = true;
            await ShowAsync(_output, default, isLast: true, cancellationToken).ConfigureAwait(false);
            await ShowAsync(_error, default, isLast: true, cancellationToken).ConfigureAwait(false);
            (SessionEndKind kind, string reason) = last switch
            {
                null => (SessionEndKind.Expired, await aftermath.ExplainExpiryAsync(cancellationToken).ConfigureAwait(false)),
                { Text: { } text } when !string.IsNullOrWhiteSpace(text) => (
                    SessionEndKind.Closed, text.Replace(ErrorTitle, "", StringComparison.Ordinal).Trim()),
                _ => (SessionEndKind.Exited, "The command ended."),
            };
            return new CommandResult
            {
                SessionId = grant.SessionId,
                Target = _options.Target,
                Output = _output.ToString(),
                Error = _error.ToString(),
                ExitCode = _exitCode,
                Kind = kind,
                Reason = reason,
                StartedAt = startedAt,
                EndedAt = _timeProvider.GetUtcNow(),
                IsEncrypted = channel.IsEncrypted,
                Reconnects = channel.Reconnects,
            };
        }
        finally
        {
            await aftermath.TerminateAsync(SessionAftermath.Farewell).ConfigureAwait(false);
        }
    }

    private async ValueTask OnEventAsync(ChannelEvent channelEvent, CancellationToken cancellationToken)
    {
        switch (channelEvent.Kind)
        {
            case ChannelEventKind.Opened:
                Check(channelEvent.Opening!);
                break;
            case ChannelEventKind.Payload when channelEvent.PayloadType == PayloadType.Output:
                await ShowAsync(_output, channelEvent.Data, isLast: false, cancellationToken).ConfigureAwait(false);
                break;
            case ChannelEventKind.Payload when channelEvent.PayloadType == PayloadType.StandardError:
                await ShowAsync(_error, channelEvent.Data, isLast: false, cancellationToken).ConfigureAwait(false);
                break;
            case ChannelEventKind.Payload when channelEvent.PayloadType == PayloadType.ExitCode:
                _exitCode = ExitCodePayload.TryRead(channelEvent.Data.Span) ?? _exitCode;
                break;
            default:
                break;
        }
    }

    private void Check(ChannelOpening opening)
    {
        if (opening.SessionType != SessionType.NonInteractiveCommands)
        {
            throw new EngineException(
                "NotACommandSession",
                ErrorKind.InvalidArgument,
                $"The session document {_options.DocumentName} makes a session of type {opening.SessionType} on {_options.Target}, not one for a command without a terminal.",
                $"Name a document of type {SessionType.NonInteractiveCommands}, or none.",
                _options.Target);
        }

        RefuseOldAgent(_options, opening.PeerVersion);
    }

    private async ValueTask ShowAsync(
        CommandTranscript stream, ReadOnlyMemory<byte> bytes, bool isLast, CancellationToken cancellationToken)
    {
        string text = stream.Append(bytes.Span, isLast);
        if (text.Length > 0 && _onText is not null)
        {
            await _onText(new CommandText(text, stream == _error), cancellationToken).ConfigureAwait(false);
        }
    }
}
