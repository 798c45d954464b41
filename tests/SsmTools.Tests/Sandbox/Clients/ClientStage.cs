using System.Net;
using SsmTools.Sandbox.Commands;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Tests.Sandbox.Clients;

/// <summary>An account on a port and in real time, for clients in processes of their own; instances register as the rules say.</summary>
internal sealed class ClientStage : IAsyncDisposable
{
    private readonly HttpServer _server;

    /// <summary>Opens it.</summary>
    /// <param name="profileDelay">For how long EC2 does not see a new profile; whoever asks for /turn has that time pass.</param>
    public ClientStage(TimeSpan? profileDelay = null)
    {
        SandboxClock clock = new();
        TimeSpan delay = profileDelay ?? TimeSpan.FromMilliseconds(200);
        World = new SandboxWorld(new WorldOptions { StateDelay = TimeSpan.FromMilliseconds(20), ProfileDelay = delay }, clock);
        World.Lifecycle.Host = new RegisteringHost(World);
        CredentialStore credentials = new(World.AccountId, clock);
        Credential key = credentials.IssueUser("client");
        ApiEndpoint api = new(
            World,
            credentials,
            new SignatureVerifier(credentials, clock, World.Region),
            new StubBroker(),
            new CommandDispatcher(World, (_, _) => false));
        _server = new HttpServer(new IPEndPoint(IPAddress.Loopback, 0), (request, stop) =>
        {
            if (request.Path != "/turn")
            {
                return api.HandleAsync(request, stop);
            }

            clock.Advance(delay);
            return Task.FromResult(HttpResponse.Text(200, ""));
        });

        string nowhere = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Environment = new Dictionary<string, string>
        {
            ["AWS_ACCESS_KEY_ID"] = key.AccessKeyId,
            ["AWS_SECRET_ACCESS_KEY"] = key.SecretAccessKey,
            ["AWS_DEFAULT_REGION"] = World.Region,
            ["AWS_ENDPOINT_URL"] = Endpoint,
            ["AWS_CONFIG_FILE"] = nowhere,
            ["AWS_SHARED_CREDENTIALS_FILE"] = nowhere,
            ["AWS_EC2_METADATA_DISABLED"] = "true",
            ["AWS_PAGER"] = "",
            ["SUBNET"] = World.Seed.Isolated[0].Id,
            ["DEAD_SUBNET"] = World.Seed.Dead[0].Id,
            ["GROUP"] = World.Seed.InstanceGroup.Id,
            ["VPC"] = World.Seed.Vpc.Id,
        };
    }

    public SandboxWorld World { get; }

    public string Endpoint => _server.BaseAddress;

    /// <summary>Gets what a client needs to come here and nowhere else.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        World.Lifecycle.Dispose();
    }

    private sealed class RegisteringHost(SandboxWorld world) : IInstanceHost
    {
        public void Started(InstanceRecord instance)
        {
            if (RegistrationRules.Evaluate(world, instance).Count == 0)
            {
                world.Register(instance, "3.3.3050.0");
            }
        }

        public void Stopped(InstanceRecord instance)
        {
        }
    }
}
