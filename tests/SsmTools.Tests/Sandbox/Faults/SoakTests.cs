using System.Collections.Concurrent;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.Faults;

/// <summary>A little of what the benchmark of that name does for long.</summary>
public sealed class SoakTests
{
    [Fact]
    public async Task Eight_sessions_move_four_megabytes_over_a_bad_network_without_a_wrong_byte()
    {
        const long Length = 256 * 1024;
        ConcurrentDictionary<ulong, StreamProgram> programs = new();
        string[] faults = ["drop=1%", "duplicate=1%", "reorder=1%", "close@2s", "close@100000:x8"];
        await using TestSandbox sandbox = await TestSandbox.StartAsync(options => options with
        {
            Faults = faults,
            FaultSeed = 1,
            Program = _ => new StreamProgram(programs, 4096),
        });
        InstanceRecord instance = await sandbox.LaunchOnlineAsync();
        Soak soak = new(programs);

        await soak.RunAsync(sandbox.Aws, instance.Id, 8, Length, 4096, TestTimeout.Seconds(120));

        Assert.Equal((0L, 0), (soak.WrongBytes, soak.UnequalStreams));
        Assert.Equal(8 * 2 * Length, soak.Bytes);
        Assert.True(soak.Resumes >= 8, $"{soak.Resumes}");
        Assert.All(["drop", "duplicate", "reorder", "close"], name => Assert.True(Soak.Hits(sandbox.Host.Faults, name) > 0, name));
    }
}
