using System.Security.Cryptography;
using SsmTools.Engine.Protocol;
using SsmTools.Engine.Sessions;
using SsmTools.Engine.Terminal;
using SsmTools.Sandbox.Ports;

namespace SsmTools.Sandbox.Agents;

/// <summary>
/// One session on an instance: a program, mostly on a pseudo-terminal, at one end, the data channel at the other. One
/// loop owns both, so nothing in here needs a lock. The second that the real agent waits before the first output is not copied.
/// </summary>
internal sealed partial class AgentSession : IDisposable
{
    /// <summary>How long what a program leaves behind may take to be read, and again to be acknowledged.</summary>
    private static readonly TimeSpan s_drain = TimeSpan.FromSeconds(2);

    /// <summary>Input that may wait for a program that does not read; more is left to the client to send again.</summary>
    private const int MaxInputWaiting = 256 * 1024;

    /// <summary>Messages that are taken in before what they are answered with goes out, though more could be.</summary>
    private const int MaxReceivedAtOnce = 16;

    private const int ReconnectTries = 6;
    private const string Title = "\n----------ERROR-------\n";

    private readonly SessionTask _task;
    private readonly AgentSettings _settings;
    private readonly AgentApi _api;
    private readonly TimeProvider _wire;
    private readonly AgentKms _kms;
    private readonly AgentStorage? _storage;
    private readonly byte[] _output = new byte[PortProgram.MaxOutput];
    private readonly AsyncSignal _signal = new();
    private readonly Action _wake;
    private readonly LazyTimer _timer;
    private DataChannel _channel = null!;
    private SessionPlan _plan = null!;
    private AgentSessionLog? _log;
    private SessionEnding _ending = null!;
    private ISessionProgram? _program;
    private IPortProgram? _port;
    private Task? _watchedRoom;
    private AgentSocket? _socket;
    private Task<byte[]>? _decrypting;
    private Task _typing = Task.CompletedTask;
    private int _inputWaiting;
    private bool _isClosed;
    private bool _hasToldExitCode;
    private string? _failure;
    private string? _lateFailure;

    public AgentSession(SessionTask task, AgentSettings settings, AgentApi api, AgentKms kms, AgentStorage? storage = null)
    {
        _task = task;
        _settings = settings;
        _api = api;
        _kms = kms;
        _storage = storage;
        _wire = settings.Clock.Inner;
        _wake = _signal.Set;
        _timer = new LazyTimer(_wake, _wire);
    }

