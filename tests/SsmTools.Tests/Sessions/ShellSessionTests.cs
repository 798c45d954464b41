using System.Text;
using SsmTools.Engine;
using SsmTools.Engine.Protocol;
using SsmTools.Engine.Sessions;
using SsmTools.Engine.Terminal;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sessions;

[Trait("Category", "Windows")]
public sealed class ShellSessionTests : IDisposable
{
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(30));

    public void Dispose() => _timeout.Dispose();

    [Fact]
    public async Task The_size_goes_before_the_first_byte_and_raw_mode_lasts_as_long_as_the_shell()
    {
        MemoryNode node = new();
        FakeTerminal terminal = new();
        terminal.Type("ls\r");
        Task<SessionEnd> run = await StartAsync(node, terminal);
        Assert.False(terminal.IsRaw);

        node.Say("$ ");
        await terminal.WhenShownAsync("$ ", _timeout.Token);
        await node.WaitForAsync("Output:ls\r", _timeout.Token);
        Assert.True(terminal.IsRaw);
        node.Close("");
        SessionEnd end = await run;

        Assert.Equal(
            [
                "start", "connect ws://gateway/stream", "open token 1.2.694.0", """Size:{"cols":80,"rows":24}""", "Output:ls\r",
            ],
            node.Log);
        Assert.Equal(SessionEndKind.Exited, end.Kind);
        Assert.Equal(("s-1", "i-1", 3, 2, 0), (end.SessionId, end.Target, end.BytesSent, end.BytesReceived, end.Reconnects));
        Assert.False(terminal.IsRaw);
        Assert.Equal(1, terminal.TimesRestored);
    }

    [Fact]
    public async Task A_handshake_opens_the_shell_too_and_its_message_is_shown()
    {
        MemoryNode node = new(new DataChannelOptions
        {
            Role = ChannelRole.Agent,
            Handshake = new SessionTypeParameters { SessionType = SessionType.InteractiveCommands },
        });
        FakeTerminal terminal = new();
        Task<SessionEnd> run = await StartAsync(node, terminal);
        await node.WaitForAsync("Size:", _timeout.Token);
        node.Say(PayloadType.Output, "out "u8);
        node.Say(PayloadType.StandardError, "err"u8);
        node.Say(PayloadType.ExitCode, "EXIT_CODE: 3"u8);
        node.Close("");

        await run;
        Assert.Equal("out err", terminal.Screen);
    }

    [Fact]
    public async Task Every_resize_is_told_once()
    {
        MemoryNode node = new();
        FakeTerminal terminal = new();
        Task<SessionEnd> run = await StartAsync(node, terminal);
        node.Say("$ ");
        await node.WaitForAsync("Size:", _timeout.Token);

        terminal.Size = new TerminalSize(80, 24);
        terminal.Size = new TerminalSize(132, 43);
        await node.WaitForAsync("""Size:{"cols":132,"rows":43}""", _timeout.Token);
        node.Close("");
        await run;

        Assert.Equal(2, node.Log.Count(line => line.StartsWith("Size:", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_screen_that_somebody_else_has_used_is_drawn_again_by_a_nudge()
    {
        MemoryNode node = new();
        FakeTerminal terminal = new();
        Task<SessionEnd> run = await StartAsync(node, terminal);
        node.Say("$ ");
        await node.WaitForAsync("""Size:{"cols":80,"rows":24}""", _timeout.Token);

        terminal.Continue();
        await node.WaitForAsync("""Size:{"cols":80,"rows":23}|Size:{"cols":80,"rows":24}""", _timeout.Token);
        node.Close("");
        await run;
    }

    [Fact]
    public async Task Keys_go_as_they_are_and_a_line_feed_alone_is_control_j()
    {
        MemoryNode node = new();
        FakeTerminal terminal = new();
        Task<SessionEnd> run = await StartAsync(node, terminal);
        node.Say("$ ");
        byte[] odd = [0x00, 0xff, 0x1b, 0x5b, 0x41, 0x0a, 0xc3, 0xa9, 0x03];
        terminal.Type(odd);
        Assert.Equal(odd, await node.WaitForInputAsync(odd.Length, _timeout.Token));
        terminal.Type("\n");

        byte[] input = await node.WaitForInputAsync(odd.Length + 1, _timeout.Token);
        Assert.Equal((byte)'\n', input[^1]);
        node.Close("");
        await run;
    }

    [Fact]
    public async Task Redirected_input_is_typed_and_ends_with_the_end_of_transmission()
    {
        MemoryNode node = new();
        FakeTerminal terminal = new() { IsInteractive = false, Size = null };
        Task<SessionEnd> run = await StartAsync(node, terminal);
        node.Say("$ ");
        terminal.Type("echo a\necho b\r");
        terminal.Type("\necho \xe9");
        terminal.EndInput();

        byte[] input = await node.WaitForInputAsync("echo a\recho b\recho \xe9\r\x04".Length + 1, _timeout.Token);
        Assert.Equal("echo a\recho b\recho \xe9\r\x04", Encoding.UTF8.GetString(input));
        Assert.Contains("""Size:{"cols":300,"rows":100}""", node.Log);
        node.Close("");
        Assert.Equal(SessionEndKind.Exited, (await run).Kind);
        Assert.Equal(0, terminal.TimesRestored);
    }

    [Theory]
    [InlineData(true, "exit\rexit\r")]
    [InlineData(false, "\u0004exit\r\u0004")]
    public async Task The_end_of_input_is_typed_again_while_the_session_stays_quiet(bool isWindowsNode, string typed)
    {
        ManualTimeProvider time = new();
        MemoryNode node = new(time: time);
        FakeTerminal terminal = new() { IsInteractive = false };

        // The clock is turned faster than acknowledgements come in.
        ShellSessionOptions options = new()
        {
            Target = "i-1",
            IsWindowsNode = isWindowsNode,
            MaxSilence = TimeSpan.FromDays(1),
        };
        ShellSession session = await ShellSession.StartAsync(node, node, options, time, _timeout.Token);
        Task<SessionEnd> run = session.RunAsync(terminal, _timeout.Token);
        node.Say("$ ");
        terminal.EndInput();

        Task<byte[]> all = node.WaitForInputAsync(typed.Length, _timeout.Token);
        while (!all.IsCompleted)
        {
            Task next = time.WhenTimerAsync(left => left > TimeSpan.FromSeconds(4), _timeout.Token);
            await Task.WhenAny(all, next);
            time.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.StartsWith(typed, Encoding.UTF8.GetString(await all), StringComparison.Ordinal);
        node.Close("");
        await run;
    }

    [Fact]
    public async Task A_lost_link_is_resumed_and_nothing_is_lost_or_doubled()
    {
        MemoryNode node = new();
        FakeTerminal terminal = new();
        Task<SessionEnd> run = await StartAsync(node, terminal);
        node.Say("one ");
        await terminal.WhenShownAsync("one ", _timeout.Token);
        for (int i = 0; i < 3; i++)
        {
            node.BreakLink();
            node.Say($"away{i} ");
            terminal.Type($"key{i} ");
            await terminal.WhenShownAsync($"away{i} ", _timeout.Token);
        }

        byte[] input = await node.WaitForInputAsync("key0 key1 key2 ".Length, _timeout.Token);
        node.Close("");
        SessionEnd end = await run;

        Assert.Equal("one away0 away1 away2 ", terminal.Screen);
        Assert.Equal("key0 key1 key2 ", Encoding.UTF8.GetString(input));
        Assert.Equal(3, end.Reconnects);
        Assert.Contains("open token-again 1.2.694.0", node.Log);
    }

    [Fact]
    public async Task A_session_that_cannot_be_resumed_has_expired_and_is_not_terminated()
    {
        MemoryNode node = new() { OnResume = () => null };
        FakeTerminal terminal = new();
        Task<SessionEnd> run = await StartAsync(node, terminal);
        node.Say("$ ");
        await terminal.WhenShownAsync("$ ", _timeout.Token);
        node.BreakLink();

        Assert.Equal(SessionEndKind.Expired, (await run).Kind);
        Assert.DoesNotContain("terminate s-1", node.Log);
        Assert.False(terminal.IsRaw);
    }

    [Fact]
    public async Task Resuming_is_tried_again_for_what_may_pass_and_given_up_in_time()
    {
        ManualTimeProvider time = new();
        MemoryNode node = new(time: time)
        {
            OnResume = () => throw new EngineException("NoConnection", ErrorKind.ConnectionError, "No network."),
        };
        FakeTerminal terminal = new();
        ShellSession session = await ShellSession.StartAsync(
            node, node, new ShellSessionOptions { Target = "i-1" }, time, _timeout.Token);
        Task<SessionEnd> run = session.RunAsync(terminal, _timeout.Token);
        node.Say("$ ");
        await terminal.WhenShownAsync("$ ", _timeout.Token);
        node.BreakLink();
        while (!run.IsCompleted)
        {
            await Task.WhenAny(run, time.WhenTimerAsync(null, _timeout.Token));
            time.AdvanceToNextTimer();
        }

        EngineException e = await Assert.ThrowsAsync<EngineException>(() => run);
        Assert.Equal("SessionConnectionLost", e.ErrorId);
        Assert.InRange(time.GetElapsedTime(0), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10.5));
        Assert.InRange(node.Log.Count(line => line == "resume s-1"), 100, 200);
        Assert.Contains("terminate s-1", node.Log);
        Assert.False(terminal.IsRaw);
    }

    [Fact]
    public async Task What_does_not_pass_is_told_at_once()
    {
        MemoryNode node = new()
        {
            OnResume = () => throw new EngineException("AccessDenied", ErrorKind.PermissionDenied, "No."),
        };
        FakeTerminal terminal = new();
        Task<SessionEnd> run = await StartAsync(node, terminal);
        node.Say("$ ");
        await terminal.WhenShownAsync("$ ", _timeout.Token);
        node.BreakLink();

        Assert.Equal("AccessDenied", (await Assert.ThrowsAsync<EngineException>(() => run)).ErrorId);
    }

    [Fact]
    public async Task The_services_words_are_the_reason_of_the_end_and_all_output_is_shown_before()
    {
        MemoryNode node = new();
        FakeTerminal terminal = new();
        Task<SessionEnd> run = await StartAsync(node, terminal);
        await node.WaitForAsync("open ", _timeout.Token);
        for (int i = 0; i < 1000; i++)
        {
            node.Say($"{i} ");
        }

        node.Close("Your session timed out due to inactivity and has been terminated.\n");
        SessionEnd end = await run;

        Assert.Equal(SessionEndKind.Closed, end.Kind);
        Assert.Equal("Your session timed out due to inactivity and has been terminated.", end.Reason);
        Assert.EndsWith(" 998 999 ", terminal.Screen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancelling_ends_restores_the_terminal_and_terminates_the_session(bool isStuck)
    {
        TaskCompletionSource stuck = new();
        MemoryNode node = new() { OnTerminate = _ => isStuck ? stuck.Task : Task.CompletedTask };
        FakeTerminal terminal = new() { OnWrite = _ => new ValueTask(isStuck ? stuck.Task : Task.CompletedTask) };
        using CancellationTokenSource cancel = new();
        ShellSession session = await ShellSession.StartAsync(
            node, node, new ShellSessionOptions { Target = "i-1" }, TimeProvider.System, _timeout.Token);
        Task<SessionEnd> run = session.RunAsync(terminal, cancel.Token);
        node.Say("$ ");
        await node.WaitForAsync("Size:", _timeout.Token);

        await cancel.CancelAsync();
        OperationCanceledException e = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => run.WaitAsync(_timeout.Token));

        Assert.Equal(cancel.Token, e.CancellationToken);
        Assert.Contains("terminate s-1", node.Log);
        Assert.Equal(1, terminal.TimesRestored);
        Assert.False(stuck.Task.IsCompleted); // nothing of what is stuck was waited for
        stuck.SetResult();
    }

    [Fact]
    public async Task A_terminal_that_is_gone_ends_the_session()
    {
        MemoryNode node = new();
        FakeTerminal terminal = new() { OnWrite = _ => throw new IOException("Broken pipe") };
        Task<SessionEnd> run = await StartAsync(node, terminal);
        node.Say("$ ");

        Assert.Equal(SessionEndKind.OutputClosed, (await run).Kind);
        Assert.Contains("terminate s-1", node.Log);
    }

    [Fact]
    public async Task A_document_that_makes_a_tunnel_is_refused_with_words()
    {
        MemoryNode node = new(new DataChannelOptions
        {
            Role = ChannelRole.Agent,
            Handshake = new SessionTypeParameters { SessionType = SessionType.Port },
        });
        Task<SessionEnd> run = await StartAsync(node, new FakeTerminal());

        EngineException e = await Assert.ThrowsAsync<EngineException>(() => run);
        Assert.Equal(("NotAShellSession", "i-1"), (e.ErrorId, e.Target));
        Assert.Contains("terminate s-1", node.Log);
    }

    [Fact]
    public async Task A_session_that_is_never_run_is_terminated_when_disposed()
    {
        MemoryNode node = new();
        ShellSession session = await ShellSession.StartAsync(
            node, node, new ShellSessionOptions { Target = "i-1" }, TimeProvider.System, _timeout.Token);
        await session.DisposeAsync();
        await session.DisposeAsync();

        Assert.Equal(["start", "terminate s-1"], node.Log);
    }

    private async Task<Task<SessionEnd>> StartAsync(MemoryNode node, FakeTerminal terminal)
    {
        ShellSession session = await ShellSession.StartAsync(
            node, node, new ShellSessionOptions { Target = "i-1" }, TimeProvider.System, _timeout.Token);
        return session.RunAsync(terminal, _timeout.Token).WaitAsync(_timeout.Token);
    }
}
