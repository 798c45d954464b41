using System.Diagnostics;
using SsmTools.Engine.Protocol;

namespace SsmTools.Benchmarks;

/// <summary>Two ends of a data channel in one thread, without sockets: what the protocol alone costs, both ends together.</summary>
internal static class ChannelBenchmark
{
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(3);

    public static void Run(TextWriter output)
    {
        output.WriteLine("Channel: client and agent in memory");
        foreach (int length in (int[])[32 * 1024, 8 * 1024, 1024])
        {
            Measure(output, ChannelRole.Client, length);
            Measure(output, ChannelRole.Agent, length);
        }

        output.WriteLine();
    }

    private static void Measure(TextWriter output, ChannelRole sender, int length)
    {
        using DataChannel client = new(new DataChannelOptions { Role = ChannelRole.Client }, TimeProvider.System);
        using DataChannel agent = new(new DataChannelOptions { Role = ChannelRole.Agent }, TimeProvider.System);
        _ = agent.TrySend(PayloadType.Output, new byte[1]);
        (DataChannel from, DataChannel to) = sender == ChannelRole.Client ? (client, agent) : (agent, client);
        byte[] payload = new byte[length];
        new Random(1).NextBytes(payload);
        _ = Move(agent, client);
        _ = Move(client, agent);
        _ = Exchange(from, to, payload, TimeSpan.FromMilliseconds(500));

        Load load = new();
        long bytes = Exchange(from, to, payload, s_time);
        output.WriteLine(load.Line($"{sender} sends {length} bytes", bytes, bytes / length));
    }

    private static long Exchange(DataChannel from, DataChannel to, byte[] payload, TimeSpan time)
    {
        Stopwatch watch = Stopwatch.StartNew();
        long bytes = 0;
        while (watch.Elapsed < time)
        {
            for (int i = 0; i < 16 && from.TrySend(PayloadType.Output, payload); i++)
            {
            }

            bytes += Move(from, to);
            _ = Move(to, from);
        }

        return bytes;
    }

    private static long Move(DataChannel from, DataChannel to)
    {
        long bytes = 0;
        while (from.TryDequeueFrame(out ReadOnlyMemory<byte> frame))
        {
            to.Receive(frame);
            while (to.TryReadEvent(out ChannelEvent channelEvent))
            {
                bytes += channelEvent.Data.Length;
            }
        }

        return bytes;
    }
}
