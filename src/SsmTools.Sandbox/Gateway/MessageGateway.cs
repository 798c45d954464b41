using System.Net.WebSockets;
using SsmTools.Engine.Protocol;
using SsmTools.Sandbox.Commands;
using SsmTools.Sandbox.Faults;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.Ssm;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Gateway;

/// <summary>Knows every control channel and every session, and brings clients and agents together.</summary>
internal sealed class MessageGateway : ISessionBroker, IDisposable
{
    private static readonly TimeSpan s_heartbeat = TimeSpan.FromMinutes(1);

    /// <summary>How long a session that ended before its client came waits for it: as long as the client's token is good.</summary>
    private static readonly TimeSpan s_lastWord = TimeSpan.FromMinutes(1);

    private readonly SandboxWorld _world;
    private readonly ChannelTokens _tokens;
    private readonly SandboxFaults _faults;
    private readonly GatewayMessages _messages;
    private readonly object _gate = new();
    private readonly Dictionary<string, ControlChannel> _controls = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SessionRelay> _sessions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (SessionRelay Session, ITimer Patience)> _unheard = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]> _undispatched = new(StringComparer.Ordinal);
    private readonly ITimer _heartbeat;
    private readonly CommandDispatcher _commands;

    public MessageGateway(SandboxWorld world, ChannelTokens tokens, SandboxFaults faults)
    {
        _world = world;
        _tokens = tokens;
        _faults = faults;
        _messages = new GatewayMessages(world.Clock);
        _commands = new CommandDispatcher(world, TrySend);

        // Agents report every few minutes that they are alive; here an open control channel says so.
        _heartbeat = world.Clock.CreateTimer(_ => Beat(), null, s_heartbeat, s_heartbeat);
    }

    /// <summary>Where clients reach the gateway: <c>ws://127.0.0.1:port</c>. Set once the port is known.</summary>
    public string WebSocketAddress { get; set; } = "";

    /// <summary>Where they do by TLS: <c>wss://127.0.0.1:port</c>. Set once the port is known, if there is one.</summary>
    public string SecureWebSocketAddress { get; set; } = "";

    /// <summary>Run Command, whose messages go over the same channels.</summary>
    public ICommandDispatcher Commands => _commands;

    /// <inheritdoc/>
    public bool IsConnected(string target) => FindControl(target) is not null && _world.FindNode(target) is { Gone: false };

    /// <inheritdoc/>
    public SessionTicket Start(SessionStart start, bool isSecure)
    {
        string id = start.Session.SessionId;
        string target = start.Session.Target;
        ControlChannel control = FindControl(target) ?? throw SsmErrors.NotConnected(target);
        byte[] task = _messages.StartSession(start);
        bool waits = start.SessionType is not (SessionType.StandardStream or SessionType.InteractiveCommands);
        lock (_gate)
        {
            _sessions.Add(id, new SessionRelay(_world, _messages, start, _faults, Forget));
            if (waits)
            {
                // These begin with a handshake, which the agent gives 15 seconds, client or not.
                _undispatched.Add(id, task);
            }
        }

        if (!waits)
        {
            control.Send(task);
        }

        return CreateTicket(id, isSecure);
    }

    /// <inheritdoc/>
    public SessionTicket? Resume(string sessionId, bool isSecure)
    {
        if (FindSession(sessionId) is not SessionRelay session)
        {
            return null;
        }

        return _faults.RefuseResume(sessionId, session.Target) switch
        {
            { Fault.DoesNotExist: true } => throw SsmErrors.NoSession(sessionId),
            not null => null,
            _ => CreateTicket(sessionId, isSecure),
        };
    }

    /// <inheritdoc/>
    public bool Terminate(string sessionId, string callerArn)
    {
        SessionRelay? session = FindSession(sessionId);
        if (session is null)
        {
            return false;
        }

        FindControl(session.Target)?.Send(_messages.ChannelClosed(sessionId, session.Target, ""));
        // In the manner of the service; its words are not known.
        session.End($"The session was terminated by {callerArn}.");
        return true;
    }

    /// <inheritdoc/>
    public void Disconnect(string target)
    {
        FindControl(target)?.Drop();
        EndSessionsOn(target, $"{target} is no longer a managed node.");
    }

    /// <summary>The living session of that id.</summary>
    public SessionRelay? FindSession(string sessionId)
    {
        lock (_gate)
        {
            return _sessions.GetValueOrDefault(sessionId);
        }
    }

    /// <summary>The session for a client that comes: a living one, or one that is over and has its last word still to say.</summary>
    public SessionRelay? FindForClient(string sessionId)
    {
        lock (_gate)
        {
            return _sessions.GetValueOrDefault(sessionId) ?? _unheard.GetValueOrDefault(sessionId).Session;
        }
    }

    /// <summary>Whether a fault has a client's token be an expired one.</summary>
    public bool RefusesToken(SessionRelay session) => _faults.RefuseToken(session.Id, session.Target);

    /// <summary>Ends every session on a node whose machine is gone.</summary>
    public void EndSessionsOn(string target) => EndSessionsOn(target, $"The instance {target} is no longer running.");

    private void EndSessionsOn(string target, string output)
    {
        SessionRelay[] sessions;
        lock (_gate)
        {
            sessions = [.. _sessions.Values.Where(session => session.Target == target)];
        }

        Array.ForEach(sessions, session => session.End(output));
    }

    /// <summary>Serves a client's socket, telling the agent now if it was not told yet.</summary>
    public async Task RunClientAsync(SessionRelay session, WebSocket socket, SocketReader reader, CancellationToken cancellationToken)
    {
        byte[]? task;
        lock (_gate)
        {
            _undispatched.Remove(session.Id, out task);
        }

        if (task is not null)
        {
            FindControl(session.Target)?.Send(task);
        }

        await session.RunClientAsync(socket, reader, cancellationToken).ConfigureAwait(false);
        if (FindSession(session.Id) is null)
        {
            Heard(session);
        }
    }

    /// <summary>Serves an agent's control channel: the node is online while it lasts.</summary>
    public async Task RunControlAsync(
        string target, OpenControlChannelInput input, WebSocket socket, SocketReader reader, CancellationToken cancellationToken)
    {
        ControlChannel control = new(target);
        ControlChannel? earlier;
        lock (_gate)
        {
            earlier = _controls.GetValueOrDefault(target);
            _controls[target] = control;
        }

        earlier?.Drop();
        _world.Report(target, new NodeReport { AgentVersion = input.AgentVersion });
        _commands.OnConnected(target);
        _world.Associations.OnConnected(target);
        await control.RunAsync(
            socket, reader, message => Receive(control, message, cancellationToken), _world.Clock.Inner, cancellationToken)
            .ConfigureAwait(false);

        bool isLast;
        lock (_gate)
        {
            isLast = _controls.GetValueOrDefault(target) == control && _controls.Remove(target);
        }

        if (isLast && reader.WasClosed && _world.FindNode(target) is NodeRecord node)
        {
            // It said good-bye. Where it just went away nobody can tell that it will not be back.
            lock (_world.Gate)
            {
                node.Gone = true;
            }
        }
    }

    /// <summary>Stops every clock; the sockets go with the server.</summary>
    public void Dispose()
    {
        _heartbeat.Dispose();
        _commands.Dispose();
        lock (_gate)
        {
            foreach (SessionRelay session in _sessions.Values)
            {
                session.Dispose();
            }

            foreach ((_, ITimer patience) in _unheard.Values)
            {
                patience.Dispose();
            }
        }
    }

    private void Receive(ControlChannel control, in AgentMessage message, CancellationToken cancellationToken)
    {
        switch (message.MessageType)
        {
            case MessageType.AgentTaskComplete when ProtocolJson.TryRead(
                message.Payload.Span, ProtocolJson.Wire.AgentTaskCompletePayload, out AgentTaskCompletePayload? complete):
                control.Send(_messages.TaskAcknowledge(message.MessageId, complete.TaskId));

                // An agent speaks for its own sessions only.
                if (complete.TaskId is string id && FindSession(id) is SessionRelay session && session.Target == control.Target)
                {
                    _ = session.CompleteAsync(complete.Output ?? "", cancellationToken);
                }

                break;
            case MessageType.AgentJobAck when CommandMessages.ReadReceipt(message.Payload) is { } receipt:
                _commands.OnReceipt(control.Target, receipt.JobId, receipt.Status);
                break;
            case MessageType.AgentJobReply when CommandMessages.ReadReply(message.Payload) is { } reply:
                _commands.OnReply(control.Target, reply.JobId, reply.Status, reply.Steps);
                control.Send(CommandMessages.ReplyReceipt(reply.JobId, message.MessageId, _world.Now));
                break;
            default:
                break;
        }
    }

    private bool TrySend(string target, byte[] frame)
    {
        ControlChannel? control = FindControl(target);
        control?.Send(frame);
        return control is not null;
    }

    private SessionTicket CreateTicket(string sessionId, bool isSecure) => new(
        $"{(isSecure ? SecureWebSocketAddress : WebSocketAddress)}/v1/data-channel/{Uri.EscapeDataString(sessionId)}?role=publish_subscribe",
        _tokens.Issue(new ChannelKey(ChannelKind.Client, sessionId)));

    private ControlChannel? FindControl(string target)
    {
        lock (_gate)
        {
            return _controls.GetValueOrDefault(target);
        }
    }

    private void Forget(SessionRelay session)
    {
        _tokens.Revoke(new ChannelKey(ChannelKind.Agent, session.Id));
        lock (_gate)
        {
            _sessions.Remove(session.Id);
            _undispatched.Remove(session.Id);
            if (!session.HadClient)
            {
                // Whoever comes now, as with a session that fails at once, is to hear why there is none.
                _unheard[session.Id] = (
                    session, _world.Clock.CreateTimer(_ => Heard(session), null, s_lastWord, Timeout.InfiniteTimeSpan));
                return;
            }
        }

        Heard(session);
    }

    /// <summary>The client knows that the session is over, or will not come any more.</summary>
    private void Heard(SessionRelay session)
    {
        _tokens.Revoke(new ChannelKey(ChannelKind.Client, session.Id));
        lock (_gate)
        {
            if (_unheard.Remove(session.Id, out (SessionRelay Session, ITimer Patience) unheard))
            {
                unheard.Patience.Dispose();
            }
        }
    }

    private void Beat()
    {
        string[] targets;
        lock (_gate)
        {
            targets = [.. _controls.Keys];
        }

        foreach (string target in targets)
        {
            if (_world.FindNode(target) is NodeRecord node)
            {
                lock (_world.Gate)
                {
                    node.LastPing = _world.Now;
                }
            }
        }

        Array.ForEach(Orphans(), session => session.End($"The agent of {session.Target} is gone."));
    }

    /// <summary>Sessions on nodes that count as lost by now, without an agent on their own channel either.</summary>
    private SessionRelay[] Orphans()
    {
        SessionRelay[] sessions;
        lock (_gate)
        {
            sessions = [.. _sessions.Values.Where(session => !_controls.ContainsKey(session.Target))];
        }

        return [.. sessions.Where(session => !session.HasAgent && IsLost(session.Target))];
    }

    private bool IsLost(string target)
    {
        NodeRecord? node = _world.FindNode(target);
        lock (_world.Gate)
        {
            return node?.PingStatus(_world.Now) != "Online";
        }
    }
}
