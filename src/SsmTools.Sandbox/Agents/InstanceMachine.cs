using SsmTools.Sandbox.Metadata;
using SsmTools.Sandbox.Pty;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Agents;

/// <summary>An instance while it runs: its directory, its metadata endpoint and its agent.</summary>
internal sealed class InstanceMachine : IAsyncDisposable
{
    private const string MetadataVariable = "AWS_EC2_METADATA_SERVICE_ENDPOINT";

    private readonly MetadataServer _metadata;
    private readonly HttpClient _http;
    private readonly CancellationTokenSource _off = new();
    private readonly Task _agent;

    /// <summary>Switches it on.</summary>
    public InstanceMachine(
        SandboxWorld world,
        CredentialStore credentials,
        InstanceRecord instance,
        string home,
        string endpoint,
        TimeSpan bootDelay,
        Func<PseudoTerminalOptions, IPseudoTerminal>? start)
    {
        Directory.CreateDirectory(home);
        _metadata = new MetadataServer(world, credentials, instance);
        lock (world.Gate)
        {
            instance.MetadataEndpoint = _metadata.Endpoint;
            instance.HasOutsideAgent = false;
        }

        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5) })
        {
            Timeout = TimeSpan.FromSeconds(15),
        };
        string hostName = Addresses.PrivateDnsName(instance.PrivateIp, world.Region).Split('.')[0];
        Dictionary<string, string> variables = new()
        {
            [MetadataVariable] = _metadata.Endpoint,
            ["AWS_REGION"] = world.Region,
            ["AWS_DEFAULT_REGION"] = world.Region,

            // Programs in there that speak to AWS find the sandbox, with the instance's own credentials.
            ["AWS_ENDPOINT_URL"] = endpoint,
        };
        AgentSettings settings = new()
        {
            Target = instance.Id,
            Endpoint = endpoint,
            Region = world.Region,
            VpcCidr = instance.Subnet.Vpc.Cidr,
            IsWindows = instance.Image.Windows,
            Software = instance.Software,
            BootDelay = bootDelay,
            Clock = world.Clock,
            Start = start ?? PseudoTerminal.Start,
            Shell = command => command is null
                ? ShellCommand.Interactive(home, hostName, variables)
                : ShellCommand.Command(home, hostName, variables, command),
        };
        AgentHostManagement management = new(_http, settings);
        MetadataClient metadata = new(_http, _metadata.Endpoint, world.Clock) { Exchange = management.ExchangeAsync };
        AgentApi api = new(_http, metadata, settings);
        AgentStorage storage = new(_http, metadata, settings, service => RegistrationRules.Reaches(world, instance, service));
        SandboxAgent agent = new(world, instance, settings, api, new AgentKms(_http, metadata, settings), storage);
        _agent = Task.Run(() => agent.RunAsync(_off.Token));
    }

    /// <summary>Switches it off: nothing of it runs afterwards, not even what was meant to outlive its session.</summary>
    public async ValueTask DisposeAsync()
    {
        await _off.CancelAsync().ConfigureAwait(false);
        await _agent.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!OperatingSystem.IsWindows())
        {
            UnixSession.KillMarked(MetadataVariable, _metadata.Endpoint);
        }

        await _metadata.DisposeAsync().ConfigureAwait(false);
        _http.Dispose();
        _off.Dispose();
    }
}
