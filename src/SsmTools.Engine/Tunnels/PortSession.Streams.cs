using System.Text.Json;
using SsmTools.Engine.Protocol;
using SsmTools.Engine.Smux;

namespace SsmTools.Engine.Tunnels;

/// <summary>What runs inside the channel.</summary>
internal sealed partial class PortSession
{
    private readonly BasicStream _basic;
    private bool _takesTerminateFlag;
    private SmuxMultiplexer? _mux;

    private void Open(ChannelOpening opening)
    {
        if (opening.SessionType != SessionType.Port)
        {
            throw new EngineException(
                "NotAPortSession",
                ErrorKind.InvalidArgument,
                $"The session document {_options.DocumentName} makes a session of type {opening.SessionType} on {_options.Target}, not a tunnel.",
                "Look at the account's session documents, or name another one.",
                _options.Target);
        }

        if (IsMultiplexed(opening))
        {
            Mode = PortMode.Multiplexed;
            _mux = new SmuxMultiplexer(
                new SmuxOptions
                {
                    Role = SmuxRole.Client,
                    KeepAlive = !VersionGate.AgentNeedsNoKeepAlive(opening.PeerVersion),
                },
                SendAsync,
                _timeProvider);
            _ = RunMultiplexerAsync(_mux);
        }

        _takesTerminateFlag = VersionGate.AgentTakesTerminateFlag(opening.PeerVersion);
        if (_options.KeepAlive)
        {
            _keepAlive.Change(s_keepAlive, s_keepAlive);
        }

        _opened.TrySetResult();
    }

    private bool IsMultiplexed(ChannelOpening opening) =>
        VersionGate.ClientMultiplexes(_options.ClientVersion)
        && opening.Properties is { ValueKind: JsonValueKind.Object } properties
        && properties.TryGetProperty("type", out JsonElement type)
        && type.ValueKind == JsonValueKind.String
        && type.GetString() == LocalForwarding
        && VersionGate.AgentMultiplexes(opening.PeerVersion);

    private async Task RunMultiplexerAsync(SmuxMultiplexer mux)
    {
        try
        {
            await mux.RunAsync(_over.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (IsEnded)
        {
            // The session ended first.
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            if (!IsEnded)
            {
                Failure ??= Broken(e);
                await DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private IPortStream? Connect()
    {
        try
        {
            return _mux is null ? _basic : new MuxStream(_mux.Open(), TryTakeRefusal, Release);
        }
        catch (IOException)
        {
            Release(); // it has ended in this moment
            return null;
        }
    }

    private bool TryTakeRefusal()
    {
        if (Interlocked.Decrement(ref _refusals) >= 0)
        {
            return true;
        }

        Interlocked.Increment(ref _refusals);
        return false;
    }

    /// <summary>Sends as soon as there is room; where the session ends before, that is an error of the stream.</summary>
    private async ValueTask SendAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        if (_channel.TrySend(PayloadType.Output, payload.Span))
        {
            return;
        }

        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _over.Token);
        try
        {
            await _channel.SendAsync(PayloadType.Output, payload, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"The session with {_options.Target} is over.");
        }
    }

    private void Receive(ReadOnlyMemory<byte> data)
    {
        if (_mux is null)
        {
            _basic.Receive(data);
        }
        else
        {
            _mux.OnPayload(data);
        }
    }

    private TimeSpan TrickleInterval(TimeSpan lasting) => lasting >= s_large && Connections == 1 ? s_longTrickle : s_trickle;

    private Task WaitForRoomAsync(CancellationToken cancellationToken) =>
        _mux?.WaitForRoomAsync(cancellationToken) ?? _basic.WaitForRoomAsync(cancellationToken);

    private async ValueTask CloseStreamsAsync()
    {
        _basic.Complete(Failure is null || _isEndedByNode ? null : new IOException(Failure.Message, Failure));
        if (_mux is not null)
        {
            await _mux.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>
    /// The connection is over, and the session with it: the next one's bytes could not be told from what still comes of
    /// this one. What was written goes before the flag, so that none of it is lost.
    /// </summary>
    private async ValueTask FinishBasicAsync()
    {
        Release();
        _channel.TrySend(
            PayloadType.Flag,
            StreamFlagPayload.Write(_takesTerminateFlag ? StreamFlag.TerminateSession : StreamFlag.DisconnectToPort));
        await Task.WhenAny(_run, Task.Delay(s_farewell, _timeProvider)).ConfigureAwait(false);
        await DisposeAsync().ConfigureAwait(false);
    }

    private void Release()
    {
        if (Interlocked.Decrement(ref _connections) == 0)
        {
            Changed?.Invoke(this);
        }
    }
}
