using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using SsmTools.Engine.Terminal;
using SsmTools.Sandbox.Pty;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.Pty;

/// <summary>Programs on a pseudo-console.</summary>
[Trait("Category", "Windows")]
public sealed class WindowsPseudoTerminalTests
{
    private static readonly string s_shell = Path.Combine(Environment.SystemDirectory, "cmd.exe");

    [PseudoConsoleFact]
    public async Task A_shell_shows_its_output_reads_what_is_typed_and_tells_its_exit_code()
    {
        await using IPseudoTerminal terminal = PseudoTerminal.Start(Run("/k", "echo from %MARK%"));

        await ReadUntilAsync(terminal, "from inside");
        await terminal.WriteAsync("echo some^ words\r"u8.ToArray(), TestTimeout.Token);
        await ReadUntilAsync(terminal, "some words");
        await terminal.WriteAsync("exit 7\r"u8.ToArray(), TestTimeout.Token);
        await ReadUntilAsync(terminal, null);
        Assert.Equal(7, await terminal.Exited.WaitAsync(TestTimeout.Token));
    }

    [PseudoConsoleFact]
    public async Task The_output_of_a_program_that_ends_at_once_is_whole()
    {
        await using IPseudoTerminal terminal = PseudoTerminal.Start(Run("/c", "echo from %MARK%&exit 7"));

        Assert.Contains("from inside", await ReadUntilAsync(terminal, null), StringComparison.Ordinal);
        Assert.Equal(7, await terminal.Exited.WaitAsync(TestTimeout.Token));
    }

    [PseudoConsoleFact]
    public async Task Disposing_ends_the_program_and_what_it_started()
    {
        IPseudoTerminal terminal = PseudoTerminal.Start(Run("/k", "echo here"));
        using Process process = Process.GetProcessById(terminal.ProcessId);
        Task<string> reading = ReadUntilAsync(terminal, null);

        await terminal.DisposeAsync().AsTask().WaitAsync(TestTimeout.Token);
        await process.WaitForExitAsync(TestTimeout.Token);
        await reading;
    }

    [PseudoConsoleFact]
    public void A_program_that_is_not_there_is_an_error_that_names_it() => Assert.Contains(
        "nowhere.exe",
        Assert.Throws<IOException>(() => PseudoTerminal.Start(Run() with { FileName = @"C:\nowhere.exe" })).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Structures_are_laid_out_as_64_bit_windows_has_them()
    {
        Assert.Equal(8, nint.Size);
        Assert.Equal(4, Marshal.SizeOf<ConPty.Coordinates>());
        Assert.Equal(112, Marshal.SizeOf<ConPty.StartupInfo>());
        Assert.Equal(104, (int)Marshal.OffsetOf<ConPty.StartupInfo>("Attributes"));
        Assert.Equal(24, Marshal.SizeOf<ConPty.ProcessInformation>());
        Assert.Equal(144, Marshal.SizeOf<ConPty.ExtendedLimits>());
        Assert.Equal(16, (int)Marshal.OffsetOf<ConPty.ExtendedLimits>("Flags"));
    }

    private static PseudoTerminalOptions Run(params string[] arguments) => new()
    {
        FileName = s_shell,
        Arguments = arguments,
        Environment = new Dictionary<string, string>
        {
            ["MARK"] = "inside",
            ["SystemRoot"] = Environment.GetEnvironmentVariable("SystemRoot") ?? "",
            ["PATH"] = Environment.SystemDirectory,
        },
        WorkingDirectory = Path.GetTempPath(),
        Size = new TerminalSize(80, 24),
    };

    /// <summary>Reads until a text has come, or to the end where null.</summary>
    private static async Task<string> ReadUntilAsync(IPseudoTerminal terminal, string? text)
    {
        StringBuilder output = new();
        byte[] buffer = new byte[4096];
        while (text is null || !output.ToString().Contains(text, StringComparison.Ordinal))
        {
            int count = await terminal.ReadAsync(buffer, TestTimeout.Token);
            if (count == 0)
            {
                Assert.Null(text);
                break;
            }

            output.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return output.ToString();
    }
}
