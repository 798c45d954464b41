using System.ComponentModel;
using System.Diagnostics;

namespace SsmTools.Tests.Pester;

/// <summary>Starts PowerShell, and knows whether it can run Pester here.</summary>
internal static class PesterHost
{
    private const string Question =
        "if ($PSVersionTable.PSVersion -lt [version]'7.4') { \"pwsh is $($PSVersionTable.PSVersion), and 7.4 is needed.\" }"
        + "elseif (-not (Get-Module -ListAvailable Pester | Where-Object Version -ge ([version]'5.0')))"
        + "{ 'Pester 5 is not installed.' } else { 'ready' }";

    private static readonly Lazy<string?> s_whyNot = new(Ask);

    /// <summary>Why Pester cannot run here; null where it can.</summary>
    public static string? WhyNot => s_whyNot.Value;

    /// <summary>Runs pwsh to its end. Its children end with it where it takes too long.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="limit">How long it may take.</param>
    /// <returns>The exit code, null for one that took too long, and all that it wrote.</returns>
    public static async Task<(int? ExitCode, string Output)> RunAsync(IEnumerable<string> arguments, TimeSpan limit)
    {
        ProcessStartInfo start = new("pwsh", ["-NoLogo", "-NoProfile", "-NonInteractive", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["NO_COLOR"] = "1";
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource timer = new(limit);
        try
        {
            await process.WaitForExitAsync(timer.Token);
            return (process.ExitCode, await output.WaitAsync(timer.Token) + await errors.WaitAsync(timer.Token));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return (null, output.IsCompletedSuccessfully ? await output : "");
        }
    }

    private static string? Ask()
    {
        try
        {
            (int? exitCode, string output) = RunAsync(["-Command", Question], TimeSpan.FromSeconds(60)).GetAwaiter().GetResult();
            return exitCode == 0 && output.Trim() == "ready" ? null : output.Trim();
        }
        catch (Win32Exception)
        {
            return "pwsh is not on the PATH.";
        }
    }
}
