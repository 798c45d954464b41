using System.Diagnostics;
using System.Globalization;
using SsmTools.Tests.Support;

namespace SsmTools.Benchmarks;

/// <summary>
/// Frames of a hostile peer: first against codec and state machine, then, a hundredth of them and less, through real sockets
/// against gateway, client and agent. An exception is a finding; memory must not grow with the number of frames.
/// </summary>
internal static class FuzzBenchmark
{
    private const int Round = 100_000;

    /// <summary>Runs it.</summary>
    /// <param name="args">Frames, and a seed.</param>
    /// <param name="output">Gets the figures.</param>
    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        int frames = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
        int seed = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1;
        int unhandled = 0;
        TaskScheduler.UnobservedTaskException += (_, e) =>
        {
            Interlocked.Increment(ref unhandled);
            output.WriteLine($"  a task failed unseen: {e.Exception.InnerException}");
        };

        output.WriteLine($"Fuzz: {frames} frames, seed {seed}");
        RunChannels(frames, seed, output);
        await FuzzSockets.RunAsync(frames / 100, seed, output);
        _ = Memory(); // so that what nobody looked at is finalised, and told
        output.WriteLine($"  tasks that failed unseen: {unhandled} (mark: 0)");
        output.WriteLine();
        return unhandled == 0 ? 0 : 1;
    }

    /// <summary>Managed memory in use, in bytes, after a full collection.</summary>
    public static long Memory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static void RunChannels(int frames, int seed, TextWriter output)
    {
        ChannelFuzzer fuzzer = new(seed);
        fuzzer.Run(Math.Min(frames, Round));
        long before = Memory();
        long most = 0;
        Stopwatch watch = Stopwatch.StartNew();
        for (int done = Math.Min(frames, Round); done < frames; done += Round)
        {
            fuzzer.Run(Math.Min(Round, frames - done));
            watch.Stop();
            most = Math.Max(most, Memory());
            watch.Start();
        }

        watch.Stop();
        double rate = Math.Max(0, frames - Round) / Math.Max(watch.Elapsed.TotalSeconds, 0.001);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  codec and channels: {rate:0} frames/s; {fuzzer.Believed} believed, {fuzzer.Delivered} payloads delivered, {fuzzer.Decrypted} of them decrypted, "
                + $"{fuzzer.Ended} channels ended; memory {Megabytes(before)} after the first {Round}, {Megabytes(most)} at most later"));
    }

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MB");
}
