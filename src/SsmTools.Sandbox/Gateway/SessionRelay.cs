using System.Net.WebSockets;
using SsmTools.Engine.Protocol;
using SsmTools.Sandbox.Faults;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.Ssm;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Gateway;

/// <summary>
/// One session: passes messages from client to agent and back as they are, outlives the sockets of both, and ends when
/// the agent says so, when its time is up, or when somebody ends it.
/// </summary>
internal sealed class SessionRelay : IDisposable
{
    /// <summary>How long a sender waits for a slow receiver. Pings are not answered meanwhile; real agents give 6 s.</summary>
    private static readonly TimeSpan s_backPressure = TimeSpan.FromSeconds(2);

    /// <summary>How long an agent may take to report a session's end after it left the data channel, or the reverse.</summary>
    private static readonly TimeSpan s_aftermath = TimeSpan.FromSeconds(3);

    private readonly SandboxWorld _world;
    private readonly GatewayMessages _messages;
    private readonly SessionRecord _record;
    private readonly SessionTimers _timers;
    private readonly RelaySide _client;
    private readonly RelaySide _agent;
    private readonly Action<SessionRelay> _ended;
    private readonly TimeProvider _wire;
    private readonly object _gate = new();
    private long _lastInput = -1;
    private long _lastOutput = -1;
    private bool _isTerminating;
    private volatile bool _hadClient;
    private bool _isOver;

    /// <summary>Opens a session for both sides to come.</summary>
    /// <param name="world">The account.</param>
    /// <param name="messages">What the gateway writes.</param>
    /// <param name="start">The session.</param>
    /// <param name="faults">What goes wrong with it.</param>
    /// <param name="ended">Called once, when it is over.</param>
    public SessionRelay(
        SandboxWorld world, GatewayMessages messages, SessionStart start, SandboxFaults faults, Action<SessionRelay> ended)
    {
        _world = world;
        _messages = messages;
        _record = start.Session;
        _ended = ended;
        _wire = world.Clock.Inner;
        _client = new RelaySide(_wire, new SideFaults(faults, start.Session, FaultSide.Client, world.Clock));
        _agent = new RelaySide(_wire, new SideFaults(faults, start.Session, FaultSide.Agent, world.Clock));
        _timers = new SessionTimers(world.Clock, start.Document, text => End(text));
    }

    /// <summary>The session's id.</summary>
    public string Id => _record.SessionId;

    /// <summary>The node's id.</summary>
    public string Target => _record.Target;

    /// <summary>Whether a client has come, now or earlier.</summary>
    public bool HadClient => _hadClient;

    /// <summary>Whether the agent's end is open.</summary>
    public bool HasAgent => _agent.IsConnected;

    /// <summary>Serves a client's socket, whose first message was found good.</summary>
    public async Task RunClientAsync(WebSocket socket, SocketReader reader, CancellationToken cancellationToken)
    {
        bool isGone = await _client.RunAsync(socket, reader, FromClientAsync, ClientConnected, cancellationToken).ConfigureAwait(false);
        if (isGone)
        {
            _agent.Queue.Add(_messages.Publication(start: false), null);
            SetStatus("Disconnected");
        }
    }

    /// <summary>Serves the agent's socket, whose first message was found good.</summary>
    public async Task RunAgentAsync(WebSocket socket, SocketReader reader, CancellationToken cancellationToken)
    {
        bool isGone = await _agent.RunAsync(socket, reader, FromAgentAsync, AgentConnected, cancellationToken).ConfigureAwait(false);
        if (isGone && _isTerminating)
        {
            // Its report should follow on the control channel. Where that is lost the client must not wait for ever.
            using LinkedDeadline aftermath = new(s_aftermath, _wire, cancellationToken);
            await Wait(aftermath.Token).ConfigureAwait(false);
            End("");
        }
    }

    /// <summary>The agent's report: over, once what it sent before has arrived.</summary>
    /// <param name="output">Words for the user.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task CompleteAsync(string output, CancellationToken cancellationToken)
    {
        using LinkedDeadline aftermath = new(s_aftermath, _wire, cancellationToken);
        await Task.WhenAny(_agent.Disconnected, Wait(aftermath.Token)).ConfigureAwait(false);
        End(output);
    }

