using System.Buffers;
using System.Net.Sockets;

namespace SsmTools.Engine.Tunnels;

/// <summary>
/// One local connection and its other half behind the node: copies both ways until either side has ended. Buffers are
/// held while there is something in them only, so that a connection that is silent costs next to nothing.
/// </summary>
internal sealed class TunnelConnection(
    Socket socket, IPortStream stream, TunnelCounters counters, TimeProvider timeProvider)
{
    private const int BufferSize = 32 * 1024;

    /// <summary>
    /// How long the destination may be silent after the local program has ended its sending. What ends a connection in the
    /// agents' protocol ends both directions, so an answer that is still to come would be lost; and whether the program
    /// has gone or only awaits that answer, nobody can tell.
    /// </summary>
    private static readonly TimeSpan s_afterEnd = TimeSpan.FromSeconds(2);

    /// <summary>How long a local program may take to read the last of it and close.</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(1);

    private long _heardAt;

    /// <summary>Why it was given up; null where it was not.</summary>
    public string? Failure { get; private set; }

    /// <summary>Carries the connection to its end; the socket and the stream are closed then.</summary>
    /// <returns>Whether the node could connect.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        _heardAt = timeProvider.GetTimestamp();
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<bool> up = UpAsync(over.Token);
        Task<bool> down = DownAsync(over.Token);
        bool isClean = false;
        bool wasRefused = false;
        try
        {
            Task first = await Task.WhenAny(up, down, stream.GivenUp).ConfigureAwait(false);
            if (first == up && await up.ConfigureAwait(false))
            {
                await AwaitSilenceAsync(down, over.Token).ConfigureAwait(false);
            }

            Failure = stream.GivenUp.IsCompletedSuccessfully ? await stream.GivenUp.ConfigureAwait(false) : null;

            wasRefused = down.IsCompletedSuccessfully && stream.WasRefused;
            isClean = !wasRefused && (down.IsCompletedSuccessfully || up.IsCompletedSuccessfully)
                && (!down.IsCompleted || await down.ConfigureAwait(false))
                && (!up.IsCompleted || await up.ConfigureAwait(false));
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(up, down)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await stream.DisposeAsync().ConfigureAwait(false);
            await CloseAsync(isClean && !cancellationToken.IsCancellationRequested).ConfigureAwait(false);
        }

        return !wasRefused;
    }

    /// <summary>Lets a local program know at once that its connection has failed.</summary>
    public static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (SocketException)
        {
            // It is gone already.
        }

        socket.Dispose();
    }

    /// <summary>Copies what the local program sends.</summary>
    /// <returns>Whether it came to a proper end; false when a side broke.</returns>
    private async Task<bool> UpAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Not a read of no bytes, which would swallow that the program has reset the connection.
            byte[] next = new byte[1];
            while (true)
            {
                if (socket.Available == 0)
                {
                    await socket.ReceiveAsync(next, SocketFlags.Peek, cancellationToken).ConfigureAwait(false);
                }

                byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
                try
                {
                    int count = await socket.ReceiveAsync(buffer.AsMemory(0, BufferSize), SocketFlags.None, cancellationToken)
                        .ConfigureAwait(false);
                    if (count == 0)
                    {
                        return true;
                    }

                    await stream.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                    counters.AddOut(count);
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                }
            }
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Copies what the destination sends.</summary>
    /// <returns>Whether it came to a proper end; false when a side broke.</returns>
    private async Task<bool> DownAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await stream.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
                try
                {
                    int count = await stream.ReadAsync(buffer.AsMemory(0, BufferSize), cancellationToken).ConfigureAwait(false);
                    Volatile.Write(ref _heardAt, timeProvider.GetTimestamp());
                    for (int sent = 0; sent < count;)
                    {
                        sent += await socket.SendAsync(buffer.AsMemory(sent, count - sent), SocketFlags.None, cancellationToken)
                            .ConfigureAwait(false);
                    }

                    counters.AddIn(count);
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                }
            }

            return true;
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task AwaitSilenceAsync(Task down, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _heardAt, timeProvider.GetTimestamp());
        while (!down.IsCompleted)
        {
            TimeSpan left = s_afterEnd - timeProvider.GetElapsedTime(Volatile.Read(ref _heardAt));
            if (left <= TimeSpan.Zero)
            {
                return;
            }

            using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(down, Task.Delay(left, timeProvider, ended.Token)).ConfigureAwait(false);
            await ended.CancelAsync().ConfigureAwait(false);
            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task CloseAsync(bool isClean)
    {
        if (!isClean)
        {
            Reset(socket);
            return;
        }

        try
        {
            // Closed at once with something unread, the system would reset the connection, and what was just sent be lost.
            socket.Shutdown(SocketShutdown.Send);
            using CancellationTokenSource timeout = new(s_farewell, timeProvider);
            byte[] rest = new byte[512];
            while (await socket.ReceiveAsync(rest, SocketFlags.None, timeout.Token).ConfigureAwait(false) > 0)
            {
                // Nobody is there any more to read it.
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Gone, or in no hurry.
        }

        socket.Dispose();
    }
}
