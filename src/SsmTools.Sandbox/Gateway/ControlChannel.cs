using System.Net.WebSockets;
using System.Threading.Channels;
using SsmTools.Engine.Protocol;
using SsmTools.Sandbox.Http;

namespace SsmTools.Sandbox.Gateway;

/// <summary>An agent's control channel while its socket is open.</summary>
internal sealed class ControlChannel
{
    /// <summary>Messages that may wait for an agent; one that does not take them is dropped.</summary>
    private const int MaxWaiting = 1000;

    private readonly Channel<byte[]> _outgoing = Channel.CreateBounded<byte[]>(MaxWaiting);
    private readonly TaskCompletionSource _dropped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ControlChannel(string target)
    {
        Target = target;
    }

    /// <summary>The node's id.</summary>
    public string Target { get; }

    /// <summary>Sends a message, or drops the channel where the agent is too far behind.</summary>
    public void Send(byte[] frame)
    {
        if (!_outgoing.Writer.TryWrite(frame))
        {
            Drop();
        }
    }

    /// <summary>Ends the channel from this side: a newer one took its place.</summary>
    public void Drop() => _dropped.TrySetResult();

    /// <summary>Serves the socket until it ends.</summary>
    /// <param name="socket">The socket, its first message read.</param>
    /// <param name="reader">What read it.</param>
    /// <param name="receive">Takes the agent's messages.</param>
    /// <param name="timeProvider">For deadlines of none.</param>
    /// <param name="cancellationToken">Drops it.</param>
    public async Task RunAsync(
        WebSocket socket, SocketReader reader, Action<AgentMessage> receive, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        using LinkedDeadline stop = new(Timeout.InfiniteTimeSpan, timeProvider, cancellationToken);
        Task sending = SendAsync(socket, stop.Token);
        Task receiving = ReceiveAsync(reader, receive, stop.Token);
        await Task.WhenAny(sending, receiving, _dropped.Task).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(sending, receiving).ConfigureAwait(false);
    }

    private static async Task ReceiveAsync(SocketReader reader, Action<AgentMessage> receive, CancellationToken cancellationToken)
    {
        while (await reader.ReadAsync(cancellationToken: cancellationToken).ConfigureAwait(false) is byte[] frame)
        {
            if (AgentMessageCodec.Decode(frame, out AgentMessage message) == FrameError.None)
            {
                receive(message);
            }
        }
    }

    private async Task SendAsync(WebSocket socket, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (byte[] frame in _outgoing.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                await socket.SendAsync(frame.AsMemory(), WebSocketMessageType.Binary, true, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (
            e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The reading side sees it too.
        }
    }
}
