using System.Diagnostics;
using System.Globalization;
using SsmTools.Tests.Provisioning;

namespace SsmTools.Benchmarks;

/// <summary>Provisioning under seeded schedules of faults: all have to end alike.</summary>
internal static class ConvergeBenchmark
{
    /// <summary>Runs it.</summary>
    /// <param name="args">Schedules, and the first seed.</param>
    /// <param name="output">Gets the figures.</param>
    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        int schedules = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 500;
        int seed = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 0;
        Stopwatch watch = Stopwatch.StartNew();
        try
        {
            ScheduledConvergence figures = await ScheduledConvergence.RunAsync(seed, schedules, CancellationToken.None);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Converge: {figures} in {watch.Elapsed.TotalSeconds:0.0} s"));
            return 0;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            await output.WriteLineAsync($"Converge: {exception}");
            return 1;
        }
    }
}
