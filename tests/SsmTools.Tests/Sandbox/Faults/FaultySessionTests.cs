using System.Collections.Concurrent;
using SsmTools.Engine;
using SsmTools.Engine.Protocol;
using SsmTools.Sandbox;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.Faults;

/// <summary>
/// The module's client against each fault, over real sockets: every byte arrives once and in order, or the session ends
/// with the right reason.
/// </summary>
public sealed class FaultySessionTests
{
    private const int Length = 128 * 1024;
    private const int Chunk = 1024;

    private readonly ConcurrentDictionary<ulong, StreamProgram> _programs = new();

    [Theory]
    [InlineData("drop=5%")]
    [InlineData("drop=20%:up")]
    [InlineData("drop@100000:down")]
    [InlineData("duplicate=10%")]
    [InlineData("reorder=10%")]
    [InlineData("delay=20ms:5%")]
    [InlineData("corrupt=5%")]
    [InlineData("corrupt@65536")]
    [InlineData("slow-agent=1ms")]
    [InlineData("expired-token:x2")]
    [InlineData("api-delay=50ms:StartSession")]
    [InlineData("throttle:StartSession:x1")]
    public Task Every_byte_arrives_once_and_in_order(string fault) => CheckWholeAsync(0, fault);

    [Theory]
    [InlineData("close@65536")]
    [InlineData("close=1000@65536")]
    [InlineData("close@65536:agent")]
    [InlineData("close=1001@65536:agent")]
    [InlineData("close=2%:x5")]
    [InlineData("half-open@65536")]
    [InlineData("close@65536", "expired-token:x2")]
    [InlineData("close@65536", "throttle:ResumeSession:x1")]
    [InlineData("close@65536", "5xx:ResumeSession:x1")]
    [InlineData("close@65536", "api-delay=50ms:ResumeSession")]
    [InlineData("close=1000@65536", "drop=2%", "duplicate=2%", "reorder=2%", "delay=10ms:2%", "corrupt=2%")]
    public Task Nothing_is_lost_with_a_link(params string[] faults) =>
        CheckWholeAsync(faults[0].Contains("agent", StringComparison.Ordinal) ? 0 : 1, faults);

    [UnixTheory]
    [InlineData]
    [InlineData("drop=5%", "close@65536")]
    public async Task By_TLS_it_is_no_different(params string[] faults)
    {
        using TemporaryDirectory directory = new();
        string caFile = Path.Combine(directory.Path, "ca.pem");
        await using TestSandbox sandbox = await StartAsync(options => options with { TlsPort = 0, CaFile = caFile, Faults = faults });
        using StreamClient client = new(sandbox.Aws, (await sandbox.LaunchOnlineAsync()).Id, 42, Length, Chunk)
        {
            Links = new CountingConnector(new TlsConnector(sandbox.Host.Facts.TlsEndpoint!, caFile)),
            MaxSilence = TimeSpan.FromSeconds(1),
        };

        ChannelEvent? end = await client.RunAsync(TestTimeout.Token);

        Assert.Equal(ChannelEventKind.Closed, end?.Kind);
        AssertWhole(client);
        Assert.Equal(faults.Length > 0, client.Resumes > 0);
    }

    [Theory]
    [InlineData("refused-resume")]
    [InlineData("refused-resume=DoesNotExist")]
    public async Task A_session_that_may_not_be_resumed_has_ended(string refusal)
    {
        await using TestSandbox sandbox = await StartAsync("close@65536", refusal);
        using StreamClient client = await ConnectAsync(sandbox);

        Assert.Null(await client.RunAsync(TestTimeout.Token));

        Assert.Equal(1, sandbox.Host.Faults.Current[1].Hits);
        Assert.False(client.Received.IsWhole);
        Assert.Equal(0, client.Received.Wrong);
    }

    [Fact]
    public async Task Credentials_that_expired_meanwhile_end_it_with_that_reason()
    {
        await using TestSandbox sandbox = await StartAsync("close@65536", "expired-credentials:ResumeSession");
        using StreamClient client = await ConnectAsync(sandbox);

        EngineException end = await Assert.ThrowsAsync<EngineException>(() => client.RunAsync(TestTimeout.Token));

        Assert.Equal(ErrorKind.AuthenticationError, end.Kind);
        Assert.Equal(0, client.Received.Wrong);
    }

