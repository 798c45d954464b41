namespace SsmTools.Sandbox.World;

/// <summary>The instance types that can be had.</summary>
internal static class InstanceTypeCatalog
{
    private static readonly (string Size, int Cpus, int MemoryMiB)[] s_burstable =
    [
        ("nano", 2, 512), ("micro", 2, 1024), ("small", 2, 2048), ("medium", 2, 4096), ("large", 2, 8192),
        ("xlarge", 4, 16384), ("2xlarge", 8, 32768),
    ];

    private static readonly (string Size, int Factor)[] s_sizes = [("large", 1), ("xlarge", 2), ("2xlarge", 4), ("4xlarge", 8)];

    public static IReadOnlyDictionary<string, InstanceTypeRecord> Create()
    {
        SortedDictionary<string, InstanceTypeRecord> types = new(StringComparer.Ordinal);
        foreach ((string family, string architecture) in new[] { ("t2", "x86_64"), ("t3", "x86_64"), ("t3a", "x86_64"), ("t4g", "arm64") })
        {
            foreach ((string size, int cpus, int memory) in s_burstable)
            {
                Add(new InstanceTypeRecord($"{family}.{size}", architecture, cpus, memory, 2));
            }
        }

        foreach ((string family, string architecture, int memoryPerCpu) in new[]
        {
            ("m5", "x86_64", 4096), ("m5a", "x86_64", 4096), ("m6i", "x86_64", 4096), ("m6g", "arm64", 4096),
            ("m7i", "x86_64", 4096), ("m7g", "arm64", 4096), ("c5", "x86_64", 2048), ("c6i", "x86_64", 2048),
            ("c6g", "arm64", 2048), ("c7g", "arm64", 2048), ("r5", "x86_64", 8192), ("r6g", "arm64", 8192),
        })
        {
            foreach ((string size, int factor) in s_sizes)
            {
                Add(new InstanceTypeRecord($"{family}.{size}", architecture, 2 * factor, 2 * factor * memoryPerCpu, 3));
            }
        }

        return types;

        void Add(InstanceTypeRecord type) => types.Add(type.Name, type);
    }
}
