using System.Diagnostics;

namespace SsmTools.Benchmarks;

/// <summary>What Import-Module adds to a bare start of pwsh: whole processes, in turn, so that drift hits both.</summary>
internal static class ImportBenchmark
{
    private const int Runs = 15;

    public static async Task RunAsync(Tools tools, TextWriter output)
    {
        Samples bare = new("pwsh -NoProfile, nothing else");
        Samples import = new("the same with Import-Module SsmTools");
        for (int run = -1; run < Runs; run++)
        {
            TimeSpan without = await TimeAsync(tools, "exit 0");
            TimeSpan with = await TimeAsync(tools, $"Import-Module '{tools.Manifest}'; exit 0");
            if (run >= 0)
            {
                bare.Add(without);
                import.Add(with);
            }
        }

        output.WriteLine("Import");
        output.WriteLine($"  {bare}");
        output.WriteLine($"  {import}");
        output.WriteLine($"  Import-Module adds {import.Median - bare.Median:0} ms (mark: 60)");
        output.WriteLine($"  AWS assemblies loaded by the import: {await CountAwsAssembliesAsync(tools)} (mark: 0)");
        output.WriteLine();
    }

    private static async Task<TimeSpan> TimeAsync(Tools tools, string command)
    {
        Stopwatch watch = Stopwatch.StartNew();
        using Child child = Child.Start(tools.PowerShell!, ["-NoProfile", "-NonInteractive", "-Command", command], Tools.NoEnvironment);
        await child.WaitForExitAsync();
        return watch.Elapsed;
    }

    private static async Task<string> CountAwsAssembliesAsync(Tools tools)
    {
        string command = $"Import-Module '{tools.Manifest}'; " +
            "'n=' + @([AppDomain]::CurrentDomain.GetAssemblies() | Where-Object FullName -like 'AWSSDK*').Count + ';'";
        using Child child = Child.Start(tools.PowerShell!, ["-NoProfile", "-NonInteractive", "-Command", command], Tools.NoEnvironment);
        await child.WaitForAsync("n=");
        return await child.ReadUntilAsync(";");
    }
}
