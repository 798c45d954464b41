using System.Text;
using SsmTools.Engine;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Iam;
using SsmTools.Engine.Aws.Kms;
using SsmTools.Engine.Sessions;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox;

/// <summary>Encrypted shells over real sockets, and the KMS that they need.</summary>
public sealed class EncryptedShellTests
{
    [UnixFact]
    public async Task Client_and_agent_have_an_encrypted_shell_whose_bytes_the_gateway_cannot_read()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        InstanceRecord instance = await LaunchAsync(sandbox);
        RecordingConnector link = new();
        ShellSessionOptions options = new() { Target = instance.Id };
        FakeTerminal terminal = new();

        await using ShellSession session = await ShellSession.StartAsync(
            new SsmSessionApi(sandbox.Aws, options), link, options, TimeProvider.System, TestTimeout.Token);
        Task<SessionEnd> run = session.RunAsync(terminal, TestTimeout.Token);
        await terminal.WhenShownAsync("This session is encrypted using AWS KMS.", TestTimeout.Token);
        terminal.Type("echo whis''pered\r");
        await terminal.WhenShownAsync("whispered", TestTimeout.Token);
        terminal.Type("exit\r");
        SessionEnd end = await run;

        Assert.True(end.IsEncrypted);
        string carried = Encoding.Latin1.GetString([.. link.Carried]);
        Assert.Contains("KMSCipherTextKey", carried, StringComparison.Ordinal);
        Assert.Contains("\"cols\"", carried, StringComparison.Ordinal);
        Assert.DoesNotContain("whis''pered", carried, StringComparison.Ordinal);
        Assert.DoesNotContain("whispered", carried, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task A_node_that_may_not_decrypt_ends_the_session_and_says_so()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        InstanceRecord instance = await sandbox.LaunchOnlineAsync();
        sandbox.Host.World.Preferences.KmsKeyId = "alias/sandbox";

        await using ShellSession session = await ShellSession.StartAsync(
            sandbox.Aws, new ShellSessionOptions { Target = instance.Id }, null, TestTimeout.Token);
        SessionEnd end = await session.RunAsync(new FakeTerminal(), TestTimeout.Token);

        Assert.Equal(SessionEndKind.Closed, end.Kind);
        Assert.Contains("kms:Decrypt", end.Reason, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task A_caller_that_may_not_generate_keys_is_told_the_missing_action()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        InstanceRecord instance = await LaunchAsync(sandbox);
        await sandbox.CreateProfileAsync("caller", withRights: false);
        await AllowAsync(sandbox, "caller", "ssm:*");
        RoleRecord role;
        lock (sandbox.Host.World.Gate)
        {
            role = sandbox.Host.World.Roles["caller"];
        }

        SsmTools.Sandbox.Security.Credential credential = sandbox.Host.Credentials.IssueRole(role, "caller", TimeSpan.FromHours(1));
        using AwsContext aws = AwsContext.Create(new AwsOptions
        {
            EndpointUrl = sandbox.Host.Facts.Endpoint,
            Region = sandbox.Host.Facts.Region,
            AccessKey = credential.AccessKeyId,
            SecretKey = credential.SecretAccessKey,
            SessionToken = credential.SessionToken,
        });
        await using ShellSession session = await ShellSession.StartAsync(
            aws, new ShellSessionOptions { Target = instance.Id }, null, TestTimeout.Token);

        EngineException error = await Assert.ThrowsAsync<EngineException>(
            () => session.RunAsync(new FakeTerminal(), TestTimeout.Token));
        Assert.Equal(ErrorKind.PermissionDenied, error.Kind);
        Assert.Contains("kms:GenerateDataKey", error.Message + error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_key_is_bound_to_its_context_and_its_key()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        KmsClient kms = sandbox.Aws.Kms;
        Dictionary<string, string> context = new() { ["aws:ssm:SessionId"] = "s", ["aws:ssm:TargetId"] = "i" };
        GenerateDataKeyResponse made = await kms.GenerateDataKeyAsync(
            new GenerateDataKeyRequest { KeyId = "alias/sandbox", NumberOfBytes = 64, EncryptionContext = context }, TestTimeout.Token);
        Task<DecryptResponse> Decrypt(Dictionary<string, string> with, string? key = null, int flip = -1)
        {
            byte[] blob = [.. made.CiphertextBlob!];
            if (flip >= 0)
            {
                blob[flip] ^= 1;
            }

            return kms.DecryptAsync(
                new DecryptRequest { CiphertextBlob = blob, EncryptionContext = with, KeyId = key }, TestTimeout.Token);
        }

        Assert.Equal(64, made.Plaintext!.Length);
        foreach (string name in new[] { "alias/sandbox", made.KeyId!, made.KeyId!.Split('/')[1] })
        {
            Assert.Equal(made.Plaintext, (await Decrypt(new(context.Reverse()), name)).Plaintext);
        }

        foreach (Task<DecryptResponse> wrong in new[]
        {
            Decrypt([]), Decrypt(new(context) { ["aws:ssm:TargetId"] = "j" }), Decrypt(context, flip: 0),
            Decrypt(context, flip: 50), Decrypt(context, flip: made.CiphertextBlob!.Length - 1),
        })
        {
            Exception refusal = await Assert.ThrowsAnyAsync<Exception>(() => wrong);
            Assert.True(AwsErrors.HasCode(refusal, "InvalidCiphertextException"), refusal.ToString());
        }

        Exception unknown = await Assert.ThrowsAnyAsync<Exception>(() => Decrypt(context, "alias/none"));
        Assert.True(AwsErrors.HasCode(unknown, "NotFoundException"), unknown.ToString());
    }

    /// <summary>An instance whose sessions are encrypted, and that may decrypt their keys.</summary>
    private static async Task<InstanceRecord> LaunchAsync(TestSandbox sandbox)
    {
        InstanceRecord instance = await sandbox.LaunchOnlineAsync();
        await AllowAsync(sandbox, "web", "kms:Decrypt");
        sandbox.Host.World.Preferences.KmsKeyId = "alias/sandbox";
        return instance;
    }

    private static async Task AllowAsync(TestSandbox sandbox, string role, string action) => await sandbox.Aws.Iam.PutRolePolicyAsync(
        new PutRolePolicyRequest
        {
            RoleName = role,
            PolicyName = "more",
            PolicyDocument = $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"{{action}}","Resource":"*"}]}""",
        },
        TestTimeout.Token);

    /// <summary>Links over WebSockets that keep a copy of every byte that they carry.</summary>
    private sealed class RecordingConnector : ITransportConnector
    {
        private readonly WebSocketConnector _inner = new(TimeProvider.System);

        public List<byte> Carried { get; } = [];

        public async Task<IMessageTransport> ConnectAsync(string streamUrl, CancellationToken cancellationToken) =>
            new RecordingTransport(await _inner.ConnectAsync(streamUrl, cancellationToken), this);

        public void Record(ReadOnlySpan<byte> bytes)
        {
            lock (Carried)
            {
                Carried.AddRange(bytes);
            }
        }
    }

    private sealed class RecordingTransport(IMessageTransport inner, RecordingConnector record) : IMessageTransport
    {
        public ValueTask SendTextAsync(ReadOnlyMemory<byte> utf8, CancellationToken cancellationToken) =>
            inner.SendTextAsync(utf8, cancellationToken);

        public ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
        {
            record.Record(frame.Span);
            return inner.SendAsync(frame, cancellationToken);
        }

        public async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken)
        {
            ReadOnlyMemory<byte>? frame = await inner.ReceiveAsync(cancellationToken);
            record.Record(frame.GetValueOrDefault().Span);
            return frame;
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
