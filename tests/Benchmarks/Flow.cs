using System.Diagnostics;

namespace SsmTools.Benchmarks;

/// <summary>How fast bytes arrived, and what that cost the process in between.</summary>
/// <param name="Rate">Megabytes a second.</param>
/// <param name="CpuPerGigabyte">Seconds of processor a gigabyte.</param>
internal readonly record struct Flow(double Rate, double CpuPerGigabyte)
{
    /// <summary>Measures while bytes flow.</summary>
    public static async Task<Flow> MeasureAsync(Func<long> count, TunnelClient client, TimeSpan warmUp, TimeSpan time)
    {
        await Task.Delay(warmUp);
        long bytes = count();
        TimeSpan cpu = client.Cpu;
        Stopwatch watch = Stopwatch.StartNew();
        await Task.Delay(time);
        bytes = count() - bytes;
        return new Flow(bytes / watch.Elapsed.TotalSeconds / 1e6, (client.Cpu - cpu).TotalSeconds / Math.Max(bytes, 1) * 1e9);
    }
}
