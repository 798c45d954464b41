using System.Net.WebSockets;
using SsmTools.Sandbox.Http;

namespace SsmTools.Sandbox.Agents;

/// <summary>An open channel of the agent's: whole messages in, whole messages out, by any thread.</summary>
internal sealed class AgentSocket : IDisposable
{
    private readonly ClientWebSocket _socket;
    private readonly SocketReader _reader;
    private readonly SemaphoreSlim _sending = new(1, 1);

    public AgentSocket(ClientWebSocket socket)
    {
        _socket = socket;
        _reader = new SocketReader(socket);
    }

    /// <summary>The next message; null when the channel is gone.</summary>
    public ValueTask<byte[]?> ReadAsync(CancellationToken cancellationToken) => _reader.ReadAsync(cancellationToken: cancellationToken);

    /// <summary>Sends a message. False when the channel is gone.</summary>
    public async ValueTask<bool> TrySendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        try
        {
            await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                await _socket.SendAsync(frame, WebSocketMessageType.Binary, true, cancellationToken).ConfigureAwait(false);
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

    public void Dispose()
    {
        _socket.Dispose();
        _sending.Dispose();
    }
}
