using System.Diagnostics;
using System.Globalization;

namespace SsmTools.Benchmarks;

/// <summary>What moving so many bytes took of this process: time, processor, and memory that the collector had to see.</summary>
internal sealed class Load
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly TimeSpan _cpu = Process.GetCurrentProcess().TotalProcessorTime;
    private readonly long _allocated = GC.GetTotalAllocatedBytes();
    private readonly int _collections = GC.CollectionCount(0);

    /// <summary>One line of figures.</summary>
    /// <param name="name">What was moved.</param>
    /// <param name="bytes">How much.</param>
    /// <param name="messages">In how many messages.</param>
    public string Line(string name, long bytes, long messages)
    {
        double seconds = _watch.Elapsed.TotalSeconds;
        double cpu = (Process.GetCurrentProcess().TotalProcessorTime - _cpu).TotalSeconds;
        long allocated = GC.GetTotalAllocatedBytes() - _allocated;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"  {name,-34} {bytes / seconds / 1e6,7:0.0} MB/s   {messages / seconds / 1e3,6:0.0} k messages/s   cpu {cpu / bytes * 1e9,6:0.00} s/GB   "
                + $"allocated {(double)allocated / messages,6:0} bytes a message   collections {GC.CollectionCount(0) - _collections}");
    }
}
