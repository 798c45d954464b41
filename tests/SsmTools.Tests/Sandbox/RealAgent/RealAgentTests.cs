using System.Text.Json;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Aws.Iam;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.HybridNodes;
using SsmTools.Engine.Registration;
using SsmTools.Engine.Sessions;
using SsmTools.Engine.Terminal;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.RealAgent;

/// <summary>
/// AWS's own agent on the other side: the sandbox's gateway and the engine's client both speak to it. It takes seconds to
/// start, so that each identity is one test that does several things.
/// </summary>
public sealed class RealAgentTests
{
    private const string OwnId = "i-0a1b2c3d4e5f60718";

    [RealAgentFact]
    public async Task With_an_id_of_its_own_it_serves_shells_commands_and_encrypted_shells_until_it_is_gone()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync(tlsPort: 0, caFile: null);
        await using RealAgentProcess agent = RealAgentProcess.StartCustom(sandbox, OwnId);
        await WaitAsync(sandbox, agent, OwnId);

        await TryShellAsync(sandbox, OwnId, isEncrypted: false);

        FakeTerminal terminal = new() { Size = new TerminalSize(90, 20) };
        SessionEnd end = await RunAsync(sandbox, terminal, new ShellSessionOptions
        {
            Target = OwnId,
            DocumentName = "AWS-StartInteractiveCommand",
            Parameters = new Dictionary<string, IReadOnlyList<string>> { ["command"] = ["echo user=$(id -un) sum=$((40+2))"] },
        });
        Assert.Contains("user=ssm-user sum=42", terminal.Screen, StringComparison.Ordinal);
        Assert.Equal(OwnId, end.Target);

        await TryCommandAsync(sandbox, OwnId, isEncrypted: false);
        await TryRunCommandAsync(sandbox, agent, OwnId);

        sandbox.Host.World.Preferences.KmsKeyId = "alias/sandbox";
        await TryShellAsync(sandbox, OwnId, isEncrypted: true);
        await TryCommandAsync(sandbox, OwnId, isEncrypted: true);

        // Without the power it has no time to say good-bye.
        await using ShellSession last = await ShellSession.StartAsync(
            sandbox.Aws, new ShellSessionOptions { Target = OwnId }, null, TestTimeout.Token);
        FakeTerminal watcher = new();
        Task<SessionEnd> watching = last.RunAsync(watcher, TestTimeout.Token);
        await watcher.WhenShownAsync("$ ", TestTimeout.Token);
        await agent.KillAsync();
        await sandbox.WaitForConnectionAsync(OwnId, false);
        sandbox.Host.Clock.Advance(NodeRecord.LostAfter);

        // Minute by minute: the gateway may notice the loss of the session's own socket a little later.
        await WaitForAsync(agent, () =>
        {
            sandbox.Host.Clock.Advance(TimeSpan.FromMinutes(1));
            return watching.IsCompleted;
        });