    [Fact]
    public async Task A_service_that_is_out_of_order_is_said_to_be_so()
    {
        await using TestSandbox sandbox = await StartAsync("5xx=503:StartSession");
        using StreamClient client = await ConnectAsync(sandbox);

        EngineException end = await Assert.ThrowsAsync<EngineException>(() => client.RunAsync(TestTimeout.Token));

        Assert.Equal(ErrorKind.ResourceUnavailable, end.Kind);
        Assert.Equal(1, sandbox.Host.Faults.Current[0].Hits); // not tried again: nobody knows whether a session was started
    }

    [Fact]
    public async Task Faults_come_and_go_while_a_session_runs()
    {
        await using TestSandbox sandbox = await StartAsync();
        using StreamClient client = await ConnectAsync(sandbox);
        sandbox.Host.Faults.Set(["drop:down:x1"]);
        Task<ChannelEvent?> run = client.RunAsync(TestTimeout.Token);
        CancellationToken timeout = TestTimeout.Token;
        while (sandbox.Host.Faults.Current[0].Hits == 0)
        {
            await Task.Yield();
            timeout.ThrowIfCancellationRequested();
        }

        sandbox.Host.Faults.Set(["close:x3"]);
        ChannelEvent? end = await run;

        Assert.Equal(ChannelEventKind.Closed, end?.Kind);
        AssertWhole(client);
    }

    [Fact]
    public async Task A_half_open_link_neither_passes_anything_nor_says_so_and_a_new_one_carries_on()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        InstanceRecord instance = await sandbox.LaunchOnlineAsync();
        using RawDataClient dead = await sandbox.OpenSessionAsync(instance.Id);
        await dead.TypeAsync("PS1='rea''dy> '\r"); // its last word for now
        await dead.WaitForAsync("ready> ");
        sandbox.Host.Faults.Set(["half-open"]);
        await dead.SendBytesAsync(RawDataClient.Input(1, PayloadType.Output, "echo lo''st\r"));
        Task silence = ReadToEndAsync(dead);

        sandbox.Host.Faults.Clear();
        await sandbox.CreateProfileAsync("anything"); // calls that are answered while the link says nothing
        Assert.False(silence.IsCompleted);
        Engine.Aws.Ssm.ResumeSessionResponse again = await sandbox.Aws.Ssm.ResumeSessionAsync(
            new Engine.Aws.Ssm.ResumeSessionRequest { SessionId = dead.SessionId }, TestTimeout.Token);
        using RawDataClient alive = await RawDataClient.OpenAsync(dead.SessionId, again.StreamUrl!, again.TokenValue!, dead);
        await alive.TypeAsync("echo fo''und\r");
        await alive.WaitForAsync("found");

        Assert.DoesNotContain("lo''st", alive.Shown, StringComparison.Ordinal);
    }

    private static async Task ReadToEndAsync(RawDataClient client)
    {
        while (await client.ReceiveAsync())
        {
        }
    }

    private async Task CheckWholeAsync(int resumes, params string[] faults)
    {
        await using TestSandbox sandbox = await StartAsync(faults);
        using StreamClient client = await ConnectAsync(sandbox);

        ChannelEvent? end = await client.RunAsync(TestTimeout.Token);

        Assert.Equal(ChannelEventKind.Closed, end?.Kind);
        AssertWhole(client);
        Assert.True(client.Resumes >= resumes, $"{client.Resumes} resumes");
        Assert.All(sandbox.Host.Faults.Current, fault => Assert.True(fault.Hits > 0, fault.Text));
    }

    private void AssertWhole(StreamClient client)
    {
        StreamProgram program = Assert.Single(_programs.Values);
        Assert.Equal((0, 0), (client.Received.Wrong, program.Read!.Wrong));
        Assert.Equal((Length, Length), (client.Received.Count, program.Read.Count));
        Assert.Equal(program.Written!.Hash, client.Received.Hash);
        Assert.Equal(client.Sent.Hash, program.Read.Hash);
    }

    private Task<TestSandbox> StartAsync(params string[] faults) => StartAsync(options => options with { Faults = faults });

    private Task<TestSandbox> StartAsync(Func<SandboxOptions, SandboxOptions> change) => TestSandbox.StartAsync(
        options => change(options with { FaultSeed = 1, Program = _ => new StreamProgram(_programs, Chunk) }));

    private static async Task<StreamClient> ConnectAsync(TestSandbox sandbox) =>
        new(sandbox.Aws, (await sandbox.LaunchOnlineAsync()).Id, 42, Length, Chunk) { MaxSilence = TimeSpan.FromSeconds(1) };
}
