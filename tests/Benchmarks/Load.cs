using System.Diagnostics;
using System.Globalization;

namespace SsmTools.Benchmarks;

/// <summary>What moving so many bytes took: time, this process's processor and collector, and the other side's processor.</summary>
/// <param name="other">Tells what the other side has used of the processor, where it is another process.</param>
internal sealed class Load(Func<TimeSpan>? other = null)
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly TimeSpan _cpu = Own();
    private readonly TimeSpan? _otherCpu = other?.Invoke();
    private readonly long _allocated = GC.GetTotalAllocatedBytes();
    private readonly int _collections = GC.CollectionCount(0);

    /// <summary>One line of figures.</summary>
    /// <param name="name">What was moved.</param>
    /// <param name="bytes">How much.</param>
    /// <param name="messages">In how many messages.</param>
    public string Line(string name, long bytes, long messages)
    {
        double seconds = _watch.Elapsed.TotalSeconds;
        double gigabytes = bytes / 1e9;
        double cpu = (Own() - _cpu).TotalSeconds;
        string elsewhere = _otherCpu is not { } before
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $" (other side {(other!() - before).TotalSeconds / gigabytes,6:0.00})");
        long allocated = GC.GetTotalAllocatedBytes() - _allocated;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"  {name,-36} {bytes / seconds / 1e6,6:0.0} MB/s {messages / seconds / 1e3,5:0.0} k messages/s   cpu {cpu / gigabytes,6:0.00} s/GB{elsewhere}   "
                + $"allocated {(double)allocated / messages,6:0} bytes a message, {GC.CollectionCount(0) - _collections} collections");
    }

    private static TimeSpan Own() => Process.GetCurrentProcess().TotalProcessorTime;
}
