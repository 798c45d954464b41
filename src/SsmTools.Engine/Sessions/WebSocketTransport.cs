using System.Net.WebSockets;
using System.Runtime.CompilerServices;

namespace SsmTools.Engine.Sessions;

/// <summary>Messages over a client's WebSocket, which reads them and looks after the connection.</summary>
/// <param name="socket">The WebSocket.</param>
/// <param name="stream">The connection below it, which can hold small messages together, and gets them as frames.</param>
internal sealed class WebSocketTransport(WebSocket socket, CoalescingStream stream) : IMessageTransport
{
    /// <summary>
    /// The longest message taken. Nothing known sends more than 142,000 bytes; a peer that does may not fill the memory.
    /// </summary>
    public const int MaxMessageLength = 1024 * 1024;

    private readonly object _lock = new();
    private readonly FrameWriter _frames = new();
    private byte[] _buffer = new byte[8 * 1024];
    private CancellationToken _ending;
    private CancellationTokenRegistration _abort;

    /// <inheritdoc/>
    public ValueTask SendTextAsync(ReadOnlyMemory<byte> utf8, CancellationToken cancellationToken) =>
        SendAsync(utf8, WebSocketMessageType.Text, cancellationToken);

    /// <inheritdoc/>
    public ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken) =>
        SendAsync(frame, WebSocketMessageType.Binary, cancellationToken);

    /// <inheritdoc/>
    public bool IsQuiet => stream.IsQuiet;

    /// <inheritdoc/>
    public void Sleep(bool isAsleep) => stream.Sleep(isAsleep);

    /// <inheritdoc/>
    public void Hold() => stream.Hold();

    /// <inheritdoc/>
    public ValueTask ReleaseAsync(CancellationToken cancellationToken) =>
        WriteAsync(stream.ReleaseAsync(cancellationToken), cancellationToken);

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken)
    {
        int length = 0;
        EndWith(cancellationToken);
        while (true)
        {
            ValueWebSocketReceiveResult result;
            try
            {
                result = await socket.ReceiveAsync(_buffer.AsMemory(length), CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception e) when (IsLinkFailure(e))
            {
                cancellationToken.ThrowIfCancellationRequested();
                return null;
            }

            if (result.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            length += result.Count;
            if (result.EndOfMessage)
            {
                return _buffer.AsMemory(0, length);
            }

            if (length == _buffer.Length)
            {
                Grow();
            }
        }
    }

    /// <summary>Closes as the references do: the connection goes, without a farewell that the peer could keep waiting for.</summary>
    public ValueTask DisposeAsync()
    {
        _abort.Dispose();
        socket.Abort();
        socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private ValueTask SendAsync(
        ReadOnlyMemory<byte> message, WebSocketMessageType messageType, CancellationToken cancellationToken)
    {
        EndWith(cancellationToken);
        return WriteAsync(
            stream.WriteAsync(_frames.Write(messageType, message.Span), CancellationToken.None), cancellationToken);
    }

    private static ValueTask WriteAsync(ValueTask writing, CancellationToken cancellationToken) =>
        writing.IsCompletedSuccessfully ? writing : FinishWriteAsync(writing, cancellationToken);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask FinishWriteAsync(ValueTask writing, CancellationToken cancellationToken)
    {
        try
        {
            await writing.ConfigureAwait(false);
        }
        catch (Exception e) when (IsLinkFailure(e))
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new IOException("The connection to the message gateway is gone.", e);
        }
    }

    /// <summary>
    /// Has the token end the connection, as a socket does with every token that it gets. To tell it once spares each message
    /// the longer way that the runtime takes where it could be called off.
    /// </summary>
    private void EndWith(CancellationToken cancellationToken)
    {
        if (cancellationToken == _ending)
        {
            return;
        }

        lock (_lock)
        {
            if (cancellationToken != _ending)
            {
                _abort.Dispose();
                _ending = cancellationToken;
                _abort = cancellationToken.UnsafeRegister(static socket => ((WebSocket)socket!).Abort(), socket);
            }
        }
    }

    private void Grow()
    {
        if (_buffer.Length >= MaxMessageLength)
        {
            throw new EngineException(
                "SessionProtocolError",
                ErrorKind.ProtocolError,
                $"The message gateway sent a message of more than {MaxMessageLength} bytes.",
                "Check that the endpoint is that of AWS Systems Manager.");
        }

        Array.Resize(ref _buffer, Math.Min(_buffer.Length * 4, MaxMessageLength));
    }

    /// <summary>A socket that broke, was aborted, or was disposed by the other loop: all mean that the link is gone.</summary>
    private static bool IsLinkFailure(Exception exception) => exception
        is WebSocketException
        or IOException
        or ObjectDisposedException
        or InvalidOperationException
        or OperationCanceledException;
}