    private string Id => _task.SessionId!;

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        _channel?.Dispose();
    }

    /// <summary>Runs the session to its end.</summary>
    /// <param name="end">Ends it from outside.</param>
    /// <returns>What to report.</returns>
    public async Task<AgentTaskCompletePayload> RunAsync(CancellationToken end)
    {
        try
        {
            _plan = SessionPlan.Read(_task, _settings);
            if (_plan.Log is not null && _storage is not null)
            {
                AgentSessionLog log = new(_task, _plan.Log, _storage, _settings);
                await log.StartAsync(end).ConfigureAwait(false);
                _log = log; // where the session is refused for its places, nothing goes there
            }

            _ending = new SessionEnding(_wire, s_drain);
            _channel = new DataChannel(Options(_plan), _wire);
            HandleEvents(end); // without a handshake the program starts now
            _socket = await _api.OpenDataChannelAsync(Id, end).ConfigureAwait(false);
            SendState(AgentSessionStatePayload.Connected);
            await PumpAsync(end).ConfigureAwait(false);
        }
        catch (Exception e) when (e is AgentException or IOException)
        {
            _failure ??= $"{Title}{e.Message}";
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Ended from outside: a success as far as the agent is concerned.
        }
        catch (Exception e)
        {
            // A defect, or something that gave up waiting, must not leave a client waiting for a session that nobody serves.
            _failure ??= $"{Title}{e.GetType().Name} in the sandbox's agent.";
        }
        finally
        {
            if (_program is not null)
            {
                await _program.DisposeAsync().ConfigureAwait(false);
            }

            _socket?.Dispose();
            if (_log is not null)
            {
                await _log.DisposeAsync().ConfigureAwait(false);
            }
        }

        return new AgentTaskCompletePayload
        {
            TaskId = Id,
            FinalTaskStatus = _failure is null ? "Success" : "Failed",
            InstanceId = _settings.Target,
            Output = _failure ?? "",
        };
    }

    private DataChannelOptions Options(SessionPlan plan) => new()
    {
        Role = ChannelRole.Agent,
        AgentVersion = _settings.AgentVersion,
        MaxResends = 20,

        // As the real agent has it: what runs on a terminal has a handshake only where it is encrypted.
        Handshake = plan.NeedsHandshake ? new SessionTypeParameters { SessionType = plan.SessionType, Properties = plan.Port?.Properties } : null,
        Encryption = plan.KmsKeyId is not { } key
            ? null
            : new KmsEncryptionParameters
            {
                KmsKeyId = key,
                Challenge = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16)),
            },
    };

    private async Task PumpAsync(CancellationToken end)
    {
        Task<byte[]?>? receiving = null;
        Task<ProgramOutput>? reading = null;
        while (!_isClosed && _failure is null)
        {
            bool isLinked = await FlushAsync(end).ConfigureAwait(false);
            if (_ending.IsOver(_channel.IsDrained))
            {
                if (TellExitCode())
                {
                    continue; // it is to be written, and acknowledged
                }

                await FarewellAsync(end).ConfigureAwait(false);
                return;
            }

            if (!isLinked)
            {
                await ReconnectAsync(end).ConfigureAwait(false);
                receiving = null;
                continue;
            }

            receiving ??= Watch(_socket!.ReadAsync(end).AsTask());
            if (_program is not null && !_ending.HasOutputEnded && _channel.CanSend)
            {
                reading ??= Watch(_program.ReadAsync(_output, end).AsTask());
            }

            // The window may have shrunk since the reading began: what was read then waits until there is room again.
            if (!receiving.IsCompleted && !(reading is { IsCompleted: true } && _channel.CanSend))
            {
                _timer.Set(_ending.Sooner(_channel.TimeUntilDeadline));
                await _signal.WaitAsync(end).ConfigureAwait(false);
            }

            if (reading is { IsCompleted: true } && _channel.CanSend)
            {
                ProgramOutput piece = await reading.ConfigureAwait(false);
                reading = null;
                _ = _channel.TrySend(piece.Type, _output.AsSpan(0, piece.Count));
                _log?.Write(_output.AsSpan(0, piece.Count));
                _ending.OutputRead(piece.Count);
            }

            for (int i = 0; i < MaxReceivedAtOnce && receiving is { IsCompleted: true }; i++)
            {
                byte[]? frame = await receiving.ConfigureAwait(false);
                receiving = null;
                if (frame is null)
                {
                    end.ThrowIfCancellationRequested();
                    _channel.OnDisconnected();
                    _socket!.Dispose();
                    _socket = null;
                }
                else
                {
                    _channel.AcceptsPayloads = HasRoom();
                    _channel.Receive(frame);
                    HandleEvents(end);
                    receiving = Watch(_socket!.ReadAsync(end).AsTask());
                }
            }

            if (_decrypting is { IsCompleted: true } decrypting)
            {
                _decrypting = null;
                byte[] key = await decrypting.ConfigureAwait(false);
                _channel.ProvideKey(key, null);
                CryptographicOperations.ZeroMemory(key);
            }

            if (_program is { Exited.IsCompleted: true })
            {
                _ending.ProgramExited();
            }

            _channel.AcceptsPayloads = HasRoom();
            _channel.OnTimer();
            HandleEvents(end);
        }
    }

    /// <summary>Has the loop look again when something is done.</summary>
    private T Watch<T>(T task)
        where T : Task
    {
        if (task.IsCompleted)
        {
            _signal.Set();
        }
        else
        {
            task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_wake);
        }

        return task;
    }

    /// <summary>Whether what runs here takes more in; the loop looks again when it does.</summary>
    private bool HasRoom()
    {
        if (_port is null)
        {
            return Volatile.Read(ref _inputWaiting) < MaxInputWaiting;
        }

        Task room = _port.Room;
        if (!room.IsCompleted && room != _watchedRoom)
        {
            _watchedRoom = Watch(room);
        }

        return room.IsCompleted;
    }

    private void HandleEvents(CancellationToken end)
    {
        while (_channel.TryReadEvent(out ChannelEvent channelEvent))
        {
            switch (channelEvent.Kind)
            {
                case ChannelEventKind.Opened:
                    Start(channelEvent.Opening!);
                    break;
                case ChannelEventKind.Payload:
                    Handle(channelEvent.PayloadType, channelEvent.Data);
                    break;
                case ChannelEventKind.Closed:
                    _isClosed = true;
                    break;
                case ChannelEventKind.KeyNeeded:
                    _decrypting = Watch(_kms.DecryptAsync(Id, channelEvent.KeyNeed!, end));
                    break;
                case ChannelEventKind.Failed or ChannelEventKind.Broken:
                    _failure = $"{Title}{channelEvent.Text}";
                    break;
                default:
                    break;
            }
        }
    }

    private void Handle(PayloadType type, ReadOnlyMemory<byte> data)
    {
        switch (type)
        {
            case PayloadType.Output:
                TakeInput(data);
                break;
            case PayloadType.Size when
                ProtocolJson.TryRead(data.Span, ProtocolJson.Wire.TerminalSizePayload, out TerminalSizePayload? size) &&
                size is { Columns: > 0, Rows: > 0 }:
                _program?.Resize(new TerminalSize(size.Columns, size.Rows));
                break;
            case PayloadType.Flag when StreamFlagPayload.TryRead(data.Span, out StreamFlag flag):
                _isClosed |= flag == StreamFlag.TerminateSession;
                _port?.Signal(flag);
                break;
            default:
                break;
        }
    }

    /// <summary>Writes what is to be written. False when the channel is gone.</summary>
    private async Task<bool> FlushAsync(CancellationToken end)
    {
        bool isHeld = false;
        while (_socket is not null)
        {
            bool isSent;
            if (_channel.TryDequeueFrame(out ReadOnlyMemory<byte> frame))
            {
                _socket.Hold();
                isHeld = true;
                isSent = await _socket.TrySendAsync(frame, end).ConfigureAwait(false);
            }
            else
            {
                isSent = !isHeld || await _socket.TryReleaseAsync(end).ConfigureAwait(false);
                if (isSent)
                {
                    return true;
                }
            }

            if (!isSent)
            {
                _channel.OnDisconnected();
                _socket.Dispose();
                _socket = null;
            }
        }

        return false;
    }

    /// <summary>Comes back on a new socket: 100 to 199 ms for the first try, twice that for each further one, 5 s at most.</summary>
    private async Task ReconnectAsync(CancellationToken end)
    {
        TimeSpan wait = TimeSpan.FromMilliseconds(100 + (99 * _settings.Random.NextDouble()));
        for (int attempt = 1; ; attempt++)
        {
            await Task.Delay(wait, _wire, end).ConfigureAwait(false);
            try
            {
                _socket = await _api.OpenDataChannelAsync(Id, end).ConfigureAwait(false);
                _channel.OnConnected();
                return;
            }
            catch (AgentException) when (attempt < ReconnectTries)
            {
                wait = TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, TimeSpan.FromSeconds(5).Ticks));
            }
        }
    }

    private async Task FarewellAsync(CancellationToken end)
    {
        _failure = _lateFailure is null ? _program?.Failure : $"{Title}{_lateFailure}";
        if (_socket is not null)
        {
            if (_port is null)
            {
                SendState(AgentSessionStatePayload.Terminating);
            }

            if (await FlushAsync(end).ConfigureAwait(false))
            {
                await _socket.CloseAsync(end).ConfigureAwait(false);
            }
        }
    }

    private void SendState(string state) => _channel.SendControl(
        MessageType.AgentSessionState,
        ProtocolJson.Write(
            new AgentSessionStatePayload { SessionState = state, SessionId = Id }, ProtocolJson.Wire.AgentSessionStatePayload));
}
