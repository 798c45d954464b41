using System.Buffers;
using System.Net.Sockets;
using SsmTools.Engine.Smux;

namespace SsmTools.Sandbox.Ports;

/// <summary>
/// A stream and a connection, each copied to the other. The end of either is the end of both: as with the real agent there
/// is no half of one.
/// </summary>
internal static class PortBridge
{
    private const int BufferLength = 64 * 1024;

    /// <summary>Copies until it is over; the socket is then to be disposed of. What goes wrong with a connection is the end of it, and nobody's error.</summary>
    public static async Task RunAsync(SmuxStream stream, Socket socket, CancellationToken cancellationToken)
    {
        Task down = DownAsync(stream, socket, cancellationToken);
        await UpAsync(stream, socket, cancellationToken).ConfigureAwait(false);
        await down.ConfigureAwait(false);
    }

    private static async Task UpAsync(SmuxStream stream, Socket socket, CancellationToken cancellationToken)
    {
        try
        {
            while (await stream.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                await MoveAsync(socket, stream, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (IsEnd(e))
        {
            // Its own end, or the session's.
        }
        finally
        {
            PortSockets.Close(socket);
        }
    }

    private static async Task MoveAsync(Socket socket, SmuxStream stream, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            int count = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            for (int sent = 0; sent < count;)
            {
                sent += await socket.SendAsync(buffer.AsMemory(sent, count - sent), cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task DownAsync(SmuxStream stream, Socket socket, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                // No buffer is held while there is nothing to read.
                await socket.ReceiveAsync(Memory<byte>.Empty, cancellationToken).ConfigureAwait(false);
                byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
                try
                {
                    int count = await socket.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
                    if (count == 0)
                    {
                        break;
                    }

                    await stream.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                }
            }
        }
        catch (Exception e) when (IsEnd(e))
        {
            // Its own end, or the session's.
        }
        finally
        {
            await stream.CloseAsync().ConfigureAwait(false);
        }
    }

    private static bool IsEnd(Exception e) =>
        e is SocketException or IOException or ObjectDisposedException or OperationCanceledException;
}
