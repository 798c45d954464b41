using System.Globalization;

namespace SsmTools.Benchmarks;

/// <summary>
/// How long Ctrl-C takes: from PowerShell's stop, in a runspace of a warm pwsh, to the end of the pipeline that waits for
/// a node that never registers, or sits in a session in which nothing is typed.
/// </summary>
internal static class StopBenchmark
{
    private const int Runs = 10;

    // Each line on its standard input is a round: a command that is stopped when it has been under way for a while.
    private const string Rounds = """
        while ($null -ne ($line = [Console]::In.ReadLine())) {
            $runspace = [runspacefactory]::CreateRunspace($Host)
            $runspace.Open()
            $shell = [powershell]::Create($runspace)
            $null = $shell.AddScript("Import-Module '$manifest'").Invoke()
            $shell.Commands.Clear()
            $running = $shell.AddScript($line).BeginInvoke()
            $ended = $running.AsyncWaitHandle.WaitOne(1500)
            $clock = [System.Diagnostics.Stopwatch]::StartNew()
            $shell.Stop()
            $time = $clock.Elapsed.TotalMilliseconds.ToString([cultureinfo]::InvariantCulture)
            [Console]::Out.WriteLine($(if ($ended) { "stop=ended;" } else { "stop=$time;" }))
            $shell.Dispose()
            $runspace.Dispose()
        }
        """;

    public static async Task RunAsync(Tools tools, TextWriter output)
    {
        await using SandboxNode node = await SandboxNode.StartAsync();
        Samples waiting = new("Test-SsmRegistration -Wait");
        Samples session = new("Enter-SsmSession");
        using Child shell = Child.Start(
            tools.PowerShell!,
            ["-NoProfile", "-NonInteractive", "-Command", $"$manifest = '{tools.Manifest}'; {Rounds}"],
            node.Environment);
        for (int run = -1; run < Runs; run++)
        {
            TimeSpan waitingTime = await TimeAsync(shell, $"Test-SsmRegistration {node.UnregisteredId} -Wait");
            TimeSpan sessionTime = await TimeAsync(shell, $"Enter-SsmSession {node.InstanceId}");
            if (run >= 0)
            {
                waiting.Add(waitingTime);
                session.Add(sessionTime);
            }
        }

        output.WriteLine("Stop: from Ctrl-C to the end of the command");
        output.WriteLine($"  {waiting}  (mark: 200)");
        output.WriteLine($"  {session}  (mark: 200)");
        output.WriteLine();
    }

    private static async Task<TimeSpan> TimeAsync(Child shell, string command)
    {
        shell.WriteLine(command);
        await shell.WaitForAsync("stop=");
        string time = await shell.ReadUntilAsync(";");
        return time == "ended"
            ? throw new InvalidOperationException($"This ended before it was stopped: {command}")
            : TimeSpan.FromMilliseconds(double.Parse(time, CultureInfo.InvariantCulture));
    }
}
