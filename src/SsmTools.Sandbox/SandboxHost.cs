using System.Net;
using System.Net.Sockets;
using SsmTools.Engine;
using SsmTools.Sandbox.Agents;
using SsmTools.Sandbox.Faults;
using SsmTools.Sandbox.Gateway;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox;

/// <summary>
/// A running sandbox: an AWS of its own on one port of 127.0.0.1. Disposing leaves no process, port or directory behind.
/// </summary>
public sealed class SandboxHost : IAsyncDisposable
{
    private readonly SandboxDirectory _directory;
    private readonly ApiEndpoint _api;
    private readonly GatewayEndpoint _gatewayEndpoint;
    private readonly MessageGateway _gateway;
    private readonly HttpServer _server;
    private readonly AgentHost _agents;
    private TlsEndpoint? _tls;
    private int _disposed;

    private SandboxHost(SandboxOptions options, SandboxDirectory directory)
    {
        _directory = directory;
        Faults.Set(options.Faults, options.FaultSeed);
        Clock = new SandboxClock(options.TimeProvider);
        World = new SandboxWorld(new WorldOptions { ProfileDelay = options.ProfileDelay, EndpointDelay = options.EndpointDelay }, Clock);
        World.Preferences.KmsKeyId = options.SessionKmsKeyId ?? "";
        Credentials = new CredentialStore(World.AccountId, Clock);
        SignatureVerifier verifier = new(Credentials, Clock, World.Region, new MachineSignatures(World));
        ChannelTokens tokens = new(Clock);
        _gateway = new MessageGateway(World, tokens, Faults);
        _gatewayEndpoint = new GatewayEndpoint(World, verifier, tokens, _gateway);
        _api = new ApiEndpoint(World, Credentials, verifier, _gateway, _gateway.Commands, Faults);

        // Nobody has credentials yet: whoever calls before the rest is in place is refused anyway.
        _server = new HttpServer(new IPEndPoint(IPAddress.Loopback, options.Port), HandleAsync, timeProvider: Clock.Inner);
        _gateway.WebSocketAddress = $"ws://{_server.EndPoint}";
        _agents = new AgentHost(
            World, Credentials, directory.Path, _server.BaseAddress, options.BootDelay, _gateway.EndSessionsOn, options.Program);
        World.Lifecycle.Host = _agents;
        Facts = CreateFacts(Credentials.IssueUser("sandbox"));
    }

    /// <summary>What clients need.</summary>
    public SandboxFacts Facts { get; private set; }

    /// <summary>What goes wrong here; nothing at first, unless the options say otherwise.</summary>
    public SandboxFaults Faults { get; } = new();

    /// <summary>The time at which this AWS lives; tests put it forward.</summary>
    internal SandboxClock Clock { get; }

    /// <summary>The account.</summary>
    internal SandboxWorld World { get; }

    /// <summary>Whom clients and agents meet at.</summary>
    internal MessageGateway Gateway => _gateway;

    /// <summary>Every credential that counts here.</summary>
    internal CredentialStore Credentials { get; }

    /// <summary>Starts a sandbox.</summary>
    /// <param name="options">How it is to be.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="EngineException">
    /// PortInUse: a port is taken. CaFileNotWritten: the certificate's file cannot be written, or is something else.
    /// FaultNotUnderstood: the options name what is no fault.
    /// </exception>
    public static Task<SandboxHost> StartAsync(SandboxOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Task.Run(() => OpenAsync(options), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        World.Scheduler.Dispose();
        World.Automation.Dispose();
        World.Lifecycle.Dispose();
        World.Associations.Dispose();
        await _agents.DisposeAsync().ConfigureAwait(false);
        _gateway.Dispose();
        await _server.DisposeAsync().ConfigureAwait(false);
        if (_tls is not null)
        {
            await _tls.DisposeAsync().ConfigureAwait(false);
        }

        _directory.Dispose();
    }

    private static async Task<SandboxHost> OpenAsync(SandboxOptions options)
    {
        SandboxDirectory directory = SandboxDirectory.Create(options.WorkingDirectory);
        SandboxHost host;
        try
        {
            host = new SandboxHost(options, directory);
        }
        catch (EngineException)
        {
            directory.Dispose();
            throw;
        }
        catch (SocketException e)
        {
            directory.Dispose();
            throw PortInUse(options.Port, e);
        }

        try
        {
            host.OpenTls(options);
            return host;
        }
        catch
        {
            await host.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static EngineException PortInUse(int port, SocketException inner) => new(
        "PortInUse",
        ErrorKind.ResourceBusy,
        $"The sandbox cannot listen on port {port} of 127.0.0.1: {inner.Message}",
        "Choose another port, or 0 for any free one.",
        $"{port}",
        inner);

    private void OpenTls(SandboxOptions options)
    {
        if (options.TlsPort is not int port)
        {
            return;
        }

        try
        {
            _tls = new TlsEndpoint(port, options.CaFile ?? Path.Combine(_directory.Path, "ca.pem"), HandleAsync, Clock.Inner);
        }
        catch (SocketException e)
        {
            throw PortInUse(port, e);
        }

        _gateway.SecureWebSocketAddress = $"wss://{_tls.EndPoint}";
        Facts = Facts with { TlsEndpoint = _tls.BaseAddress, CaFile = _tls.CaFile };
    }

    private Task<HttpResponse> HandleAsync(HttpRequest request, CancellationToken cancellationToken) =>
        GatewayEndpoint.Serves(request)
            ? _gatewayEndpoint.HandleAsync(request, cancellationToken)
            : _api.HandleAsync(request, cancellationToken);

    private SandboxFacts CreateFacts(Credential user) => new()
    {
        Endpoint = _server.BaseAddress,
        Region = World.Region,
        AccessKeyId = user.AccessKeyId,
        SecretAccessKey = user.SecretAccessKey,
        VpcId = World.Seed.Vpc.Id,
        Subnets = new SandboxSubnets
        {
            Isolated = Ids(World.Seed.Isolated),
            Private = Ids(World.Seed.Private),
            Dead = Ids(World.Seed.Dead),
        },
        SecurityGroupId = World.Seed.InstanceGroup.Id,
    };

    private static string[] Ids(IReadOnlyList<SubnetRecord> subnets) => [.. subnets.Select(subnet => subnet.Id)];
}
