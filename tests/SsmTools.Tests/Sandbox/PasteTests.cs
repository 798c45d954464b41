using System.Globalization;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using SsmTools.Engine.Sessions;
using SsmTools.Engine.Terminal;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox;

/// <summary>A megabyte pasted into a real terminal, through a session, into a program on the node's real terminal.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PasteTests
{
    private const int Length = 1024 * 1024;

    [UnixFact]
    public async Task A_megabyte_of_any_bytes_arrives_whole_in_raw_mode()
    {
        byte[] paste = new byte[Length];
        new Random(4).NextBytes(paste);

        await AssertArrivesAsync("stty raw -echo", paste, paste);
    }

    [UnixFact]
    public async Task A_megabyte_of_lines_arrives_whole_in_a_program_that_reads_lines()
    {
        StringBuilder lines = new();
        for (int i = 0; lines.Length < Length; i++)
        {
            lines.Append(CultureInfo.InvariantCulture, $"~. line {i} of a paste, é漢😀\r");
        }

        byte[] paste = Encoding.UTF8.GetBytes(lines.ToString());
        byte[] read = Encoding.UTF8.GetBytes(lines.Replace('\r', '\n').ToString());
        await AssertArrivesAsync("stty -echo", paste, read);
    }

    private static async Task AssertArrivesAsync(string mode, byte[] paste, byte[] read)
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        InstanceRecord instance = await sandbox.LaunchOnlineAsync();
        using PtyPair pty = new();
        using UnixTerminal terminal = new(pty.Slave, pty.Slave);
        await using ShellSession session = await ShellSession.StartAsync(
            sandbox.Aws, new ShellSessionOptions { Target = instance.Id }, TimeProvider.System, TestTimeout.Token);
        Task<SessionEnd> run = session.RunAsync(terminal, TestTimeout.Token);
        await ReadUntilAsync(pty, "$ ");
        pty.Type(Encoding.ASCII.GetBytes($"{mode}; echo re''ady; head -c {read.Length} | sha256sum; stty sane; exit\r"));
        await ReadUntilAsync(pty, "ready");

        await Task.Run(() => pty.Type(paste)).WaitAsync(TestTimeout.Token);

        await ReadUntilAsync(pty, Convert.ToHexString(SHA256.HashData(read)).ToLowerInvariant());
        Assert.Equal(SessionEndKind.Exited, (await run).Kind);
    }

    private static async Task ReadUntilAsync(PtyPair pty, string text)
    {
        StringBuilder shown = new();
        while (!shown.ToString().Contains(text, StringComparison.Ordinal))
        {
            shown.Append(Encoding.UTF8.GetString(await Task.Run(pty.ReadShown).WaitAsync(TestTimeout.Token)));
        }
    }
}
