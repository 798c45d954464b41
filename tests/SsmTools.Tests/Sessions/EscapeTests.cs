using System.Runtime.Versioning;
using System.Text;
using SsmTools.Engine.Sessions;
using SsmTools.Engine.Terminal;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sessions;

/// <summary>Escapes in a session.</summary>
[Trait("Category", "Windows")]
public sealed class EscapeTests : IDisposable
{
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(30));

    public void Dispose() => _timeout.Dispose();

    [Fact]
    public async Task Leaving_terminates_the_session_and_restores_the_terminal()
    {
        MemoryNode node = new();
        FakeTerminal terminal = new();
        Task<SessionEnd> run = await StartAsync(node, terminal);
        node.Say("$ ");
        await terminal.WhenShownAsync("$ ", _timeout.Token);
        terminal.Type("ls");
        terminal.Type("\r");
        terminal.Type("~");
        await node.WaitForInputAsync(3, _timeout.Token);
        terminal.Type(".");
        SessionEnd end = await run;

        Assert.Equal((SessionEndKind.Left, "The session was left with ~."), (end.Kind, end.Reason));
        Assert.Equal("terminate s-1", node.Log[^1]);
        Assert.Equal("ls\r", Encoding.UTF8.GetString(await node.WaitForInputAsync(3, _timeout.Token)));
        Assert.False(terminal.IsRaw);
        Assert.Equal(1, terminal.TimesRestored);
    }

    [Fact]
    public async Task Leaving_works_while_the_link_is_lost_and_nothing_can_be_sent()
    {
        MemoryNode node = new() { OnResume = () => new SessionGrant("s-1", "", "token-again") };
        LostConnector links = new(node);
        FakeTerminal terminal = new();
        ShellSession session = await ShellSession.StartAsync(
            node, links, new ShellSessionOptions { Target = "i-1" }, TimeProvider.System, _timeout.Token);
        Task<SessionEnd> run = session.RunAsync(terminal, _timeout.Token);
        node.Say("$ ");
        await terminal.WhenShownAsync("$ ", _timeout.Token);
        links.IsLost = true;
        node.BreakLink();
        terminal.Type(new string('x', 2 * 1024 * 1024)); // far more than the window takes
        terminal.Type("\r");
        terminal.Type("~.");

        Assert.Equal(SessionEndKind.Left, (await run.WaitAsync(_timeout.Token)).Kind);
        Assert.Contains("terminate s-1", node.Log);
        Assert.Equal(1, terminal.TimesRestored);
    }

    [Fact]
    public async Task Leaving_a_session_whose_service_does_not_answer_is_held_up_for_a_moment_only()
    {
        MemoryNode node = new() { OnTerminate = stop => Task.Delay(Timeout.Infinite, stop) };
        FakeTerminal terminal = new();
        Task<SessionEnd> run = await StartAsync(node, terminal);
        node.Say("$ ");
        terminal.Type("~.");

        Assert.Equal(SessionEndKind.Left, (await run).Kind);
        Assert.Equal(1, terminal.TimesRestored);
    }

    [Fact]
    public async Task Help_is_shown_and_not_sent()
    {
        MemoryNode node = new();
        FakeTerminal terminal = new();
        Task<SessionEnd> run = await StartAsync(node, terminal);
        node.Say("$ ");
        foreach (char key in "~?~~a")
        {
            terminal.Type(key.ToString());
        }

        await terminal.WhenShownAsync("~.  leave", _timeout.Token);

        Assert.Equal("~a", Encoding.UTF8.GetString(await node.WaitForInputAsync(2, _timeout.Token)));
        node.Close("");
        Assert.Equal(SessionEndKind.Exited, (await run).Kind);
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(true, '\x1d')]
    [InlineData(false, '~')]
    public async Task Nothing_is_an_escape_where_it_is_switched_off_or_nobody_types(bool isInteractive, char? escape)
    {
        MemoryNode node = new();
        FakeTerminal terminal = new() { IsInteractive = isInteractive };
        Task<SessionEnd> run = await StartAsync(node, terminal, escape);
        node.Say("$ ");
        terminal.Type("~?~.\r~.");

        Assert.Equal("~?~.\r~.", Encoding.UTF8.GetString(await node.WaitForInputAsync(7, _timeout.Token)));
        node.Close("");
        Assert.Equal(SessionEndKind.Exited, (await run).Kind);
    }

    [UnixFact]
    [UnsupportedOSPlatform("windows")]
    public async Task On_a_real_terminal_leaving_puts_the_mode_back_and_what_a_program_switched_on()
    {
        using PtyPair pty = new();
        byte[] before = pty.GetAttributes();
        MemoryNode node = new();
        using UnixTerminal terminal = new(pty.Slave, pty.Slave);
        Task<SessionEnd> run = await StartAsync(node, terminal);
        node.Say("$ ");
        await node.WaitForAsync("Size:", _timeout.Token);
        node.Say("vi\r\n\x1b[?1049h\x1b[?1;2004h\x1b[?25ltext");
        await ReadShownAsync(pty, "text");
        pty.Type("~."u8);

        Assert.Equal(SessionEndKind.Left, (await run).Kind);
        Assert.Equal(before, pty.GetAttributes());
        Assert.Equal("\x1b[?1049l\x1b[?1;2004l\x1b[?25h", Encoding.ASCII.GetString(pty.ReadShown()));
    }

    private async Task ReadShownAsync(PtyPair pty, string text)
    {
        StringBuilder shown = new();
        while (!shown.ToString().EndsWith(text, StringComparison.Ordinal))
        {
            shown.Append(Encoding.UTF8.GetString(await Task.Run(pty.ReadShown).WaitAsync(_timeout.Token)));
        }
    }

    private async Task<Task<SessionEnd>> StartAsync(MemoryNode node, ITerminal terminal, char? escape = '~')
    {
        ShellSession session = await ShellSession.StartAsync(
            node,
            node,
            new ShellSessionOptions { Target = "i-1", EscapeCharacter = escape },
            TimeProvider.System,
            _timeout.Token);
        return session.RunAsync(terminal, _timeout.Token).WaitAsync(_timeout.Token);
    }

    /// <summary>Opens no more links once they are lost.</summary>
    private sealed class LostConnector(ITransportConnector links) : ITransportConnector
    {
        public volatile bool IsLost;

        public async Task<IMessageTransport> ConnectAsync(string streamUrl, CancellationToken cancellationToken)
        {
            if (IsLost)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            return await links.ConnectAsync(streamUrl, cancellationToken);
        }
    }
}
