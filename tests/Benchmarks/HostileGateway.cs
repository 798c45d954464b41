using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using SsmTools.Engine;
using SsmTools.Engine.Protocol;
using SsmTools.Engine.Sessions;
using SsmTools.Engine.Terminal;
using SsmTools.Sandbox.Agents;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.Pty;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;

namespace SsmTools.Benchmarks;

/// <summary>
/// A gateway, and an instance's metadata beside it, that let everybody in and then send fuzzed frames to whoever opened
/// a socket, and hang up.
/// </summary>
internal sealed class HostileGateway : ISessionApi, IAsyncDisposable
{
    private const string Token = "token";

    private readonly Credential? _credential;
    private readonly FrameFuzzer? _frames;
    private readonly HttpServer _server;
    private int _left;

    /// <summary>Only hands out credentials.</summary>
    public HostileGateway(Credential credential)
        : this() => _credential = credential;

    private HostileGateway(FrameFuzzer frames, int count)
        : this() => (_frames, _left) = (frames, count);

    private HostileGateway() => _server = new HttpServer(new IPEndPoint(IPAddress.Loopback, 0), HandleAsync);

    public static async Task<int> AttackClientAsync(FrameFuzzer frames, int count)
    {
        await using HostileGateway gateway = new(frames, count);
        using MemoryStream output = new();
        using StreamTerminal terminal = new(Stream.Null, output);
        await using ShellSession session = await ShellSession.StartAsync(
            gateway, new WebSocketConnector(TimeProvider.System), new ShellSessionOptions { Target = "i-1" }, TimeProvider.System,
            CancellationToken.None);
        try
        {
            await session.RunAsync(terminal, CancellationToken.None);
        }
        catch (EngineException)
        {
            // Ended with words, as is right.
        }

        return count - gateway._left;
    }

    public static async Task<int> AttackAgentAsync(FrameFuzzer frames, int count)
    {
        await using HostileGateway gateway = new(frames, count);
        using HttpClient http = new();
        AgentSettings settings = CreateSettings(gateway._server.BaseAddress, "i-1");
        AgentApi api = gateway.CreateApi(http, settings);
        AgentKms kms = new(http, new MetadataClient(http, settings.Endpoint, settings.Clock), settings);
        AgentSessions sessions = new(settings, api, kms);
        AgentCommands commands = new(settings, new AgentReports(settings, api), storage: null);
        await using (sessions)
        await using (commands)
        {
            while (gateway._left > 0)
            {
                using (AgentSocket socket = await api.OpenControlChannelAsync(CancellationToken.None))
                {
                    await new AgentControl(socket, sessions, commands, () => true, settings).RunAsync(CancellationToken.None);
                }

                SessionTask task = new() { SessionId = "s-own", DocumentContent = JsonSerializer.SerializeToElement(new { }) };
                using CancellationTokenSource end = new(TimeSpan.FromSeconds(5));
                await new AgentSession(task, settings, api, kms).RunAsync(end.Token);
            }
        }

        return count;
    }

    /// <summary>An agent's calls to a gateway, with the credentials that are handed out here.</summary>
    public AgentApi CreateApi(HttpClient http, string endpoint, string target) => CreateApi(http, CreateSettings(endpoint, target));

    public Task<SessionGrant> StartAsync(CancellationToken cancellationToken) => Task.FromResult(Grant());

    public Task<SessionGrant?> ResumeAsync(string sessionId, CancellationToken cancellationToken) =>
        Task.FromResult(_left > 0 ? Grant() : null);

    public Task<SessionDataKey> GenerateDataKeyAsync(
        string sessionId, DataKeyNeed need, CancellationToken cancellationToken) => Task.FromException<SessionDataKey>(
            new EngineException("NoKey", ErrorKind.PermissionDenied, "There are no keys here."));

    public Task<bool?> IsNodeConnectedAsync(CancellationToken cancellationToken) => Task.FromResult<bool?>(null);

    public Task TerminateAsync(string sessionId, CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private SessionGrant Grant() => new("s-1", $"ws://{_server.EndPoint}/v1/data-channel/s-1", Token);

    private AgentApi CreateApi(HttpClient http, AgentSettings settings) =>
        new(http, new MetadataClient(http, _server.BaseAddress, settings.Clock), settings);

    /// <summary>Its shell is one that runs nothing.</summary>
    private static AgentSettings CreateSettings(string endpoint, string target) => new()
    {
        Target = target,
        Endpoint = endpoint,
        Region = "eu-west-1",
        BootDelay = TimeSpan.Zero,
        Clock = new SandboxClock(),
        Shell = _ => new PseudoTerminalOptions
        {
            FileName = "/bin/cat", WorkingDirectory = Path.GetTempPath(), Environment = new Dictionary<string, string>(),
        },
    };

    private Task<HttpResponse> HandleAsync(HttpRequest request, CancellationToken cancellationToken) => Task.FromResult(
        (request.Method, request.IsUpgrade) switch
        {
            (_, true) => HttpResponse.WebSocket(AttackAsync),
            ("PUT", _) => HttpResponse.Text(200, Token),
            ("POST", _) => HttpResponse.Text(201, $"<R><TokenValue>{Token}</TokenValue></R>", "application/xml"),
            _ when request.Path.EndsWith("/role", StringComparison.Ordinal) => HttpResponse.Text(200, Credentials()),
            _ => HttpResponse.Text(200, "role"),
        });

    private string Credentials() => new JsonObject
    {
        ["Code"] = "Success",
        ["AccessKeyId"] = _credential?.AccessKeyId ?? "AKIA",
        ["SecretAccessKey"] = _credential?.SecretAccessKey ?? "secret",
        ["Token"] = _credential?.SessionToken ?? Token,
        ["Expiration"] = DateTimeOffset.UtcNow.AddHours(1).ToString("O"),
    }.ToJsonString();

    private async Task AttackAsync(WebSocket socket, CancellationToken cancellationToken)
    {
        SocketReader reader = new(socket);
        _ = await reader.ReadAsync(cancellationToken: cancellationToken);
        Task<byte[]?> answers = ReadAllAsync(reader, cancellationToken);
        for (int i = 0; i < 100 && Interlocked.Decrement(ref _left) >= 0 && socket.State == WebSocketState.Open; i++)
        {
            await socket.SendAsync(_frames!.Next(i / 3).AsMemory(), WebSocketMessageType.Binary, true, cancellationToken);
        }

        socket.Abort();
        await answers;
    }

    private static async Task<byte[]?> ReadAllAsync(SocketReader reader, CancellationToken cancellationToken)
    {
        byte[]? last;
        do
        {
            last = await reader.ReadAsync(cancellationToken: cancellationToken);
        }
        while (last is not null);

        return last;
    }
}
