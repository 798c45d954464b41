using System.Net.WebSockets;
using SsmTools.Sandbox.Faults;
using SsmTools.Sandbox.Http;

namespace SsmTools.Sandbox.Gateway;

/// <summary>One side of a session: its queue, and the socket it has at the moment.</summary>
internal sealed class RelaySide(TimeProvider timeProvider, SideFaults sideFaults)
{
    /// <summary>How long a side may take to say good-bye after the last message.</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(2);

    /// <summary>How long a message that is left in the queue may take once the session is over.</summary>
    private static readonly TimeSpan s_flush = TimeSpan.FromSeconds(5);

    private readonly object _gate = new();
    private CancellationTokenSource? _current;
    private TaskCompletionSource _disconnected = Completed();

    /// <summary>Messages to this side.</summary>
    public RelayQueue Queue { get; } = new();

    /// <summary>Whether it has a socket now.</summary>
    public bool IsConnected => !Disconnected.IsCompleted;

    /// <summary>Completes when the socket that is open now, if any, is gone.</summary>
    public Task Disconnected
    {
        get
        {
            lock (_gate)
            {
                return _disconnected.Task;
            }
        }
    }

    /// <summary>Serves a socket until it ends. An older one of the same side is dropped.</summary>
    /// <param name="socket">The socket, its first message read.</param>
    /// <param name="reader">What read it.</param>
    /// <param name="receive">Takes the messages.</param>
    /// <param name="connected">Called once it is this side's socket, before anything is read.</param>
    /// <param name="cancellationToken">Drops it.</param>
    /// <returns>Whether the side is without a socket now; false when a newer one took over.</returns>
    public async Task<bool> RunAsync(
        WebSocket socket,
        SocketReader reader,
        Func<byte[], CancellationToken, ValueTask> receive,
        Action connected,
        CancellationToken cancellationToken)
    {
        using LinkedDeadline stop = new(Timeout.InfiniteTimeSpan, timeProvider, cancellationToken);
        TaskCompletionSource disconnected = new(TaskCreationOptions.RunContinuationsAsynchronously);
        CancellationTokenSource? earlier;
        int generation;
        lock (_gate)
        {
            earlier = _current;
            _current = stop;
            _disconnected = disconnected;
            generation = Queue.Attach();
        }

        Cancel(earlier);
        connected();
        Task sending = SendAsync(socket, generation, stop);
        while (await reader.ReadAsync(cancellationToken: stop.Token).ConfigureAwait(false) is byte[] frame)
        {
            await receive(frame, stop.Token).ConfigureAwait(false);
        }

        bool isLast;
        lock (_gate)
        {
            isLast = _current == stop;
            _current = isLast ? null : _current;
        }

        Cancel(stop);
        await sending.ConfigureAwait(false);
        disconnected.TrySetResult();
        return isLast;
    }

    /// <summary>The session is over: one last message, and soon after that no socket, whatever the other end does.</summary>
    public void Finish(byte[] frame)
    {
        Queue.Complete(frame);
        lock (_gate)
        {
            _current?.CancelAfter(s_flush);
        }
    }

    private static TaskCompletionSource Completed()
    {
        TaskCompletionSource completed = new();
        completed.SetResult();
        return completed;
    }

    private static void Cancel(CancellationTokenSource? source)
    {
        try
        {
            source?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself meanwhile.
        }
    }

    /// <summary>All that waits is written in one piece, acknowledgements mostly.</summary>
    private static void Hold(WebSocket socket) => (socket as FreezableSocket)?.Hold();

    private static ValueTask ReleaseAsync(WebSocket socket, CancellationToken cancellationToken) =>
        (socket as FreezableSocket)?.ReleaseAsync(cancellationToken) ?? ValueTask.CompletedTask;

    /// <summary>What a fault does to a link without waiting for its turn: its sender may be stuck.</summary>
    private void CutNow(WebSocket socket, LinkCut cut)
    {
        if (cut.IsHalfOpen)
        {
            (socket as FreezableSocket)?.Freeze();
        }
        else if (cut.CloseCode is null)
        {
            socket.Abort();
        }

        Queue.Wake();
    }

    /// <summary>The rest of it: a close frame, or nothing more at all.</summary>
    private static async Task CutAsync(WebSocket socket, LinkCut cut, CancellationTokenSource stop)
    {
        if (cut is { IsHalfOpen: false, CloseCode: int code })
        {
            string? word = code == (int)WebSocketCloseStatus.NormalClosure ? "Bye" : null;
            await socket.CloseOutputAsync((WebSocketCloseStatus)code, word, stop.Token).ConfigureAwait(false);
            stop.CancelAfter(s_farewell);
        }
    }

    private async Task SendAsync(WebSocket socket, int generation, CancellationTokenSource stop)
    {
        using LinkFaults faults = sideFaults.Attach(cut => CutNow(socket, cut), Queue.Wake);
        try
        {
            Task? changed = null;
            while (!stop.IsCancellationRequested)
            {
                if (faults.Cut is LinkCut cut)
                {
                    await ReleaseAsync(socket, stop.Token).ConfigureAwait(false);
                    await CutAsync(socket, cut, stop).ConfigureAwait(false);
                    return;
                }

                if (Queue.IsCompleted)
                {
                    stop.CancelAfter(s_flush);
                }

                if (faults.TryTake(out byte[] late))
                {
                    Hold(socket);
                    await socket.SendAsync(late.AsMemory(), WebSocketMessageType.Binary, true, stop.Token).ConfigureAwait(false);
                }
                else if (faults.HasRoom && Queue.TryTake(generation, out RelayFrame frame))
                {
                    if (faults.Pass(frame))
                    {
                        Hold(socket);
                        await socket.SendAsync(frame.Bytes.AsMemory(), WebSocketMessageType.Binary, true, stop.Token)
                            .ConfigureAwait(false);
                    }
                }
                else if (Queue.IsFinished && faults.IsEmpty)
                {
                    await ReleaseAsync(socket, stop.Token).ConfigureAwait(false);
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, stop.Token).ConfigureAwait(false);
                    stop.CancelAfter(s_farewell);
                    return;
                }
                else if (changed is null)
                {
                    changed = Queue.Changed; // and looks again: nothing may come in between
                }
                else
                {
                    await ReleaseAsync(socket, stop.Token).ConfigureAwait(false);
                    await changed.WaitAsync(stop.Token).ConfigureAwait(false);
                    changed = null;
                }
            }
        }
        catch (Exception e) when (
            e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The reading side sees it too, and ends the connection.
            Cancel(stop);
        }
    }
}
