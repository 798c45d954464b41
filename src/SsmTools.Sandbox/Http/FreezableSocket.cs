using System.Net.WebSockets;
using SsmTools.Engine.Sessions;

namespace SsmTools.Sandbox.Http;

/// <summary>A WebSocket whose connection can go dead: open as before, but no byte comes in or goes out, pongs included.</summary>
internal sealed class FreezableSocket(WebSocket inner, FreezableStream stream, CoalescingStream connection) : WebSocket
{
    public override WebSocketCloseStatus? CloseStatus => inner.CloseStatus;

    public override string? CloseStatusDescription => inner.CloseStatusDescription;

    public override WebSocketState State => inner.State;

    public override string? SubProtocol => inner.SubProtocol;

    /// <summary>Goes dead, for good.</summary>
    public void Freeze() => stream.Freeze();

    /// <summary>What is sent from now on may wait for <see cref="ReleaseAsync"/>, so that it goes in one piece.</summary>
    public void Hold() => connection.Hold();

    /// <summary>Nothing waits any longer.</summary>
    public ValueTask ReleaseAsync(CancellationToken cancellationToken) => connection.ReleaseAsync(cancellationToken);

    public override void Abort() => inner.Abort();

    public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
        inner.CloseAsync(closeStatus, statusDescription, cancellationToken);

    public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
        inner.CloseOutputAsync(closeStatus, statusDescription, cancellationToken);

    public override void Dispose() => inner.Dispose();

    public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken) =>
        inner.ReceiveAsync(buffer, cancellationToken);

    public override ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        inner.ReceiveAsync(buffer, cancellationToken);

    public override Task SendAsync(
        ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) =>
        inner.SendAsync(buffer, messageType, endOfMessage, cancellationToken);

    public override ValueTask SendAsync(
        ReadOnlyMemory<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) =>
        inner.SendAsync(buffer, messageType, endOfMessage, cancellationToken);
}
