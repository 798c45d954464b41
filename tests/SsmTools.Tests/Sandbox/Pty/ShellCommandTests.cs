using System.Text;
using SsmTools.Sandbox.Pty;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.Pty;

public sealed class ShellCommandTests : IDisposable
{
    private readonly TemporaryDirectory _home = new();

    public void Dispose() => _home.Dispose();

    [UnixFact]
    public async Task A_shell_prompts_with_the_hosts_name_and_runs_what_is_typed()
    {
        Dictionary<string, string> variables = new() { ["AWS_REGION"] = "eu-west-1" };
        await using IPseudoTerminal terminal = PseudoTerminal.Start(
            ShellCommand.Interactive(_home.Path, "ip-10-0-0-5", variables));

        StringBuilder shown = new();
        await ReadUntilAsync(terminal, shown, "ip-10-0-0-5$ ");
        await terminal.WriteAsync("echo $AWS_REGION:$TERM:$HOME; exit 3\r"u8.ToArray(), TestTimeout.Token);
        await ReadUntilAsync(terminal, shown, null);

        Assert.Contains($"eu-west-1:xterm-256color:{_home.Path}\r\n", shown.ToString(), StringComparison.Ordinal);
        Assert.Equal(3, await terminal.Exited.WaitAsync(TestTimeout.Token));
    }

    [UnixFact]
    public void Secrets_of_the_caller_do_not_get_in()
    {
        PseudoTerminalOptions options = ShellCommand.Interactive(_home.Path, "host", new Dictionary<string, string>());

        Assert.DoesNotContain(options.Environment.Keys, name => name.StartsWith("AWS_", StringComparison.Ordinal));
        Assert.DoesNotContain("SSH_AUTH_SOCK", options.Environment.Keys);
        Assert.NotEmpty(options.Environment["PATH"]);
    }

    [UnixFact]
    public async Task A_command_line_is_run_by_the_shell()
    {
        await using IPseudoTerminal terminal = PseudoTerminal.Start(
            ShellCommand.Command(_home.Path, "host", new Dictionary<string, string>(), "echo a 'b  c' | cat; test -t 0 && echo tty"));

        StringBuilder shown = new();
        await ReadUntilAsync(terminal, shown, null);

        Assert.Equal("a b  c\r\ntty\r\n", shown.ToString());
    }

    private static async Task ReadUntilAsync(IPseudoTerminal terminal, StringBuilder shown, string? end)
    {
        byte[] buffer = new byte[4096];
        int count;
        while ((end is null || !shown.ToString().Contains(end, StringComparison.Ordinal)) &&
            (count = await terminal.ReadAsync(buffer, TestTimeout.Token)) > 0)
        {
            shown.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }
    }
}
