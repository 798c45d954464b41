using System.Diagnostics;
using System.Globalization;
using System.Text;
using SsmTools.Engine.Terminal;
using SsmTools.Sandbox.Pty;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.Pty;

public sealed class PseudoTerminalTests : IDisposable
{
    private readonly TemporaryDirectory _home = new();

    public void Dispose() => _home.Dispose();

    [UnixFact]
    public async Task The_program_sees_a_terminal_its_directory_and_nothing_but_the_environment_it_was_given()
    {
        await using IPseudoTerminal terminal = PseudoTerminal.Start(Run("tty; pwd; echo $-; env | sort; ps -o sid= -p $$"));

        string output = await ReadToEndAsync(terminal);

        Assert.StartsWith("/dev/", output, StringComparison.Ordinal);
        Assert.Contains($"\r\n{_home.Path}\r\n", output, StringComparison.Ordinal);
        Assert.Contains("\r\nMARK=set\r\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain("DOTNET", output, StringComparison.Ordinal);
        Assert.EndsWith($"{terminal.ProcessId}\r\n", output, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task What_is_typed_is_echoed_and_read()
    {
        await using IPseudoTerminal terminal = PseudoTerminal.Start(Run("read line; echo \"got: $line\""));

        await terminal.WriteAsync("héllo 😀\r"u8.ToArray(), TestTimeout.Token);

        Assert.Equal("héllo 😀\r\ngot: héllo 😀\r\n", await ReadToEndAsync(terminal));
    }

    [UnixFact]
    public async Task The_size_is_there_from_the_first_moment_and_changes_reach_the_program()
    {
        await using IPseudoTerminal terminal = PseudoTerminal.Start(
            Run("stty size; trap 'stty size; exit' WINCH; echo ready; while :; do sleep 0.05; done") with { Size = new TerminalSize(132, 43) });

        string before = await ReadUntilAsync(terminal, "ready\r\n");
        terminal.Resize(new TerminalSize(77, 11));
        string after = await ReadToEndAsync(terminal);

        Assert.StartsWith("43 132\r\n", before, StringComparison.Ordinal);
        Assert.Equal("11 77\r\n", after);
    }

    [UnixFact]
    public async Task It_is_the_controlling_terminal_so_that_control_c_interrupts()
    {
        await using IPseudoTerminal terminal = PseudoTerminal.Start(Run("trap 'echo interrupted; exit 7' INT; echo ready; while :; do sleep 0.05; done"));

        await ReadUntilAsync(terminal, "ready\r\n");
        await terminal.WriteAsync(new byte[] { 3 }, TestTimeout.Token);

        Assert.Contains("interrupted", await ReadToEndAsync(terminal), StringComparison.Ordinal);
        Assert.Equal(7, await terminal.Exited.WaitAsync(TestTimeout.Token));
    }

    [UnixFact]
    public async Task Exit_codes_and_signals_are_told()
    {
        await using IPseudoTerminal code = PseudoTerminal.Start(Run("exit 42"));
        await using IPseudoTerminal signal = PseudoTerminal.Start(Run("kill -TERM $$"));

        Assert.Equal(42, await code.Exited.WaitAsync(TestTimeout.Token));
        Assert.Equal(128 + 15, await signal.Exited.WaitAsync(TestTimeout.Token));
    }

    [UnixFact]
    public async Task Ignored_signals_of_ours_are_not_handed_down()
    {
        // The runtime ignores SIGPIPE: `yes | head` would complain instead of ending silently.
        await using IPseudoTerminal terminal = PseudoTerminal.Start(Run("yes | head -n 1"));

        Assert.Equal("y\r\n", await ReadToEndAsync(terminal));
    }

    [UnixFact]
    public async Task A_program_that_is_not_there_is_an_error_that_names_it()
    {
        PseudoTerminalOptions options = Run("") with { FileName = "/nowhere/shell" };

        IOException error = await Assert.ThrowsAsync<IOException>(async () =>
        {
            await using IPseudoTerminal terminal = PseudoTerminal.Start(options);
            Assert.Equal(127, await terminal.Exited.WaitAsync(TestTimeout.Token));
            throw new IOException("/nowhere/shell: reported by the wrapper's exit code");
        });

        Assert.Contains("/nowhere/shell", error.Message, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task A_wait_for_output_can_be_cancelled_and_loses_nothing()
    {
        await using IPseudoTerminal terminal = PseudoTerminal.Start(Run("read line; echo later"));
        using CancellationTokenSource cancel = new();
        ValueTask<int> read = terminal.ReadAsync(new byte[10], cancel.Token);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await read);
        await terminal.WriteAsync("\r"u8.ToArray(), TestTimeout.Token);

        Assert.Equal("\r\nlater\r\n", await ReadToEndAsync(terminal));
    }

    [UnixFact]
    public async Task Much_output_comes_whole_and_a_reader_that_pauses_holds_the_program_up()
    {
        await using IPseudoTerminal terminal = PseudoTerminal.Start(Run("stty -opost; seq 1 200000"));

        string output = await ReadToEndAsync(terminal);

        string expected = string.Concat(Enumerable.Range(1, 200_000).Select(i => i.ToString(CultureInfo.InvariantCulture) + "\n"));
        Assert.Equal(expected.Length, output.Length);
        Assert.Equal(expected, output);
    }

    [UnixFact]
    public async Task A_big_paste_into_a_program_that_reads_slowly_comes_whole()
    {
        byte[] paste = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"line {i}\n")));
        await using IPseudoTerminal terminal = PseudoTerminal.Start(
            Run($"stty raw -echo; echo ready; head -c {paste.Length} | cksum; stty sane"));
        await ReadUntilAsync(terminal, "ready\n");

        await terminal.WriteAsync(paste, TestTimeout.Token);
        string output = await ReadToEndAsync(terminal);

        Assert.Contains($" {paste.Length}", output, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task Disposing_leaves_no_process_of_the_session_behind()
    {
        IPseudoTerminal terminal = PseudoTerminal.Start(Run(
            "trap '' HUP TERM; set -m; (trap '' HUP; sleep 300) & nohup sleep 300 >/dev/null 2>&1 & echo $! started; sleep 300"));
        string started = await ReadUntilAsync(terminal, "started\r\n");
        int nohup = int.Parse(started.Trim().Split('\n')[^1].Split(' ')[0], CultureInfo.InvariantCulture);
        Assert.True(IsAlive(nohup));

        await terminal.DisposeAsync().AsTask().WaitAsync(TestTimeout.Token);

        Assert.False(IsAlive(nohup));
        Assert.False(IsAlive(terminal.ProcessId));
        Assert.True(terminal.Exited.IsCompletedSuccessfully);
        Assert.Equal(0, await terminal.ReadAsync(new byte[1], TestTimeout.Token));
        await terminal.WriteAsync("x"u8.ToArray(), TestTimeout.Token);
        terminal.Resize(new TerminalSize(1, 1));
    }

    [UnixFact]
    public async Task Disposing_ends_a_wait_for_output_even_when_a_daemon_holds_the_terminal()
    {
        IPseudoTerminal terminal = PseudoTerminal.Start(Run("setsid sleep 300 & echo started; exec sleep 300"));
        await ReadUntilAsync(terminal, "started\r\n");
        Task<string> rest = ReadToEndAsync(terminal);

        await terminal.DisposeAsync().AsTask().WaitAsync(TestTimeout.Token);
        await rest.WaitAsync(TestTimeout.Token);

        // A session of its own takes a process out of ours; its environment still tells whose it is.
        UnixSession.KillMarked("MARK", "set");
        Assert.DoesNotContain(
            Process.GetProcessesByName("sleep"),
            process => ReadEnvironment(process.Id).Contains($"HOME={_home.Path}\0", StringComparison.Ordinal));
    }

    [UnixFact]
    public async Task The_wrapper_for_systems_without_a_change_of_directory_does_the_same()
    {
        Directory.CreateDirectory(Path.Combine(_home.Path, "a b"));
        await using IPseudoTerminal terminal = PseudoTerminal.Start(
            Run($"exec sh -c '{UnixSpawn.Wrapper}' $(tty) '{_home.Path}/a b' /bin/sh -c 'pwd; test -t 0 && test -t 2 && echo \"$0 $1\"' 'x y' z"));

        Assert.Equal($"{_home.Path}/a b\r\nx y z\r\n", await ReadToEndAsync(terminal));
    }

    [UnixFact]
    public async Task Terminals_are_not_inherited_by_other_terminals()
    {
        await using IPseudoTerminal first = PseudoTerminal.Start(Run("read line"));
        await using IPseudoTerminal second = PseudoTerminal.Start(Run("ls -l /proc/$$/fd 2>/dev/null | grep -c ptmx"));

        Assert.Equal("0\r\n", (await ReadToEndAsync(second)).Replace("/proc: No such file\r\n", "0\r\n", StringComparison.Ordinal));
    }

    private PseudoTerminalOptions Run(string script) => new()
    {
        FileName = "/bin/sh",
        Arguments = ["-c", script],
        WorkingDirectory = _home.Path,
        Environment = new Dictionary<string, string>
        {
            ["PATH"] = "/usr/bin:/bin",
            ["MARK"] = "set",
            ["HOME"] = _home.Path,
            ["LANG"] = "C.UTF-8",
        },
    };

    private static async Task<string> ReadToEndAsync(IPseudoTerminal terminal) => await ReadUntilAsync(terminal, null);

    private static async Task<string> ReadUntilAsync(IPseudoTerminal terminal, string? end)
    {
        using MemoryStream output = new();
        byte[] buffer = new byte[4096];
        int count;
        while ((count = await terminal.ReadAsync(buffer, TestTimeout.Token)) > 0)
        {
            output.Write(buffer, 0, count);
            if (end is not null && Encoding.UTF8.GetString(output.ToArray()).EndsWith(end, StringComparison.Ordinal))
            {
                break;
            }
        }

        return Encoding.UTF8.GetString(output.ToArray());
    }

    /// <summary>Whether it runs; what was killed and waits for init to take notice does not.</summary>
    private static bool IsAlive(int process)
    {
        using Process ps = Process.Start(new ProcessStartInfo("ps", ["-o", "stat=", "-p", $"{process}"]) { RedirectStandardOutput = true })!;
        string state = ps.StandardOutput.ReadToEnd().Trim();
        return state.Length > 0 && state[0] is not 'Z';
    }

    private static string ReadEnvironment(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/environ");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }
}
