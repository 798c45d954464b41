using System.Text;
using SsmTools.Engine;
using SsmTools.Engine.Protocol;
using SsmTools.Engine.Sessions;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sessions;

/// <summary>One command without a terminal: streams, exit code, end and bad input, with an agent in memory.</summary>
public sealed class CommandSessionTests
{
    private readonly List<CommandText> _shown = [];

    [Fact]
    public async Task Output_errors_and_exit_code_come_apart_and_in_order()
    {
        using MemoryNode node = Node();
        Task<CommandResult> run = Run(node);
        await node.WaitForAsync("shook hands", TestTimeout.Token);
        node.Say(PayloadType.Output, "one\n"u8);
        node.Say(PayloadType.StandardError, "oh\n"u8);
        node.Say(PayloadType.Output, "two\n"u8);
        node.Say(PayloadType.ExitCode, "EXIT_CODE: 3"u8);
        node.Close("");
        CommandResult result = await run;

        Assert.Equal(("one\ntwo\n", "oh\n", 3, SessionEndKind.Exited), (result.Output, result.Error, result.ExitCode, result.Kind));
        Assert.Equal([new("one\n", false), new("oh\n", true), new("two\n", false)], _shown);
        Assert.DoesNotContain(node.Log, line => line.StartsWith("terminate", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Characters_that_are_split_between_messages_are_put_together_in_each_stream()
    {
        using MemoryNode node = Node();
        Task<CommandResult> run = Run(node);
        await node.WaitForAsync("shook hands", TestTimeout.Token);
        byte[] bytes = Encoding.UTF8.GetBytes("é€😀");
        foreach (byte one in bytes)
        {
            node.Say(PayloadType.Output, [one]);
            node.Say(PayloadType.StandardError, [one]);
        }

        node.Say(PayloadType.Output, [0xff, 0x41, 0xe2, 0x82]);
        node.Close("");
        CommandResult result = await run;

        Assert.Equal("é€😀\ufffdA\ufffd", result.Output);
        Assert.Equal("é€😀", result.Error);
        Assert.Equal(result.Output, string.Concat(_shown.Where(piece => !piece.IsError).Select(piece => piece.Text)));
    }

    [Fact]
    public async Task The_services_words_are_the_reason_of_an_end_before_the_commands()
    {
        using MemoryNode node = Node();
        Task<CommandResult> run = Run(node);
        await node.WaitForAsync("shook hands", TestTimeout.Token);
        node.Say(PayloadType.Output, "part"u8);
        node.Close("\n----------ERROR-------\nYour session timed out due to inactivity and has been terminated.");
        CommandResult result = await run;

        Assert.Equal(SessionEndKind.Closed, result.Kind);
        Assert.Equal("Your session timed out due to inactivity and has been terminated.", result.Reason);
        Assert.Equal("part", result.Output);
        Assert.Null(result.ExitCode);
    }

    [Fact]
    public async Task A_cancelled_command_is_terminated_at_the_service()
    {
        using MemoryNode node = Node();
        using CancellationTokenSource stop = new();
        Task<CommandResult> run = Run(node, stop.Token);
        await node.WaitForAsync("shook hands", TestTimeout.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(TestTimeout.Token));
        await node.WaitForAsync("terminate s-1", TestTimeout.Token);
    }

    [Theory]
    [InlineData("3.1.1510.9", "3.1.1511.0")]
    [InlineData("3.0.1123.0", "3.0.1124.0")]
    public async Task An_agent_that_is_known_to_be_too_old_is_not_asked(string version, string needed)
    {
        using MemoryNode node = Node();
        CommandSessionOptions options = new() { Target = "i-1", Command = "id", AgentVersion = version };
        EngineException error = await Assert.ThrowsAsync<EngineException>(() => CommandSession.RunAsync(
            _ => node, node, options, null, TimeProvider.System, TestTimeout.Token));

        Assert.Equal("AgentTooOld", error.ErrorId);
        Assert.Contains(version, error.Message, StringComparison.Ordinal);
        Assert.Contains(needed, error.Message, StringComparison.Ordinal);
        Assert.Empty(node.Log);
    }

    [Fact]
    public async Task An_agent_that_turns_out_to_be_too_old_ends_the_session()
    {
        using MemoryNode node = Node("3.1.90.0");
        EngineException error = await Assert.ThrowsAsync<EngineException>(() => Run(node));

        Assert.Equal("AgentTooOld", error.ErrorId);
        await node.WaitForAsync("terminate s-1", TestTimeout.Token);
    }

    [Theory]
    [InlineData(SessionType.Port)]
    [InlineData(SessionType.InteractiveCommands)]
    public async Task A_document_of_another_kind_is_refused_with_words(string type)
    {
        using MemoryNode node = Node(type: type);
        EngineException error = await Assert.ThrowsAsync<EngineException>(() => Run(node));

        Assert.Equal("NotACommandSession", error.ErrorId);
        Assert.Contains(type, error.Message, StringComparison.Ordinal);
        await node.WaitForAsync("terminate s-1", TestTimeout.Token);
    }

    [Theory]
    [InlineData("EXIT_CODE: 0", 0)]
    [InlineData("EXIT_CODE: -1", -1)]
    [InlineData("EXIT_CODE: 255\n", 255)]
    [InlineData("EXIT_CODE: many", null)]
    [InlineData("0", null)]
    public void Exit_codes_are_read_from_the_agents_text(string text, int? code)
    {
        Assert.Equal(code, ExitCodePayload.TryRead(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void Commands_reach_the_shell_of_the_node_whole()
    {
        Assert.Equal("sh -c 'echo '\\''a b'\\''; ls | wc'", ShellQuoting.Wrap("echo 'a b'; ls | wc", isWindows: false));
        Assert.Equal("Get-Date; 'x'", ShellQuoting.Wrap("Get-Date; 'x'", isWindows: true));
    }

    private static MemoryNode Node(string version = "3.3.1142.0", string type = SessionType.NonInteractiveCommands) => new(new DataChannelOptions
    {
        Role = ChannelRole.Agent,
        AgentVersion = version,
        Handshake = new SessionTypeParameters { SessionType = type },
    });

    private Task<CommandResult> Run(MemoryNode node, CancellationToken? cancellationToken = null) => CommandSession.RunAsync(
        _ => node,
        node,
        new CommandSessionOptions { Target = "i-1", Command = "id" },
        (text, _) =>
        {
            _shown.Add(text);
            return ValueTask.CompletedTask;
        },
        TimeProvider.System,
        cancellationToken ?? TestTimeout.Token);
}
