using SsmTools.Engine;
using SsmTools.Engine.Protocol;
using SsmTools.Engine.Sessions;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sessions;

/// <summary>What a session does when the account asks for encryption.</summary>
[Trait("Category", "Windows")]
public sealed class EncryptedSessionTests
{
    private static readonly byte[] s_dataKey = [.. Enumerable.Range(0, SessionKeys.DataKeyLength).Select(i => (byte)i)];

    [Fact]
    public async Task The_shell_opens_when_the_key_is_there_and_its_end_says_that_it_was_encrypted()
    {
        MemoryNode node = NewNode();
        SessionDataKey key = new([.. s_dataKey], [.. s_dataKey]);
        TaskCompletionSource<SessionDataKey> kms = new(TaskCreationOptions.RunContinuationsAsynchronously);
        node.OnDataKey = (_, cancellationToken) => kms.Task.WaitAsync(cancellationToken);
        FakeTerminal terminal = new();
        Task<SessionEnd> run = await StartAsync(node, terminal);
        await node.WaitForAsync("key s-1 alias/x", TestTimeout.Token);
        Assert.False(terminal.IsRaw);
        kms.SetResult(key);

        await terminal.WhenShownAsync("This session is encrypted using AWS KMS.", TestTimeout.Token);
        node.Say("$ ");
        await terminal.WhenShownAsync("$ ", TestTimeout.Token);
        terminal.Type("ls\r");
        await node.WaitForAsync("Output:ls\r", TestTimeout.Token);
        node.Close("");

        Assert.True((await run).IsEncrypted);
        Assert.All(key.Plain, one => Assert.Equal(0, one));
    }

    [Fact]
    public async Task A_key_that_is_refused_ends_the_session_with_the_reason()
    {
        MemoryNode node = NewNode();
        EngineException refusal = new("AccessDenied", ErrorKind.PermissionDenied, "kms:GenerateDataKey was denied.");
        node.OnDataKey = (_, _) => Task.FromException<SessionDataKey>(refusal);
        Task<SessionEnd> run = await StartAsync(node, new FakeTerminal());

        Assert.Same(refusal, await Assert.ThrowsAsync<EngineException>(() => run));
        Assert.Contains("terminate s-1", node.Log);
    }

    [Fact]
    public async Task A_link_that_is_lost_while_the_key_is_made_is_resumed_with_the_same_key()
    {
        MemoryNode node = NewNode();
        TaskCompletionSource<SessionDataKey> kms = new(TaskCreationOptions.RunContinuationsAsynchronously);
        node.OnDataKey = (_, cancellationToken) => kms.Task.WaitAsync(cancellationToken);
        FakeTerminal terminal = new();
        Task<SessionEnd> run = await StartAsync(node, terminal);
        await node.WaitForAsync("key s-1 alias/x", TestTimeout.Token);
        node.BreakLink();
        await node.WaitForAsync("open token-again", TestTimeout.Token);
        kms.SetResult(new SessionDataKey([.. s_dataKey], [.. s_dataKey]));

        await terminal.WhenShownAsync("encrypted", TestTimeout.Token);
        node.Close("");
        Assert.Equal(1, (await run).Reconnects);
        Assert.Single(node.Log, line => line.StartsWith("key ", StringComparison.Ordinal));
    }

    private static MemoryNode NewNode() => new(new DataChannelOptions
    {
        Role = ChannelRole.Agent,
        Handshake = new SessionTypeParameters { SessionType = SessionType.StandardStream },
        Encryption = new KmsEncryptionParameters { KmsKeyId = "alias/x", Challenge = "YWJj" },
    });

    private static async Task<Task<SessionEnd>> StartAsync(MemoryNode node, FakeTerminal terminal)
    {
        ShellSession session = await ShellSession.StartAsync(
            node, node, new ShellSessionOptions { Target = "i-1" }, TimeProvider.System, TestTimeout.Token);
        return session.RunAsync(terminal, TestTimeout.Token);
    }
}
