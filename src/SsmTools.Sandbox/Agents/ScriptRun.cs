using System.Text;
using SsmTools.Sandbox.Pty;

namespace SsmTools.Sandbox.Agents;

/// <summary>One script of a command: run by the machine's shell, or by PowerShell, without a terminal.</summary>
internal static class ScriptRun
{
    /// <summary>As the real agent has them.</summary>
    private const int MaxOutput = 24_000;

    private const int MaxError = 8_000;

    /// <summary>More than this the sandbox's own services do not take at once.</summary>
    private const int MaxWhole = 4 * 1024 * 1024;

    private const string Cut = "\n---Output truncated---";

    /// <summary>How long what a script left running may hold its output open.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(200);

    /// <summary>The same where all of it is wanted.</summary>
    private static readonly TimeSpan s_longPatience = TimeSpan.FromSeconds(2);

    /// <summary>Runs a script.</summary>
    /// <param name="settings">The machine.</param>
    /// <param name="script">Its text.</param>
    /// <param name="isPowerShell">Whether PowerShell is to run it.</param>
    /// <param name="directory">Where; the machine's own directory where null.</param>
    /// <param name="timeout">After what time it is ended.</param>
    /// <param name="keepsAll">Whether all of its output is wanted, and not only what the service takes.</param>
    /// <param name="end">Calls it off.</param>
    public static async Task<ScriptResult> RunAsync(
        AgentSettings settings, string script, bool isPowerShell, string? directory, TimeSpan timeout, bool keepsAll, CancellationToken end)
    {
        PseudoTerminalOptions shell = settings.Shell(isPowerShell ? null : script) with { TimeProvider = settings.Clock.Inner };
        string? file = null;
        try
        {
            if (isPowerShell)
            {
                file = Path.Combine(shell.WorkingDirectory, $".ssm-{Guid.NewGuid():N}.ps1");
                await File.WriteAllTextAsync(file, script + "\nexit $LASTEXITCODE\n", Encoding.UTF8, end).ConfigureAwait(false);
                shell = shell with
                {
                    FileName = OperatingSystem.IsWindows() ? shell.FileName : "pwsh",
                    Arguments = ["-NoLogo", "-NoProfile", "-NonInteractive", "-File", file],
                };
            }

            IPipedProcess process = PipedProcess.Start(shell with { WorkingDirectory = directory ?? shell.WorkingDirectory }, isSeparate: true);
            await using (process.ConfigureAwait(false))
            {
                return await FollowAsync(process, settings, timeout, keepsAll, end).ConfigureAwait(false);
            }
        }
        catch (IOException e)
        {
            return new ScriptResult("Failed", 1, "", $"failed to run commands: {e.Message}");
        }
        finally
        {
            if (file is not null)
            {
                File.Delete(file);
            }
        }
    }

    private static async Task<ScriptResult> FollowAsync(
        IPipedProcess process, AgentSettings settings, TimeSpan timeout, bool keepsAll, CancellationToken end)
    {
        using CancellationTokenSource unwanted = new();
        Task<string> output = ReadAsync(process.ReadOutputAsync, keepsAll ? MaxWhole : MaxOutput + 1, unwanted.Token);
        Task<string> error = ReadAsync(process.ReadErrorAsync, keepsAll ? MaxWhole : MaxError + 1, unwanted.Token);
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(end);
        Task late = Task.Delay(timeout, settings.Clock, over.Token);
        bool isDone = await Task.WhenAny(process.Exited, late).ConfigureAwait(false) == process.Exited;
        await over.CancelAsync().ConfigureAwait(false);
        if (!isDone)
        {
            await process.DisposeAsync().ConfigureAwait(false);
        }

        await Task.WhenAny(Task.WhenAll(output, error), Task.Delay(keepsAll ? s_longPatience : s_patience, settings.Clock.Inner, CancellationToken.None))
            .ConfigureAwait(false);
        await unwanted.CancelAsync().ConfigureAwait(false);
        string text = await output.ConfigureAwait(false);
        string errors = await error.ConfigureAwait(false);
        (string status, int code, string remark) = (isDone, end.IsCancellationRequested) switch
        {
            (true, _) => await process.Exited.ConfigureAwait(false) is int exit and not 0
                ? ("Failed", exit, $"failed to run commands: exit status {exit}")
                : ("Success", 0, ""),
            (false, true) => ("Cancelled", 137, "failed to run commands: signal: killed"),
            _ => ("TimedOut", 137, "failed to run commands: command timed out"),
        };
        return new ScriptResult(status, code, Shorten(text, MaxOutput), Shorten(errors, MaxError) + remark)
        {
            WholeOutput = keepsAll ? text : null,
            WholeError = keepsAll ? errors + remark : null,
        };
    }

    private static string Shorten(string text, int most) => text.Length > most ? string.Concat(text.AsSpan(0, most - Cut.Length), Cut) : text;

    /// <summary>Reads to the end, and keeps the beginning.</summary>
    private static async Task<string> ReadAsync(
        Func<Memory<byte>, CancellationToken, ValueTask<int>> readAsync, int most, CancellationToken unwanted)
    {
        byte[] buffer = new byte[8 * 1024];
        char[] characters = new char[buffer.Length + 1];
        Decoder decoder = Encoding.UTF8.GetDecoder();
        StringBuilder text = new();
        try
        {
            int count;
            while ((count = await readAsync(buffer, unwanted).ConfigureAwait(false)) > 0)
            {
                int decoded = decoder.GetChars(buffer, 0, count, characters, 0);
                text.Append(characters, 0, Math.Min(decoded, Math.Max(0, most - text.Length)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // What it left running may write on: nobody looks.
        }

        return text.ToString();
    }
}
