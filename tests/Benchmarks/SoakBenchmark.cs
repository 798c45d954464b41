using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using SsmTools.Engine.Aws;
using SsmTools.Sandbox.Faults;
using SsmTools.Tests.Support;

namespace SsmTools.Benchmarks;

/// <summary>
/// Many sessions at once through a sandbox that loses, doubles, shuffles and closes: all bytes must be equal at both ends,
/// and memory must not grow with them. Client, gateway and agent share this process.
/// </summary>
internal static class SoakBenchmark
{
    private const int Chunk = 8 * 1024;
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_patience = TimeSpan.FromHours(1);

    /// <summary>Runs it.</summary>
    /// <param name="args">Sessions, megabytes in all, seed, then faults in place of the usual ones.</param>
    /// <param name="output">Gets the figures.</param>
    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        int sessions = Number(args, 0, 200);
        int megabytes = Number(args, 1, 1024);
        int seed = Number(args, 2, 1);
        string[] faults = args.Length > 3 ? args[3..] : ["drop=1%", "duplicate=1%", "reorder=1%", "close@10s"];
        long length = megabytes * 1024L * 1024 / sessions / 2;
        ConcurrentDictionary<ulong, StreamProgram> programs = new();
        await using SandboxNode node = await SandboxNode.StartAsync(
            options => options with { Program = _ => new StreamProgram(programs, Chunk) });
        using AwsContext aws = node.CreateContext();
        output.WriteLine(
            $"Soak: {sessions} sessions, {length} bytes each way each, {Chunk} to a message, {string.Join(", ", faults)}, seed {seed}");
        node.Host.Faults.Set(faults, seed);
        Soak soak = new(programs);
        using CancellationTokenSource patience = new(s_patience);
        Process self = Process.GetCurrentProcess();
        TimeSpan cpu = self.TotalProcessorTime;
        Stopwatch watch = Stopwatch.StartNew();
        Task run = soak.RunAsync(aws, node.InstanceId, sessions, length, Chunk, patience.Token);
        while (await Task.WhenAny(run, Task.Delay(s_interval, patience.Token)) != run)
        {
            output.WriteLine(Line(watch, soak, node.Host.Faults));
        }

        await run;
        watch.Stop();
        self.Refresh();
        cpu = self.TotalProcessorTime - cpu;
        SandboxFaults acted = node.Host.Faults;
        output.WriteLine(Line(watch, soak, acted));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"""
              duration {watch.Elapsed.TotalSeconds:0.0} s, cpu {cpu.TotalSeconds:0.0} s, {soak.Bytes} bytes, {soak.Bytes / watch.Elapsed.TotalSeconds / 1e6:0.0} MB/s
              drops {Soak.Hits(acted, "drop")}, dups {Soak.Hits(acted, "duplicate")}, reorders {Soak.Hits(acted, "reorder")}, closes {Soak.Hits(acted, "close")}, resumes {soak.Resumes}
              messages that clients sent again {soak.SentAgain}, that came to clients again {soak.ReceivedAgain}
              wrong bytes {soak.WrongBytes} (mark: 0), streams that differ or are not whole {soak.UnequalStreams} (mark: 0), sessions with another end {soak.OtherEnds.Values.Sum()} {string.Join("; ", soak.OtherEnds.Select(end => $"{end.Value} x {end.Key.Trim()}"))}

            """));
        return soak.WrongBytes + soak.UnequalStreams == 0 ? 0 : 1;
    }

    private static int Number(string[] args, int index, int usual) =>
        args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : usual;

    private static string Line(Stopwatch watch, Soak soak, SandboxFaults faults) => string.Create(
        CultureInfo.InvariantCulture,
        $"  {watch.Elapsed.TotalSeconds,6:0} s  working set {Environment.WorkingSet / 1e6,6:0} MB  managed {GC.GetTotalMemory(false) / 1e6,6:0} MB  arrived {soak.Bytes / 1e6,7:0.0} MB  closes {Soak.Hits(faults, "close")}");
}
