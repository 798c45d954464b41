using SsmTools.Engine;
using SsmTools.Engine.Sessions;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sessions;

/// <summary>A link that looks open, and nobody at its other end.</summary>
public sealed class SilentNodeTests : IDisposable
{
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(30));
    private readonly ManualTimeProvider _time = new();
    private readonly FakeTerminal _terminal = new();

    public void Dispose() => _timeout.Dispose();

    [Fact]
    public async Task What_was_typed_into_a_dead_link_arrives_once_on_the_next()
    {
        using MemoryNode node = new(time: _time);
        Task<SessionEnd> run = await OpenAsync(node);
        node.IsStuck = true;
        _terminal.Type("ls\r");
        await TurnUntilAsync(node.WaitForAsync("resume s-1", _timeout.Token));

        // No upper bound: while a thread is kept waiting the clock is turned on.
        Assert.True(_time.GetElapsedTime(0) >= TimeSpan.FromSeconds(20));
        Assert.Contains("The node does not answer. What is typed waits for it; ~. ends", _terminal.Screen, StringComparison.Ordinal);

        node.IsStuck = false;
        await TurnUntilAsync(_terminal.WhenShownAsync("Connection resumed", _timeout.Token));
        Assert.Equal("ls\r"u8.ToArray(), await node.WaitForInputAsync(3, _timeout.Token));
        node.Close("");
        Assert.Equal(SessionEndKind.Exited, (await run).Kind);
    }

    [Fact]
    public async Task Nothing_is_missed_where_nothing_awaits_an_answer()
    {
        using MemoryNode node = new(time: _time);
        Task<SessionEnd> run = await OpenAsync(node);
        _time.Advance(TimeSpan.FromHours(5));
        node.Say("still here");
        await _terminal.WhenShownAsync("still here", _timeout.Token);
        node.Close("");

        Assert.Equal(0, (await run).Reconnects);
    }

    [Fact]
    public async Task A_busy_node_is_waited_for_and_one_that_is_gone_is_given_up()
    {
        using MemoryNode node = new(time: _time);
        Task<SessionEnd> run = await OpenAsync(node);
        node.IsStuck = true;
        _terminal.Type("x");
        await TurnUntilAsync(node.WaitForAsync("connected?", _timeout.Token));
        Assert.False(run.IsCompleted);

        node.IsConnected = false;
        await TurnUntilAsync(run.ContinueWith(_ => { }, TaskScheduler.Default));
        EngineException e = await Assert.ThrowsAsync<EngineException>(() => run);
        Assert.Equal("NodeGone", e.ErrorId);
        Assert.Contains("terminate s-1", node.Log);
        Assert.False(_terminal.IsRaw);
    }

    private async Task<Task<SessionEnd>> OpenAsync(MemoryNode node)
    {
        ShellSession session = await ShellSession.StartAsync(
            node, node, new ShellSessionOptions { Target = "i-1" }, _time, _timeout.Token);
        Task<SessionEnd> run = session.RunAsync(_terminal, _timeout.Token);
        node.Say("$ ");
        await _terminal.WhenShownAsync("$ ", _timeout.Token);
        await node.WaitForAsync("Size:", _timeout.Token);
        return run;
    }

    private async Task TurnUntilAsync(Task task)
    {
        while (!task.IsCompleted)
        {
            await Task.WhenAny(task, _time.WhenTimerAsync(null, _timeout.Token));
            _time.AdvanceToNextTimer();
        }

        await task;
    }
}
