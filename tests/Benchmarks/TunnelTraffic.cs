using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace SsmTools.Benchmarks;

/// <summary>What programs do with a tunnel, and what it costs the process that forwards.</summary>
internal static class TunnelTraffic
{
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Long enough for what the runtime compiles at first: of a kilobyte a millisecond it would be a third of all for seconds,
    /// and is nothing of a gigabyte, which takes half an hour.
    /// </summary>
    private static readonly TimeSpan s_longWarmUp = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>Sends for a while.</summary>
    public static async Task<Flow> SendAsync(TunnelClient client, TunnelTarget target, TimeSpan time)
    {
        using Socket socket = await ConnectAsync(client, TunnelTarget.Sink);
        byte[] buffer = new byte[64 * 1024];
        new Random(1).NextBytes(buffer);
        using CancellationTokenSource over = new();
        Task sending = Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                for (int sent = 0; sent < buffer.Length;)
                {
                    sent += await socket.SendAsync(buffer.AsMemory(sent), over.Token);
                }
            }
        });
        Flow flow = await Flow.MeasureAsync(() => target.Taken, client, s_warmUp, time);
        await StopAsync([sending], over, socket);
        return flow;
    }

    /// <summary>Receives for a while, over so many connections at once.</summary>
    public static async Task<Flow> ReceiveAsync(TunnelClient client, int connections, TimeSpan time, bool isReal = false)
    {
        long received = 0;
        using CancellationTokenSource over = new();
        Socket[] sockets = new Socket[connections];
        Task[] receiving = new Task[connections];
        for (int i = 0; i < connections; i++)
        {
            Socket socket = sockets[i] = await ConnectAsync(client, TunnelTarget.Flood);
            receiving[i] = Task.Run(async () =>
            {
                byte[] buffer = new byte[256 * 1024];
                while (await socket.ReceiveAsync(buffer, over.Token) is int count and > 0)
                {
                    Interlocked.Add(ref received, count);
                }
            });
        }

        Flow flow = await Flow.MeasureAsync(() => Interlocked.Read(ref received), client, isReal ? s_longWarmUp : s_warmUp, time);
        await StopAsync(receiving, over, sockets);
        return flow;
    }

    /// <summary>One byte there and back, again and again.</summary>
    public static async Task<double> EchoAsync(TunnelClient client, int rounds)
    {
        using Socket socket = await ConnectAsync(client, TunnelTarget.Echo);
        List<double> times = [];
        for (int i = -rounds / 4; i < rounds; i++)
        {
            Stopwatch watch = Stopwatch.StartNew();
            await EchoAsync(client, socket);
            if (i >= 0)
            {
                times.Add(watch.Elapsed.TotalMilliseconds);
            }
        }

        times.Sort();
        return times[times.Count / 2];
    }

    /// <summary>Connects, hears one byte back, and closes, again and again.</summary>
    /// <returns>How often a second.</returns>
    public static async Task<double> ConnectAsync(TunnelClient client, int rounds)
    {
        Stopwatch watch = new();
        for (int i = -rounds / 4; i < rounds; i++)
        {
            if (i == 0)
            {
                watch.Start();
            }

            using Socket socket = await ConnectAsync(client, TunnelTarget.Echo);
            await EchoAsync(client, socket);
        }

        return rounds / watch.Elapsed.TotalSeconds;
    }

    /// <summary>Opens many connections, all in use.</summary>
    public static async Task<Socket[]> OpenAsync(TunnelClient client, int count)
    {
        Socket[] sockets = new Socket[count];
        for (int i = 0; i < count; i++)
        {
            sockets[i] = await ConnectAsync(client, TunnelTarget.Echo);
            await EchoAsync(client, sockets[i]);
        }

        return sockets;
    }

    private static async Task EchoAsync(TunnelClient client, Socket socket)
    {
        using CancellationTokenSource patience = new(s_patience);
        string who = client.Own is null ? "plugin" : "module";
        byte[] one = [7];
        try
        {
            await socket.SendAsync(one, patience.Token);
            if (await socket.ReceiveAsync(one, patience.Token) != 1)
            {
                throw new InvalidOperationException($"The {who}'s connection was closed.");
            }
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"Nothing came back through the {who}'s tunnel for {s_patience.TotalSeconds:0} s.", e);
        }
    }

    private static async Task<Socket> ConnectAsync(TunnelClient client, byte purpose)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, client.LocalPort));
        await socket.SendAsync(new byte[] { purpose });
        return socket;
    }

    private static async Task StopAsync(Task[] tasks, CancellationTokenSource over, params Socket[] sockets)
    {
        await over.CancelAsync();
        foreach (Socket socket in sockets)
        {
            socket.Dispose();
        }

        await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
