using System.Net.WebSockets;

namespace SsmTools.Sandbox.Http;

/// <summary>Reads whole messages from a WebSocket.</summary>
internal sealed class SocketReader(WebSocket socket)
{
    /// <summary>The longest message that is taken: the largest known are 142,000 bytes on control channels.</summary>
    private const int MaxLength = 1024 * 1024;

    private byte[] _buffer = new byte[16 * 1024];

    /// <summary>Whether the peer said good-bye instead of just going away.</summary>
    public bool WasClosed { get; private set; }

    /// <summary>The next message; null when there will be none: closed, broken off, or against the rules.</summary>
    /// <param name="maxLength">A tighter limit on its length.</param>
    /// <param name="cancellationToken">Ends the wait, and with it the socket.</param>
    public async ValueTask<byte[]?> ReadAsync(int maxLength = MaxLength, CancellationToken cancellationToken = default)
    {
        int length = 0;
        try
        {
            while (true)
            {
                ValueWebSocketReceiveResult result = await socket
                    .ReceiveAsync(_buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
                if (result.MessageType == WebSocketMessageType.Close)
                {
                    WasClosed = true;
                    return null;
                }

                length += result.Count;
                if (length > maxLength)
                {
                    socket.Abort();
                    return null;
                }

                if (result.EndOfMessage)
                {
                    return _buffer[..length];
                }

                if (length == _buffer.Length)
                {
                    Array.Resize(ref _buffer, _buffer.Length * 2);
                }
            }
        }
        catch (Exception e) when (
            e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            return null;
        }
    }
}
