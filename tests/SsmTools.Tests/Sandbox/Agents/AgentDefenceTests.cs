using System.Text;
using SsmTools.Engine.Protocol;
using SsmTools.Sandbox.Agents;
using SsmTools.Sandbox.Pty;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.Agents;

/// <summary>What an agent is given that no gateway and no network should give it.</summary>
public sealed class AgentDefenceTests
{
    [Theory]
    [InlineData("""{"sessionType":"InteractiveCommands","properties":{"linux":{"commands":"\ud800"},"windows":{"commands":"\ud800"}}}""")]
    [InlineData("""{"sessionType":"\udc00"}""")]
    [InlineData("""{"inputs":{"shellProfile":{"linux":"\ud800x","windows":"\ud800x"}}}""")]
    [InlineData("""{"sessionType":"Port","properties":{"portNumber":"\ud800"}}""")]
    public void A_document_whose_text_is_none_is_refused_with_words(string document)
        => Assert.Contains("is no text", Refuse(document), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"sessionType":"Dance"}""", "Dance")]
    [InlineData("""{"sessionType":"Port"}""", "no properties")]
    [InlineData("""{"sessionType":"Port","properties":"80"}""", "no properties")]
    [InlineData("""{"sessionType":"Port","properties":{"host":[]}}""", "host is no string")]
    public void What_the_agent_does_not_serve_is_refused_with_words(string document, string words)
        => Assert.Contains(words, Refuse(document), StringComparison.Ordinal);

    [Theory]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(TaskCanceledException))] // by a time limit within, and by nobody who ended the session
    public async Task A_defect_ends_the_session_with_a_report_and_not_in_silence(Type defect)
    {
        using HttpClient http = new(new StuckHandler());
        AgentSettings settings = Settings() with { Shell = _ => throw (Exception)Activator.CreateInstance(defect, "secret")! };
        MetadataClient metadata = new(http, "http://127.0.0.1", settings.Clock);
        AgentApi api = new(http, metadata, settings);
        AgentKms kms = new(http, metadata, settings);

        AgentTaskCompletePayload report = await new AgentSession(new SessionTask { SessionId = "s-1" }, settings, api, kms)
            .RunAsync(TestTimeout.Token);

        Assert.Equal("Failed", report.FinalTaskStatus);
        Assert.DoesNotContain("secret", report.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_takes_too_long_is_tried_again_and_is_not_the_agents_end()
    {
        using HttpClient http = new(new StuckHandler()) { Timeout = TimeSpan.FromMilliseconds(1) };
        AgentSettings settings = Settings();
        AgentApi api = new(http, new MetadataClient(http, "http://127.0.0.1", settings.Clock), settings);

        await Assert.ThrowsAsync<AgentException>(() => api.OpenControlChannelAsync(TestTimeout.Token));
    }

    [Fact]
    public async Task A_log_that_nobody_takes_ends_in_time_and_without_an_error()
    {
        ManualTimeProvider time = new();
        using HttpClient http = new(new StuckHandler());
        AgentSettings settings = Settings() with { Clock = new SandboxClock(time) };
        AgentStorage storage = new(http, new MetadataClient(http, "http://127.0.0.1", settings.Clock), settings, _ => true);
        AgentSessionLog log = new(
            new SessionTask { SessionId = "s-1" }, new SessionLogPlan("bucket", "", false, "/group", false, IsStreamed: false), storage, settings);
        await log.StartAsync(TestTimeout.Token);
        log.Write("seen"u8);

        Task ending = log.DisposeAsync().AsTask();
        Assert.False(ending.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(10));
        await ending.WaitAsync(TestTimeout.Seconds(5));
    }

    private static string Refuse(string document)
    {
        byte[] json = Encoding.UTF8.GetBytes($$"""{"SessionId":"s-1","DocumentContent":{{document}}}""");
        Assert.True(ProtocolJson.TryRead(json, ProtocolJson.Wire.SessionTask, out SessionTask? task));
        return Assert.Throws<AgentException>(() => SessionPlan.Read(task, Settings())).Message;
    }

    private static AgentSettings Settings() => new()
    {
        Target = "i-1",
        Endpoint = "http://127.0.0.1",
        Region = "eu-west-1",
        BootDelay = TimeSpan.Zero,
        Clock = new SandboxClock(),
        Shell = _ => new PseudoTerminalOptions { FileName = "", WorkingDirectory = "", Environment = new Dictionary<string, string>() },
    };

    /// <summary>Never answers.</summary>
    private sealed class StuckHandler : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException("Unreachable.");
        }
    }
}
