using SsmTools.Engine;
using SsmTools.Engine.Sessions;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sessions;

/// <summary>What somebody sees and can do while the link of a shell is away.</summary>
public sealed class LostLinkTests : IDisposable
{
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(30));

    public void Dispose() => _timeout.Dispose();

    [Fact]
    public async Task A_link_that_stays_away_is_told_of_and_so_is_its_return()
    {
        ManualTimeProvider time = new();
        bool isDown = true;
        MemoryNode node = new(time: time)
        {
            OnResume = () => Volatile.Read(ref isDown)
                ? throw new EngineException("NoConnection", ErrorKind.ConnectionError, "No network.")
                : new SessionGrant("s-1", "", "token-again"),
        };
        FakeTerminal terminal = new();
        Task<SessionEnd> run = await LoseLinkAsync(node, terminal, time);
        await TurnUntilAsync(time, terminal.WhenShownAsync("Connection lost", _timeout.Token));
        Assert.DoesNotContain("Connection resumed", terminal.Screen, StringComparison.Ordinal);

        Volatile.Write(ref isDown, false);
        await TurnUntilAsync(time, terminal.WhenShownAsync("Connection resumed", _timeout.Token));
        terminal.Type([0x03]);
        await node.WaitForAsync("Output:\u0003", _timeout.Token);
        node.Close("");

        Assert.Equal(SessionEndKind.Exited, (await run).Kind);
    }

    [Fact]
    public async Task Ctrl_C_ends_the_wait_for_a_lost_link_and_the_session()
    {
        ManualTimeProvider time = new();
        MemoryNode node = new(time: time)
        {
            OnResume = () => throw new EngineException("NoConnection", ErrorKind.ConnectionError, "No network."),
        };
        FakeTerminal terminal = new();
        Task<SessionEnd> run = await LoseLinkAsync(node, terminal, time);
        await TurnUntilAsync(time, terminal.WhenShownAsync("Ctrl-C ends it", _timeout.Token));
        terminal.Type([0x03]);
        SessionEnd end = await run;

        Assert.Equal(SessionEndKind.Abandoned, end.Kind);
        Assert.Contains("terminate s-1", node.Log);
        Assert.False(terminal.IsRaw);
    }

    [Fact]
    public async Task A_lost_link_is_not_told_of_where_the_output_is_for_a_script()
    {
        ManualTimeProvider time = new();
        int attempts = 0;
        MemoryNode node = new(time: time)
        {
            OnResume = () => ++attempts < 8
                ? throw new EngineException("NoConnection", ErrorKind.ConnectionError, "No network.")
                : null,
        };
        FakeTerminal terminal = new() { IsInteractive = false };
        Task<SessionEnd> run = await LoseLinkAsync(node, terminal, time);
        await TurnUntilAsync(time, run);

        Assert.Equal(SessionEndKind.Expired, (await run).Kind);
        Assert.Equal("$ ", terminal.Screen);
    }

    private async Task<Task<SessionEnd>> LoseLinkAsync(MemoryNode node, FakeTerminal terminal, ManualTimeProvider time)
    {
        // The clock is turned faster than lines are shown: the session must not be given up for that.
        ShellSessionOptions options = new() { Target = "i-1", ReconnectTimeout = TimeSpan.FromDays(1000) };
        ShellSession session = await ShellSession.StartAsync(
            node, node, options, time, _timeout.Token);
        Task<SessionEnd> run = session.RunAsync(terminal, _timeout.Token);
        node.Say("$ ");
        await terminal.WhenShownAsync("$ ", _timeout.Token);
        node.BreakLink();
        return run;
    }

    private async Task TurnUntilAsync(ManualTimeProvider time, Task task)
    {
        while (!task.IsCompleted)
        {
            await Task.WhenAny(task, time.WhenTimerAsync(null, _timeout.Token));
            time.AdvanceToNextTimer();
        }

        await task;
    }
}
