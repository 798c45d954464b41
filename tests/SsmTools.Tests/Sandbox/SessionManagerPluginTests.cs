using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Terminal;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox;

/// <summary>AWS's own client, on a terminal of its own, against the sandbox.</summary>
public sealed class SessionManagerPluginTests
{
    [SessionManagerPluginFact]
    public async Task The_official_plugin_opens_a_shell_resizes_it_and_exits_with_it()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        InstanceRecord instance = await sandbox.LaunchOnlineAsync();
        StartSessionResponse session = await sandbox.StartSessionAsync(instance.Id);
        using TemporaryDirectory home = new();
        await using TerminalScreen screen = new(OfficialPlugin.Run(sandbox, instance.Id, session, home.Path));

        await screen.WaitForAsync("$ ");
        await screen.TypeAsync("stty size; echo sum=$((40+2))\r");
        await screen.WaitForAsync("31 97");
        await screen.WaitForAsync("sum=42");
        screen.Terminal.Resize(new TerminalSize(66, 22));

        // The plugin looks at its size every half second; ask until the shell has heard of it.
        await screen.TypeAsync("until stty size | grep '22 66'; do :; done\r");
        await screen.WaitForAsync("22 66\r");
        await screen.TypeAsync("exit\r");
        await screen.WaitForAsync($"Exiting session with sessionId: {session.SessionId}.");

        Assert.Equal(0, await screen.Terminal.Exited.WaitAsync(TestTimeout.Token));
    }

    [SessionManagerPluginFact]
    public async Task The_official_plugin_shows_why_a_session_ended()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        InstanceRecord instance = await sandbox.LaunchOnlineAsync();
        StartSessionResponse session = await sandbox.StartSessionAsync(instance.Id);
        using TemporaryDirectory home = new();
        await using TerminalScreen screen = new(OfficialPlugin.Run(sandbox, instance.Id, session, home.Path));
        await screen.WaitForAsync("$ ");
        // Nothing follows the answer: a prompt would be activity, and may come at any time.
        await screen.TypeAsync("stty size; exec sleep 300\r");
        await screen.WaitForAsync("31 97\r");

        // Twice, because what is not yet acknowledged may be sent again in the middle of the first.
        sandbox.Host.Clock.Advance(TimeSpan.FromMinutes(21));
        sandbox.Host.Clock.Advance(TimeSpan.FromMinutes(21));

        await screen.WaitForAsync($"SessionId: {session.SessionId} : Your session timed out due to inactivity");
    }
}