    /// <summary>Ends the session for both sides.</summary>
    /// <param name="output">Words for the user; empty for a normal end.</param>
    public void End(string output)
    {
        lock (_gate)
        {
            if (_isOver)
            {
                return;
            }

            _isOver = true;
        }

        _timers.Dispose();
        lock (_world.Gate)
        {
            _record.Ended ??= _world.Now;
            _record.Status = "Terminated";
        }

        _client.Finish(_messages.ChannelClosed(Id, Target, output));
        _agent.Finish(_messages.ChannelClosed(Id, Target, ""));
        _ended(this);
    }

    /// <summary>Stops the clocks; the sockets go with the server.</summary>
    public void Dispose() => _timers.Dispose();

    private static async Task Wait(CancellationToken cancellationToken)
    {
        TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (cancellationToken.UnsafeRegister(static source => ((TaskCompletionSource)source!).TrySetResult(), cancelled)
            .ConfigureAwait(false))
        {
            await cancelled.Task.ConfigureAwait(false);
        }
    }

    private async ValueTask FromClientAsync(byte[] frame, CancellationToken cancellationToken)
    {
        AgentMessage message = Read(frame);
        switch (message.MessageType)
        {
            case MessageType.InputStreamData:
                CountActivity(message.SequenceNumber, ref _lastInput);
                await PassAsync(_agent, frame, message.SequenceNumber, cancellationToken).ConfigureAwait(false);
                break;
            case MessageType.Acknowledge:
                Acknowledge(_client, _agent, frame, message);
                break;
            default:
                break;
        }
    }

    private async ValueTask FromAgentAsync(byte[] frame, CancellationToken cancellationToken)
    {
        AgentMessage message = Read(frame);
        switch (message.MessageType)
        {
            case MessageType.OutputStreamData:
                CountActivity(message.SequenceNumber, ref _lastOutput);
                await PassAsync(_client, frame, message.SequenceNumber, cancellationToken).ConfigureAwait(false);
                break;
            case MessageType.Acknowledge:
                Acknowledge(_agent, _client, frame, message);
                break;
            case MessageType.AgentSessionState:
                ReadState(message);
                break;
            default:
                break;
        }
    }

    /// <summary>
    /// Reads a message; what is none has no type and goes no further, because the parsers of real plugins and agents
    /// fall over it and stay silent for ever.
    /// </summary>
    private static AgentMessage Read(byte[] frame)
    {
        _ = AgentMessageCodec.Decode(frame, out AgentMessage message);
        return message;
    }

    /// <summary>New data is activity. A message sent again is not: its sender does that without anybody being there.</summary>
    private void CountActivity(long number, ref long last)
    {
        if (number > last)
        {
            last = number;
            _timers.Touch();
        }
    }

    /// <summary>Passes stream data on; a receiver that is behind slows the sender down, for a while.</summary>
    private async ValueTask PassAsync(RelaySide receiver, byte[] frame, long number, CancellationToken cancellationToken)
    {
        if (!receiver.Queue.HasRoom)
        {
            using LinkedDeadline patience = new(s_backPressure, _wire, cancellationToken);
            Task over = Wait(patience.Token);
            while (!receiver.Queue.HasRoom && !over.IsCompleted)
            {
                await Task.WhenAny(receiver.Queue.Changed, over).ConfigureAwait(false);
            }
        }

        receiver.Queue.Add(frame, number);
    }

    private static void Acknowledge(RelaySide from, RelaySide to, byte[] frame, in AgentMessage message)
    {
        if (AcknowledgeCodec.TryReadSequenceNumber(message.Payload.Span, out long number))
        {
            from.Queue.Acknowledge(number);
            to.Queue.Add(frame, null);
        }
    }

    private void ReadState(in AgentMessage message)
    {
        if (ProtocolJson.TryRead(message.Payload.Span, ProtocolJson.Wire.AgentSessionStatePayload, out AgentSessionStatePayload? state) &&
            state.SessionState == AgentSessionStatePayload.Terminating)
        {
            _isTerminating = true;
            SetStatus("Terminating");
        }
    }

    private void ClientConnected()
    {
        _timers.ClientCame();
        _hadClient = true;
        if (_agent.IsConnected)
        {
            _agent.Queue.Add(_messages.Publication(start: true), null);
            SetStatus("Connected");
        }
    }

    private void AgentConnected()
    {
        if (_client.IsConnected)
        {
            SetStatus("Connected");
        }
    }

    private void SetStatus(string status)
    {
        lock (_world.Gate)
        {
            if (_record.Ended is null)
            {
                _record.Status = status;
            }
        }
    }
}
