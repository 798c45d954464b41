using SsmTools.Sandbox.Pty;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.Clients;

/// <summary>Every AWS CLI that is there, with AWS's own plugin, starts sessions of all kinds on a terminal.</summary>
public sealed class StartSessionTests
{
    public static TheoryData<int> CommandLines => AwsCliRecipeTests.CommandLines;

    [StartSessionTheory]
    [MemberData(nameof(CommandLines))]
    public async Task A_command_without_a_terminal_is_run_and_its_output_shown(int commandLine)
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        InstanceRecord instance = await sandbox.LaunchOnlineAsync();
        using TemporaryDirectory home = new();

        await using TerminalScreen together = new(Start(
            sandbox, commandLine, home.Path, instance, "AWS-StartNonInteractiveCommand",
            """{"command":["sh -c 'echo out; echo err >&2; test -t 1 || echo no tty; exit 3'"]}"""));
        await together.WaitForEndAsync();
        Assert.Contains("out\r\nerr\r\nno tty\r\n", together.Shown, StringComparison.Ordinal);
        Assert.DoesNotContain("EXIT_CODE", together.Shown, StringComparison.Ordinal);

        await using TerminalScreen apart = new(Start(
            sandbox, commandLine, home.Path, instance, "AWS-StartNonInteractiveCommand",
            """{"command":["sh -c 'echo out; echo err >&2; exit 3'"],"separateOutputStream":["true"],"stdErrSeparatorPrefix":["E:"]}"""));
        await apart.WaitForEndAsync();
        Assert.Contains("out", apart.Shown, StringComparison.Ordinal);
        Assert.Contains("E:err", apart.Shown, StringComparison.Ordinal);
        Assert.Contains("EXIT_CODE: 3", apart.Shown, StringComparison.Ordinal);
    }

    [StartSessionTheory]
    [MemberData(nameof(CommandLines))]
    public async Task A_command_on_a_terminal_is_run_and_typed_to(int commandLine)
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        InstanceRecord instance = await sandbox.LaunchOnlineAsync();
        using TemporaryDirectory home = new();
        await using TerminalScreen screen = new(Start(
            sandbox, commandLine, home.Path, instance, "AWS-StartInteractiveCommand",
            """{"command":["test -t 0 && echo ready; read x; echo got=$x"]}"""));

        await screen.WaitForAsync("ready");
        await screen.TypeAsync("word\r");
        await screen.WaitForAsync("got=word");
        await screen.WaitForEndAsync();
        Assert.Contains("Exiting session", screen.Shown, StringComparison.Ordinal);
    }

    [StartSessionTheory]
    [MemberData(nameof(CommandLines))]
    public async Task A_document_that_is_not_there_is_refused_in_the_words_of_AWS(int commandLine)
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        InstanceRecord instance = await sandbox.LaunchOnlineAsync();
        using TemporaryDirectory home = new();
        await using TerminalScreen screen = new(Start(sandbox, commandLine, home.Path, instance, "Nonsense", "{}"));

        Assert.NotEqual(0, await screen.WaitForEndAsync());
        Assert.Contains("InvalidDocument", screen.Shown, StringComparison.Ordinal);
    }

    private static PseudoTerminalOptions Start(
        TestSandbox sandbox, int commandLine, string home, InstanceRecord instance, string document, string parameters) => new()
    {
        FileName = AwsClients.CommandLines[commandLine],
        Arguments =
        [
            "--endpoint-url", sandbox.Host.Facts.Endpoint, "ssm", "start-session", "--target", instance.Id,
            "--document-name", document, "--parameters", parameters,
        ],
        WorkingDirectory = home,
        Environment = new Dictionary<string, string>
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH")!,
            ["HOME"] = home,
            ["TERM"] = "xterm",
            ["AWS_ACCESS_KEY_ID"] = sandbox.Host.Facts.AccessKeyId,
            ["AWS_SECRET_ACCESS_KEY"] = sandbox.Host.Facts.SecretAccessKey,
            ["AWS_DEFAULT_REGION"] = sandbox.Host.Facts.Region,
            ["AWS_EC2_METADATA_DISABLED"] = "true",
        },
        Size = new SsmTools.Engine.Terminal.TerminalSize(120, 40),
    };
}
