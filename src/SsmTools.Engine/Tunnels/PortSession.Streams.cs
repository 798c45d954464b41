using System.Text.Json;
using SsmTools.Engine.Protocol;

namespace SsmTools.Engine.Tunnels;

/// <summary>What runs inside the channel.</summary>
internal sealed partial class PortSession
{
    private readonly BasicStream _basic;
    private bool _takesTerminateFlag;

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

        Mode = IsMultiplexed(opening) ? PortMode.Multiplexed : PortMode.Basic;
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

    private BasicStream Connect() => _basic;

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

    private ValueTask ReceiveAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        _basic.ReceiveAsync(data, cancellationToken);

    private void CloseStreams() => _basic.Complete(
        Failure is null || _isEndedByNode ? null : new IOException(Failure.Message, Failure));

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
