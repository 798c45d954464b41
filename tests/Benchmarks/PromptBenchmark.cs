using System.Diagnostics;

namespace SsmTools.Benchmarks;

/// <summary>
/// The time from the command to the shell's prompt, against a node in the sandbox, whose agent (unlike the real one)
/// does not wait a second before its first output: what is measured is the client's share and a few milliseconds.
/// Where the AWS CLI and session-manager-plugin are on PATH, they are measured in turn, in the same run.
/// </summary>
internal static class PromptBenchmark
{
    private const int Runs = 10;

    // The sandbox's shell answers this when it is asked; the sum tells the answer from the echo of the question.
    private const string Question = "echo prompt-$((40+2))";
    private const string Answer = "prompt-42";

    public static async Task RunAsync(Tools tools, TextWriter output)
    {
        await using SandboxNode node = await SandboxNode.StartAsync();
        Samples warm = new("Enter-SsmSession, warm pwsh");
        Samples cold = new("pwsh -Command Enter-SsmSession, cold");
        Samples cli = new("aws ssm start-session");
        bool hasCli = tools.AwsCli is not null && tools.Plugin is not null;

        using Child shell = StartWarm(tools, node);
        for (int run = -1; run < Runs; run++)
        {
            TimeSpan warmTime = await TimeWarmAsync(shell, node);
            TimeSpan coldTime = await TimeColdAsync(tools.PowerShell!, ColdArguments(tools, node), node);
            TimeSpan cliTime = hasCli ? await TimeColdAsync(tools.AwsCli!, CliArguments(node), node) : default;
            if (run >= 0)
            {
                warm.Add(warmTime);
                cold.Add(coldTime);
                cli.Add(cliTime);
            }
        }

        output.WriteLine("Prompt: from the command to the answer of the first line typed");
        output.WriteLine($"  {warm}  (mark: 100)");
        output.WriteLine($"  {cold}");
        if (hasCli)
        {
            output.WriteLine($"  {cli}");
            output.WriteLine($"  warm / CLI {warm.Median / cli.Median:0.00}   cold / CLI {cold.Median / cli.Median:0.00} (mark: 1.00)");
        }
        else
        {
            output.WriteLine("  aws or session-manager-plugin is not on PATH: nothing to compare with.");
        }

        output.WriteLine();
    }

    private static Child StartWarm(Tools tools, SandboxNode node)
    {
        // Each line on its standard input is a round: the mark goes out, then the session takes the input over.
        string script = $"Import-Module '{tools.Manifest}'; " +
            "while ($null -ne [Console]::In.ReadLine()) { [Console]::Out.WriteLine('go!'); " +
            $"[Console]::Out.Flush(); Enter-SsmSession {node.InstanceId}; [Console]::Out.WriteLine('done!') }}";
        return Child.Start(
            tools.PowerShell!, ["-NoProfile", "-NonInteractive", "-Command", script], node.Environment);
    }

    private static async Task<TimeSpan> TimeWarmAsync(Child shell, SandboxNode node)
    {
        shell.WriteLine("next");
        await shell.WaitForAsync("go!");
        Stopwatch watch = Stopwatch.StartNew();
        shell.WriteLine(Question);
        await shell.WaitForAsync(Answer);
        TimeSpan time = watch.Elapsed;
        shell.WriteLine("exit");
        await shell.WaitForAsync("done!");
        return time;
    }

    private static async Task<TimeSpan> TimeColdAsync(string program, string[] arguments, SandboxNode node)
    {
        Stopwatch watch = Stopwatch.StartNew();
        using Child child = Child.Start(program, arguments, node.Environment);
        child.WriteLine(Question);
        await child.WaitForAsync(Answer);
        TimeSpan time = watch.Elapsed;
        child.WriteLine("exit");
        await child.WaitForExitAsync();
        return time;
    }

    private static string[] ColdArguments(Tools tools, SandboxNode node) =>
    [
        "-NoProfile", "-NonInteractive", "-Command",
        $"Import-Module '{tools.Manifest}'; Enter-SsmSession {node.InstanceId}",
    ];

    private static string[] CliArguments(SandboxNode node) => ["ssm", "start-session", "--target", node.InstanceId];
}