        Assert.Equal("ConnectionLost", await sandbox.ReadStatusAsync(OwnId, TestTimeout.Token));
        Assert.Contains("gone", (await watching).Reason, StringComparison.Ordinal);
    }

    [RealAgentFact]
    public async Task On_an_instance_it_takes_the_place_of_the_sandboxs_own_agent()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync(tlsPort: 0, caFile: null);
        InstanceRecord instance = await sandbox.LaunchOnlineAsync();
        GetConsoleOutputResponse console = await sandbox.Aws.Ec2.GetConsoleOutputAsync(
            new GetConsoleOutputRequest { InstanceId = instance.Id }, TestTimeout.Token);
        string metadata = console.Output!.Split("instance metadata: ")[1].Split("\r\n")[0];
        await using RealAgentProcess agent = RealAgentProcess.StartInstance(sandbox, metadata);
        string before = instance.Node!.ComputerName;
        await WaitForAsync(agent, () => instance.Node.ComputerName != before);

        Assert.True(instance.HasOutsideAgent);
        await TryShellAsync(sandbox, instance.Id, isEncrypted: false);
        Assert.Equal("ssm-user", await ReadUserAsync(sandbox, instance.Id));
    }

    [RealAgentFact]
    public async Task With_an_activation_it_is_a_hybrid_node()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync(tlsPort: 0, caFile: null);
        await sandbox.Aws.Iam.CreateRoleAsync(
            new CreateRoleRequest
            {
                RoleName = "office",
                AssumeRolePolicyDocument = SandboxAccount.Ec2Trust.Replace("ec2.", "ssm.", StringComparison.Ordinal),
            },
            TestTimeout.Token);
        await sandbox.GrantAsync("office");
        sandbox.Host.World.Settings.Set(ServiceSettings.ActivationTier, "advanced", "test");
        JsonElement activation = await sandbox.CallAsync("CreateActivation", """{"IamRole":"office"}""");
        await using RealAgentProcess agent = RealAgentProcess.StartHybrid(
            sandbox,
            activation.GetProperty("ActivationId").GetString()!,
            activation.GetProperty("ActivationCode").GetString()!);
        await WaitForAsync(agent, () => sandbox.Host.World.Nodes.Any());
        string node = sandbox.Host.World.Nodes.Single().NodeId;
        await WaitAsync(sandbox, agent, node);

        Assert.StartsWith("mi-", node, StringComparison.Ordinal);
        await TryShellAsync(sandbox, node, isEncrypted: false);
    }

    [RealAgentFact]
    public async Task By_its_join_script_a_machine_becomes_a_node_once_and_is_taken_off_again()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync(tlsPort: 0, caFile: null);
        using TemporaryDirectory directory = new();
        string script = Path.Combine(directory.Path, "join.sh");
        NodeActivationRequest request = new() { Name = "desk", Tier = "Advanced", ScriptPath = script };
        NodeActivation activation =
            await (await new NodeActivator(sandbox.Aws).PlanAsync(request, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
        await using RealAgentProcess agent = RealAgentProcess.StartByScript(sandbox, script);
        await WaitForAsync(agent, () => sandbox.Host.World.Nodes.Any());
        NodeRecord node = sandbox.Host.World.Nodes.Single();
        await WaitAsync(sandbox, agent, node.NodeId);

        Assert.Equal(("desk", activation.ActivationId), (node.Name, node.ActivationId));
        Assert.DoesNotContain(activation.ActivationCode, agent.Log, StringComparison.Ordinal);
        await TryShellAsync(sandbox, node.NodeId, isEncrypted: false);

        (int code, string said) = await agent.RunAsync(script);
        Assert.Equal(3, code);
        Assert.Contains($"registered already, as {node.NodeId} in {sandbox.Host.Facts.Region}", said, StringComparison.Ordinal);

        await (await new NodeRemoval(sandbox.Aws).PlanAsync([node.NodeId], [], force: false, TestTimeout.Token))
            .ApplyAsync(TestTimeout.Token);
        Assert.Empty(sandbox.Host.World.Nodes);
        Assert.Empty(sandbox.Host.World.Roles);
    }

    private static async Task WaitAsync(TestSandbox sandbox, RealAgentProcess agent, string id)
    {
        try
        {
            await foreach (NodeRegistration node in new RegistrationProbe(sandbox.Aws).WaitAsync(
                [id], TimeSpan.FromMinutes(1), null, TestTimeout.Token))
            {
                Assert.True(node.Registered, agent.Log);
                Assert.Equal("Online", node.PingStatus);
                Assert.Equal("Linux", node.PlatformType);
            }

            await sandbox.WaitForConnectionAsync(id, true);
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException(agent.Log, e);
        }
    }

    /// <summary>Waits for what the agent does in its own time, in another process.</summary>
    private static async Task WaitForAsync(RealAgentProcess agent, Func<bool> condition)
    {
        CancellationToken timeout = TestTimeout.Token;
        try
        {
            while (!condition())
            {
                await Task.Delay(100, timeout);
            }
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException(agent.Log, e);
        }
    }

    private static async Task TryShellAsync(TestSandbox sandbox, string id, bool isEncrypted)
    {
        FakeTerminal terminal = new() { Size = new TerminalSize(101, 33) };
        await using ShellSession session = await ShellSession.StartAsync(
            sandbox.Aws, new ShellSessionOptions { Target = id }, null, TestTimeout.Token);
        Task<SessionEnd> run = session.RunAsync(terminal, TestTimeout.Token);
        await terminal.WhenShownAsync("$ ", TestTimeout.Token);
        terminal.Type("until stty size | grep '33 101'; do :; done\r");
        await terminal.WhenShownAsync("33 101\r\n", TestTimeout.Token);
        terminal.Type("echo sum=$((40+2)) \u00e4\u20ac\ud83d\ude00\r");
        await terminal.WhenShownAsync("sum=42 \u00e4\u20ac\ud83d\ude00", TestTimeout.Token);
        terminal.Type("seq 1 20000 | md5sum; seq 1 20000\r");
        await terminal.WhenShownAsync("19999\r\n20000\r\n", TestTimeout.Token);
        terminal.Type("exit\r");
        SessionEnd end = await run;

        Assert.Equal(isEncrypted, end.IsEncrypted);
        Assert.Equal(id, end.Target);
        Assert.Equal("Terminated", await sandbox.ReadSessionStatusAsync(session.SessionId, "History"));
    }

    /// <summary>No shell of the agent's own, quotes and all, streams apart, the exit code; and one that is not there.</summary>
    private static async Task TryCommandAsync(TestSandbox sandbox, string id, bool isEncrypted)
    {
        CommandSessionOptions options = new()
        {
            Target = id,
            Command = "test -t 1 || echo \"no tty: it's $(id -un)\"; echo 'é err' >&2; seq 1 2000; exit 7",
        };
        CommandResult result = await CommandSession.RunAsync(sandbox.Aws, options, null, null, TestTimeout.Token);

        Assert.Equal(
            "no tty: it's ssm-user\n" + string.Concat(Enumerable.Range(1, 2000).Select(number => $"{number}\n")), result.Output);
        Assert.Equal(("é err\n", 7, isEncrypted), (result.Error, result.ExitCode, result.IsEncrypted));
        Assert.Equal(SessionEndKind.Exited, result.Kind);
    }

    /// <summary>Run Command: a script that fails after both streams were written to, and one that is called off.</summary>
    private static async Task TryRunCommandAsync(TestSandbox sandbox, RealAgentProcess agent, string id)
    {
        GetCommandInvocationResponse failed = await WaitForCommandAsync(
            sandbox, agent, id, await SendAsync(sandbox, id, "echo \"out $((40+2))\"", "echo 'err é' >&2", "exit 3"));
        Assert.Equal(("Failed", 3), (failed.Status, failed.ResponseCode));
        Assert.Equal("out 42\n", failed.StandardOutputContent);
        Assert.StartsWith("err é\n", failed.StandardErrorContent, StringComparison.Ordinal);
        Assert.EndsWith("exit status 3", failed.StandardErrorContent, StringComparison.Ordinal);

        string endless = await SendAsync(sandbox, id, "cat /dev/zero > /dev/null");
        await WaitForAsync(agent, () => sandbox.Host.World.Commands[endless].Invocations[0].Status == "InProgress");
        await sandbox.Aws.Ssm.CancelCommandAsync(new CancelCommandRequest { CommandId = endless }, TestTimeout.Token);
        Assert.Equal("Cancelled", (await WaitForCommandAsync(sandbox, agent, id, endless)).Status);
    }

    private static async Task<string> SendAsync(TestSandbox sandbox, string id, params string[] lines)
    {
        SendCommandResponse response = await sandbox.Aws.Ssm.SendCommandAsync(
            new SendCommandRequest { InstanceIds = { id }, DocumentName = "AWS-RunShellScript", Parameters = { ["commands"] = [.. lines] } },
            TestTimeout.Token);
        return response.Command!.CommandId!;
    }

    private static async Task<GetCommandInvocationResponse> WaitForCommandAsync(
        TestSandbox sandbox, RealAgentProcess agent, string id, string commandId)
    {
        await WaitForAsync(agent, () => sandbox.Host.World.Commands[commandId].Invocations[0].IsOver);
        return await sandbox.Aws.Ssm.GetCommandInvocationAsync(
            new GetCommandInvocationRequest { CommandId = commandId, InstanceId = id }, TestTimeout.Token);
    }

    private static async Task<string> ReadUserAsync(TestSandbox sandbox, string id)
    {
        FakeTerminal terminal = new();
        await RunAsync(sandbox, terminal, new ShellSessionOptions
        {
            Target = id,
            DocumentName = "AWS-StartInteractiveCommand",
            Parameters = new Dictionary<string, IReadOnlyList<string>> { ["command"] = ["echo [$(id -un)]"] },
        });
        return terminal.Screen.Split('[', ']')[1];
    }

    private static async Task<SessionEnd> RunAsync(TestSandbox sandbox, FakeTerminal terminal, ShellSessionOptions options)
    {
        await using ShellSession session = await ShellSession.StartAsync(sandbox.Aws, options, null, TestTimeout.Token);
        return await session.RunAsync(terminal, TestTimeout.Token);
    }
}
