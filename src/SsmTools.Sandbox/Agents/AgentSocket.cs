using System.Net.WebSockets;
using SsmTools.Engine.Sessions;
using SsmTools.Sandbox.Http;

namespace SsmTools.Sandbox.Agents;

/// <summary>An open channel of the agent's: whole messages in, whole messages out, by any thread.</summary>
internal sealed class AgentSocket : IDisposable
{
    private readonly ClientWebSocket _socket;
    private readonly SocketReader _reader;
    private readonly CoalescingStream? _connection;

    /// <summary>Never disposed of: who waits for a semaphore that is disposed of meanwhile waits for ever.</summary>
    private readonly SemaphoreSlim _sending = new(1, 1);

    public AgentSocket(ClientWebSocket socket, CoalescingStream? connection)
    {
        _socket = socket;
        _connection = connection;
        _reader = new SocketReader(socket);
    }

    /// <summary>The next message; null when the channel is gone.</summary>
    public ValueTask<byte[]?> ReadAsync(CancellationToken cancellationToken) => _reader.ReadAsync(cancellationToken: cancellationToken);

    /// <summary>What is sent from now on may wait for <see cref="TryReleaseAsync"/>, so that it goes in one piece.</summary>
    public void Hold() => _connection?.Hold();

    /// <summary>Nothing waits any longer. False when the channel is gone.</summary>
    public ValueTask<bool> TryReleaseAsync(CancellationToken cancellationToken) => TryAsync(
        static (self, _, token) => self._connection?.ReleaseAsync(token) ?? ValueTask.CompletedTask, default, cancellationToken);

    /// <summary>Sends a message. False when the channel is gone.</summary>
    public ValueTask<bool> TrySendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken) => TryAsync(
        static (self, frame, token) => self._socket.SendAsync(frame, WebSocketMessageType.Binary, true, token), frame, cancellationToken);

    /// <summary>Says good-bye: this node is not coming back to this channel.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (
            e is WebSocketException or IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // Gone already.
        }
    }

    public void Dispose() => _socket.Dispose();

    private async ValueTask<bool> TryAsync(
        Func<AgentSocket, ReadOnlyMemory<byte>, CancellationToken, ValueTask> write,
        ReadOnlyMemory<byte> frame,
        CancellationToken cancellationToken)
    {
        try
        {
            await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                await write(this, frame, cancellationToken).ConfigureAwait(false);
                return true;
            }
            finally
            {
                _sending.Release();
            }
        }
        catch (Exception e) when (
            e is WebSocketException or IOException or ObjectDisposedException or InvalidOperationException ||
            (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // A socket that breaks during a send calls that a cancellation, whoever cancelled.
            return false;
        }
    }
}
