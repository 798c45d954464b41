using SsmTools.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace SsmTools.Tests.Pester;

/// <summary>Runs what users see: each Pester file in a PowerShell of its own, where there is one.</summary>
public sealed class PesterTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(4);

    /// <summary>Two at a time: they start processes and wait for them, and a few of them look at the clock.</summary>
    private static readonly SemaphoreSlim s_places = new(2);

    /// <summary>The runs of all files, started with the first that is asked for.</summary>
    private static readonly Lazy<Dictionary<string, Task<(int? ExitCode, string Output)>>> s_runs =
        new(() => PesterFiles.All.ToDictionary(file => file, RunAsync));

    private readonly ITestOutputHelper _output;

    public PesterTests(ITestOutputHelper output)
    {
        _output = output;
    }

    public static TheoryData<string> Files => new(PesterFiles.All);

    [PesterTheory]
    [MemberData(nameof(Files))]
    public async Task Pester_file_passes(string file)
    {
        (int? exitCode, string output) = await s_runs.Value[file];
        _output.WriteLine(output);
        Assert.True(exitCode == 0, exitCode is null ? $"Not done after {s_limit}.\n{output}" : output);
    }

    private static async Task<(int? ExitCode, string Output)> RunAsync(string file)
    {
        string folder = Repository.File("out", "test-results", "pester");
        Directory.CreateDirectory(folder);
        string counts = Path.Combine(folder, file + ".txt");

        // Stands when the process dies before it can say better: nothing passed, and one thing failed.
        await File.WriteAllTextAsync(counts, "0 1 0\n");
        await s_places.WaitAsync();
        try
        {
            return await PesterHost.RunAsync(
                [
                    "-File", Path.Combine(PesterFiles.Folder, "run.ps1"),
                    "-Path", Path.Combine(PesterFiles.Folder, file + ".Tests.ps1"),
                    "-ResultPath", counts,
                ],
                s_limit);
        }
        finally
        {
            s_places.Release();
        }
    }
}
