using SsmTools.Engine;
using SsmTools.Engine.Aws.Iam;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Sessions;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox;

/// <summary>Sessions of every kind and document, client and agent over real sockets.</summary>
public sealed class SessionKindsTests : IAsyncLifetime
{
    private TestSandbox _sandbox = null!;
    private InstanceRecord _node = null!;

    public async Task InitializeAsync()
    {
        _sandbox = await TestSandbox.StartAsync();
        _node = await _sandbox.LaunchOnlineAsync();
    }

    public async Task DisposeAsync() => await _sandbox.DisposeAsync();

    [UnixFact]
    public async Task A_command_gives_its_output_its_errors_and_its_exit_code()
    {
        CommandResult result = await RunAsync("echo out; echo it\\'s >&2; exit 7");

        Assert.Equal(("out\n", "it's\n", 7), (result.Output, result.Error, result.ExitCode));
        Assert.Equal(SessionEndKind.Exited, result.Kind);
        Assert.False(result.IsEncrypted);
    }

    [UnixFact]
    public async Task A_megabyte_comes_whole()
    {
        CommandResult result = await RunAsync("seq 1 150000; seq 1 10000 >&2");

        Assert.Equal(string.Concat(Enumerable.Range(1, 150_000).Select(number => $"{number}\n")), result.Output);
        Assert.Equal(string.Concat(Enumerable.Range(1, 10_000).Select(number => $"{number}\n")), result.Error);
    }

