using System.Net.Sockets;
using SsmTools.Engine;
using SsmTools.Engine.Protocol;
using SsmTools.Engine.Sessions;
using SsmTools.Engine.Terminal;
using SsmTools.Sandbox;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox;

public sealed class SandboxHostTests
{
    [UnixFact]
    public async Task A_client_that_speaks_the_protocol_gets_a_shell_resizes_it_and_sees_it_end()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        InstanceRecord instance = await sandbox.LaunchOnlineAsync();

        using RawDataClient client = await sandbox.OpenSessionAsync(instance.Id);
        await client.SendAsync(PayloadType.Size, """{"cols":123,"rows":45}""");
        await client.WaitForAsync("$ ");
        await client.TypeAsync("stty size; echo \"sum=$((40+2))\"\r");
        await client.WaitForAsync("45 123\r\n");
        await client.WaitForAsync("sum=42\r\n");
        await client.SendAsync(PayloadType.Size, """{"cols":80,"rows":24}""");
        await client.TypeAsync("stty size\r");
        await client.WaitForAsync("24 80\r\n");
        Assert.Equal("Connected", await sandbox.ReadSessionStatusAsync(client.SessionId, "Active"));
        await client.TypeAsync("echo last-words; exit\r");

        ChannelClosedPayload closed = await client.WaitForEndAsync();

        Assert.Contains("last-words\r\n", client.Shown, StringComparison.Ordinal);
        Assert.Equal("", closed.Output);
        Assert.Equal(client.SessionId, closed.SessionId);
        Assert.Equal(instance.Id, closed.DestinationId);
        Assert.Equal("Terminated", await sandbox.ReadSessionStatusAsync(client.SessionId, "History"));
    }

    [UnixFact]
    public async Task The_engines_own_session_works_against_it()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        InstanceRecord instance = await sandbox.LaunchOnlineAsync();
        FakeTerminal terminal = new() { Size = new TerminalSize(101, 33) };

        await using ShellSession session = await ShellSession.StartAsync(
            sandbox.Aws, new ShellSessionOptions { Target = instance.Id }, null, TestTimeout.Token);
        Task<SessionEnd> run = session.RunAsync(terminal, TestTimeout.Token);
        await terminal.WhenShownAsync("$ ", TestTimeout.Token);
        terminal.Type("stty size\r");
        await terminal.WhenShownAsync("33 101", TestTimeout.Token);
        terminal.Type("exit\r");
        SessionEnd end = await run;

        Assert.Equal(instance.Id, end.Target);
        Assert.False(terminal.IsRaw);
    }

    [UnixFact]
    public async Task The_recipes_last_step_reads_the_profile_from_inside_the_instance()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        InstanceRecord instance = await sandbox.LaunchOnlineAsync("recipe");
        using RawDataClient client = await sandbox.OpenSessionAsync(instance.Id);

        // The shell's own tools only, so that it runs where curl is not: bash opens the socket.
        await client.TypeAsync(
            "a=${AWS_EC2_METADATA_SERVICE_ENDPOINT#http://}; "
            + "ask() { exec 3<>/dev/tcp/${a%:*}/${a#*:}; printf \"$1 HTTP/1.1\\r\\nHost: $a\\r\\nConnection: close\\r\\n$2\\r\\n\\r\\n\" >&3; cat <&3; }; "
            + "t=$(ask 'PUT /latest/api/token' 'X-aws-ec2-metadata-token-ttl-seconds: 60' | tail -n 1); "
            + "ask 'GET /latest/meta-data/iam/info' \"X-aws-ec2-metadata-token: $t\"; echo done-$?\r");
        await client.WaitForAsync("done-0\r\n");

        Assert.Contains($"\"InstanceProfileArn\": \"arn:aws:iam::{sandbox.Host.World.AccountId}:instance-profile/recipe\"", client.Shown, StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task Disposing_it_ends_open_sessions_and_leaves_nothing_behind()
    {
        RawDataClient client;
        int port;
        string home;
        await using (TestSandbox sandbox = await TestSandbox.StartAsync())
        {
            InstanceRecord instance = await sandbox.LaunchOnlineAsync();
            home = sandbox.DirectoryPath;
            port = new Uri(sandbox.Host.Facts.Endpoint).Port;
            client = await sandbox.OpenSessionAsync(instance.Id);
            await client.TypeAsync("(trap '' HUP TERM; sleep 987) & nohup sleep 987 & setsid sleep 987 & echo started-$((1+1))\r");
            await client.WaitForAsync("started-2\r\n");
            Assert.NotEmpty(ProcessesOf(home));
        }

        Assert.Empty(ProcessesOf(home));
        using (client)
        using (TcpClient probe = new())
        {
            await Assert.ThrowsAsync<SocketException>(() => probe.ConnectAsync("127.0.0.1", port));
        }
    }

    [Fact]
    public async Task A_port_that_is_taken_is_an_error_that_says_so()
    {
        await using TestSandbox first = await TestSandbox.StartAsync();
        int port = new Uri(first.Host.Facts.Endpoint).Port;

        EngineException error = await Assert.ThrowsAsync<EngineException>(
            () => SandboxHost.StartAsync(new SandboxOptions { Port = port }, TestTimeout.Token));

        Assert.Equal("PortInUse", error.ErrorId);
        Assert.Contains($"{port}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Facts_do_not_show_the_secret_by_accident()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();

        Assert.DoesNotContain(sandbox.Host.Facts.SecretAccessKey, $"{sandbox.Host.Facts}", StringComparison.Ordinal);
    }

    /// <summary>Processes that have something of a sandbox's directory in their environment.</summary>
    private static IEnumerable<string> ProcessesOf(string directory) => Directory.GetDirectories("/proc").Where(process =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "environ")).Contains(directory, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });
}
