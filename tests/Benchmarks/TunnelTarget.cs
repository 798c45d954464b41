using System.Net;
using System.Net.Sockets;

namespace SsmTools.Benchmarks;

/// <summary>Where tunnels lead to: a port whose connections say with their first byte what they are for.</summary>
internal sealed class TunnelTarget : IDisposable
{
    /// <summary>Takes all that comes.</summary>
    public const byte Sink = 1;

    /// <summary>Sends without end.</summary>
    public const byte Flood = 2;

    /// <summary>Sends back what comes.</summary>
    public const byte Echo = 3;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private long _taken;

    public TunnelTarget()
    {
        _listener.Start(1024);
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Bytes that came to sinks.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptSocketAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            socket.NoDelay = true;
            byte[] first = new byte[1];
            try
            {
                if (await socket.ReceiveAsync(first) == 1)
                {
                    await (first[0] == Flood ? FloodAsync(socket) : TakeAsync(socket, isEcho: first[0] == Echo));
                }
            }
            catch (SocketException)
            {
                // Whoever measured has seen enough.
            }
        }
    }

    private async Task TakeAsync(Socket socket, bool isEcho)
    {
        byte[] buffer = new byte[isEcho ? 64 : 256 * 1024];
        int count;
        while ((count = await socket.ReceiveAsync(buffer)) > 0)
        {
            if (isEcho)
            {
                await socket.SendAsync(buffer.AsMemory(0, count));
            }
            else
            {
                Interlocked.Add(ref _taken, count);
            }
        }
    }

    private static async Task FloodAsync(Socket socket)
    {
        byte[] buffer = new byte[256 * 1024];
        new Random(1).NextBytes(buffer);
        while (true)
        {
            await socket.SendAsync(buffer);
        }
    }
}