    [UnixFact]
    public async Task Text_streams_while_the_command_runs()
    {
        using CancellationTokenSource stop = new();
        CommandSessionOptions options = new() { Target = _node.Id, Command = "echo started; exec sleep 1000" };
        TaskCompletionSource<string> first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<CommandResult> run = CommandSession.RunAsync(
            _sandbox.Aws,
            options,
            (text, _) =>
            {
                first.TrySetResult(text.Text);
                return ValueTask.CompletedTask;
            },
            null,
            stop.Token);

        Assert.Equal("started\n", await first.Task.WaitAsync(TestTimeout.Token));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(TestTimeout.Token));
        string session = Assert.Single(await HistoryAsync("Active", "History"));
        CancellationToken timeout = TestTimeout.Token;
        while (await _sandbox.ReadSessionStatusAsync(session, "History") != "Terminated")
        {
            timeout.ThrowIfCancellationRequested();
        }
    }

    [UnixFact]
    public async Task An_encrypted_command_is_encrypted_output_and_exit_code_and_all()
    {
        await _sandbox.Aws.Iam.PutRolePolicyAsync(
            new PutRolePolicyRequest
            {
                RoleName = "web",
                PolicyName = "more",
                PolicyDocument = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*"}]}""",
            },
            TestTimeout.Token);
        _sandbox.Host.World.Preferences.KmsKeyId = "alias/sandbox";

        CommandResult result = await RunAsync("echo out; echo err >&2; exit 5");

        Assert.True(result.IsEncrypted);
        Assert.Equal(("out\n", "err\n", 5), (result.Output, result.Error, result.ExitCode));
        FakeTerminal terminal = new();
        SessionEnd end = await EnterAsync(terminal, "AWS-StartInteractiveCommand", ("command", "echo see''n"));
        Assert.True(end.IsEncrypted);
        Assert.Contains("seen", terminal.Screen, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task A_document_without_separate_streams_gives_all_in_one_and_no_exit_code()
    {
        await CreateAsync("Plain", """
            {"schemaVersion":"1.0","sessionType":"NonInteractiveCommands","parameters":{"command":{"type":"String"}},
             "properties":{"linux":{"commands":"{{ command }}"},"macos":{"commands":"{{ command }}"}}}
            """);
        CommandResult result = await CommandSession.RunAsync(
            _sandbox.Aws,
            new CommandSessionOptions { Target = _node.Id, Command = "echo out; echo err >&2; exit 7", DocumentName = "Plain" },
            null,
            null,
            TestTimeout.Token);

        Assert.Equal(("out\nerr\n", "", null), (result.Output, result.Error, result.ExitCode));
    }

    [UnixFact]
    public async Task A_program_that_is_not_there_fails_with_the_agents_words()
    {
        await CreateAsync("Missing", """
            {"schemaVersion":"1.0","sessionType":"NonInteractiveCommands",
             "parameters":{"command":{"type":"String"},"separateOutputStream":{"type":"String"}},
             "properties":{"linux":{"commands":"no-such-program","separateOutputStream":"{{ separateOutputStream }}"},
                           "macos":{"commands":"no-such-program","separateOutputStream":true}}}
            """);
        CommandResult result = await CommandSession.RunAsync(
            _sandbox.Aws,
            new CommandSessionOptions { Target = _node.Id, Command = "id", DocumentName = "Missing" },
            null,
            null,
            TestTimeout.Token);

        Assert.Equal((1, SessionEndKind.Closed), (result.ExitCode, result.Kind));
        Assert.Contains("no-such-program", result.Error, StringComparison.Ordinal);
        Assert.Contains("no-such-program", result.Reason, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task A_command_on_a_terminal_has_one_and_tells_no_exit_code()
    {
        FakeTerminal terminal = new();
        SessionEnd end = await EnterAsync(terminal, "AWS-StartInteractiveCommand", ("command", "test -t 0 && stty size; exit 4"));

        Assert.Contains("24 80", terminal.Screen, StringComparison.Ordinal);
        Assert.Equal((SessionEndKind.Exited, null), (end.Kind, end.ExitCode));
    }

    [UnixFact]
    public async Task A_command_without_a_terminal_shows_in_one_and_its_exit_code_is_told()
    {
        FakeTerminal terminal = new();
        SessionEnd end = await EnterAsync(
            terminal, "AWS-StartNonInteractiveCommand", ("command", "sh -c 'echo out; echo err >&2; exit 4'"), ("separateOutputStream", "true"));

        Assert.Contains("out", terminal.Screen, StringComparison.Ordinal);
        Assert.Contains("err", terminal.Screen, StringComparison.Ordinal);
        Assert.DoesNotContain("EXIT_CODE", terminal.Screen, StringComparison.Ordinal);
        Assert.Equal(4, end.ExitCode);
    }

    [UnixFact]
    public async Task Output_that_is_not_text_reaches_the_terminal_untouched()
    {
        RecordingTerminal terminal = new();
        await EnterAsync(terminal, "AWS-StartInteractiveCommand", ("command", @"stty raw -echo; printf '\377\300\200\001A\357\277'"));

        Assert.Equal([0xff, 0xc0, 0x80, 0x01, 0x41, 0xef, 0xbf], terminal.Shown);
    }

    [Theory]
    [InlineData("Nonsense", null, null, "DocumentNotFound", "Nonsense", "AWS-StartInteractiveCommand")]
    [InlineData("AWS-StartSSHSession", null, null, "NotAShellSession", "AWS-StartSSHSession", "InteractiveCommands")]
    [InlineData("Journal", null, null, "InvalidDocumentParameter", "needs the parameter unit", "unit (String, required, one of nginx, sshd); lines (String, 10 where none is given, of the pattern ^[0-9]+$)")]
    [InlineData("Journal", "until", "now", "InvalidDocumentParameter", "has no parameter until", "unit (String")]
    [InlineData("Journal", "unit", "apache", "InvalidDocumentParameter", "'apache'", "nginx, sshd")]
    [InlineData("Journal", "unit+lines", "nginx+many", "InvalidDocumentParameter", "lines", "^[0-9]+$")]
    public async Task Documents_and_parameters_that_do_not_fit_are_told_with_those_that_do(
        string document, string? names, string? values, string id, string words, string advice)
    {
        await CreateAsync("Journal", """
            {"schemaVersion":"1.0","sessionType":"InteractiveCommands",
             "parameters":{"unit":{"type":"String","allowedValues":["nginx","sshd"]},
                           "lines":{"type":"String","default":"10","allowedPattern":"^[0-9]+$"}},
             "properties":{"linux":{"commands":"tail {{ unit }} {{ lines }}"}}}
            """);
        (string, string)[] parameters = names is null ? [] : [.. names.Split('+').Zip(values!.Split('+'))];
        EngineException error = await Assert.ThrowsAsync<EngineException>(() => EnterAsync(new FakeTerminal(), document, parameters));

        Assert.Equal(id, error.ErrorId);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains(advice, error.Recommendation, StringComparison.Ordinal);
        Assert.Empty(await HistoryAsync("Active", "History"));
    }

    [UnixFact]
    public async Task A_command_runs_on_many_nodes_and_one_that_fails_stops_no_other()
    {
        List<string> nodes = [_node.Id, "i-0123456789abcdef0"];
        for (int i = 0; i < 3; i++)
        {
            InstanceRecord more = await _sandbox.LaunchAsync("web");
            await _sandbox.WaitForStatusAsync(more.Id, "Online");
            nodes.Add(more.Id);
        }

        List<FleetCommandEvent> events = [];
        await foreach (FleetCommandEvent one in new FleetCommand(_sandbox.Aws).RunAsync(
            nodes, new FleetCommandOptions { Command = "echo here; exit 2", ThrottleLimit = 2 }, TestTimeout.Token))
        {
            events.Add(one);
        }

        Assert.Equal("TargetNotFound", Assert.Single(events, one => one.Failure is not null).Failure!.ErrorId);
        Assert.Equal(nodes.Except(["i-0123456789abcdef0"]).Order(), events.Where(one => one.Result is not null).Select(one => one.Target).Order());
        Assert.All(events, one => Assert.True(one.Result is null || one.Result is { Output: "here\n", ExitCode: 2 }));
        Assert.Equal(4, events.Count(one => one.Text is { Text: "here\n", IsError: false }));
    }

    private Task<CommandResult> RunAsync(string command) => CommandSession.RunAsync(
        _sandbox.Aws, new CommandSessionOptions { Target = _node.Id, Command = command }, null, null, TestTimeout.Token);

    private async Task<SessionEnd> EnterAsync(
        SsmTools.Engine.Terminal.ITerminal terminal, string document, params (string Name, string Value)[] parameters)
    {
        ShellSessionOptions options = new()
        {
            Target = _node.Id,
            DocumentName = document,
            Parameters = parameters.ToDictionary(one => one.Name, one => (IReadOnlyList<string>)[one.Value]),
        };
        await using ShellSession session = await ShellSession.StartAsync(_sandbox.Aws, options, null, TestTimeout.Token);
        return await session.RunAsync(terminal, TestTimeout.Token);
    }

    private async Task CreateAsync(string name, string content) => await _sandbox.Aws.Ssm.CreateDocumentAsync(
        new CreateDocumentRequest { Name = name, DocumentType = DocumentType.Session, Content = content }, TestTimeout.Token);

    private async Task<List<string>> HistoryAsync(params string[] states)
    {
        List<string> ids = [];
        foreach (string state in states)
        {
            DescribeSessionsResponse response = await _sandbox.Aws.Ssm.DescribeSessionsAsync(
                new DescribeSessionsRequest { State = state }, TestTimeout.Token);
            ids.AddRange(response.Sessions.Select(session => session.SessionId!));
        }

        return ids;
    }

    /// <summary>A terminal that keeps what it shows as bytes.</summary>
    private sealed class RecordingTerminal : SsmTools.Engine.Terminal.ITerminal
    {
        private readonly TaskCompletionSource<int> _never = new();

        public event Action? SizeChanged
        {
            add { }
            remove { }
        }

        public List<byte> Shown { get; } = [];

        public bool IsInteractive => true;

        public SsmTools.Engine.Terminal.TerminalSize? Size => new(80, 24);

        public IDisposable EnterRawMode() => new MemoryStream();

        public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
            await _never.Task.WaitAsync(cancellationToken);

        public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
        {
            Shown.AddRange(data.Span);
            return ValueTask.CompletedTask;
        }
    }
}
