using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Tunnels;

namespace SsmTools.Benchmarks;

/// <summary>Very many connections in one tunnel at once, each moving its own bytes there and back, compared by hash.</summary>
internal static class CrowdBenchmark
{
    /// <summary>Runs it: connections (1000), megabytes each way (1), sessions (1).</summary>
    /// <returns>0 where all were equal.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        int[] numbers = [1000, 1, 1];
        for (int i = 0; i < Math.Min(args.Length, numbers.Length); i++)
        {
            numbers[i] = int.Parse(args[i], CultureInfo.InvariantCulture);
        }

        (int connections, int length, int sessions) = (numbers[0], numbers[1] * 1024 * 1024, numbers[2]);
        await using SandboxNode node = await SandboxNode.StartAsync();
        using TunnelTarget target = new();
        using AwsContext aws = node.CreateContext();
        await using Tunnel tunnel = await Tunnel.OpenAsync(
            aws,
            new TunnelOptions
            {
                Target = node.InstanceId,
                Forward = new Forward { RemotePort = target.Port },
                Sessions = sessions,
            },
            null,
            CancellationToken.None);

        Socket[] sockets = new Socket[connections];
        for (int i = 0; i < connections; i++)
        {
            sockets[i] = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await sockets[i].ConnectAsync(new IPEndPoint(IPAddress.Loopback, tunnel.LocalEndpoint.Port));
            await sockets[i].SendAsync(new byte[] { TunnelTarget.Echo });
        }

        Stopwatch watch = Stopwatch.StartNew();
        Task<bool>[] moving = sockets.Select((socket, seed) => IsEqualAsync(socket, seed, length)).ToArray();
        int most = tunnel.Connections;
        bool[] equal = await Task.WhenAll(moving);
        TimeSpan took = watch.Elapsed;
        foreach (Socket socket in sockets)
        {
            socket.Dispose();
        }

        double megabytes = connections * (double)length / 1024 / 1024;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{equal.Count(one => one)} of {connections} connections equal by hash; {most} at once over {tunnel.SessionIds.Count} session(s), {megabytes:0} MB each way in {took.TotalSeconds:0.0} s ({megabytes / took.TotalSeconds:0} MB/s each way); {tunnel.Reconnects} reconnects, {tunnel.Errors} errors {tunnel.LastError}"));
        return equal.All(one => one) ? 0 : 1;
    }

    private static async Task<bool> IsEqualAsync(Socket socket, int seed, int length)
    {
        await Task.Yield();
        using IncrementalHash sent = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using IncrementalHash received = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Task sending = SendAsync(socket, seed, length, sent);
        byte[] buffer = new byte[16 * 1024];
        for (int left = length; left > 0;)
        {
            int count = await socket.ReceiveAsync(buffer);
            if (count == 0)
            {
                return false;
            }

            received.AppendData(buffer, 0, count);
            left -= count;
        }

        await sending;
        return sent.GetHashAndReset().AsSpan().SequenceEqual(received.GetHashAndReset());
    }

    private static async Task SendAsync(Socket socket, int seed, int length, IncrementalHash hash)
    {
        Random random = new(seed);
        byte[] buffer = new byte[16 * 1024];
        for (int left = length; left > 0; left -= buffer.Length)
        {
            random.NextBytes(buffer);
            hash.AppendData(buffer);
            for (int done = 0; done < buffer.Length;)
            {
                done += await socket.SendAsync(buffer.AsMemory(done));
            }
        }
    }
}
