using System.Collections.Concurrent;
using System.Net;
using SsmTools.Engine.Aws;
using SsmTools.Sandbox.Commands;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;

namespace SsmTools.Tests.Provisioning;

/// <summary>
/// An account in the sandbox behind real HTTP and real signatures, that notes each call and lets tests step in; instances
/// register by the sandbox's rules as soon as they run. No agents, no shells.
/// </summary>
internal sealed class ProvisioningAccount : IAsyncDisposable
{
    private static readonly string[] s_reading = ["Get", "List", "Describe"];

    private readonly HttpServer _server;
    private readonly ApiEndpoint _api;
    private readonly RegisteringHost _host;
    private readonly string _hostName;
    private readonly ConcurrentQueue<string> _calls = new();
    private int _count;

    /// <param name="profileDelay">How long EC2 does not see a new profile.</param>
    /// <param name="change">Other options.</param>
    /// <param name="hostName">
    /// What clients call it: the SDK remembers for an address how far its clock was off, and ports come back. A name of
    /// its own keeps a test apart from those that turn the clock far.
    /// </param>
    public ProvisioningAccount(TimeSpan? profileDelay = null, Func<WorldOptions, WorldOptions>? change = null, string hostName = "127.0.0.1")
    {
        _hostName = hostName;
        Clock = new SandboxClock();
        WorldOptions options = new()
        {
            Seed = 7,
            ProfileDelay = profileDelay ?? TimeSpan.Zero,
            StateDelay = TimeSpan.FromMilliseconds(1),
            EndpointDelay = TimeSpan.FromSeconds(30),
        };
        World = new SandboxWorld(change?.Invoke(options) ?? options, Clock);
        _host = new RegisteringHost(World);
        World.Lifecycle.Host = _host;
        Credentials = new CredentialStore(World.AccountId, Clock);
        Key = Credentials.IssueUser("tester");
        SignatureVerifier verifier = new(Credentials, Clock, World.Region);
        Commands = new CommandDispatcher(World, (node, frame) => Deliver?.Invoke(node, frame) ?? false);
        _api = new ApiEndpoint(World, Credentials, verifier, new NoBroker(), Commands);
        _server = new HttpServer(new IPEndPoint(IPAddress.Loopback, 0), HandleAsync);
        ClockCorrections.Forget(Endpoint);
        Context = Connect(Key.AccessKeyId, Key.SecretAccessKey);
        Time = new SkippingTimeProvider(Clock);
    }

    public SandboxClock Clock { get; }

    public SandboxWorld World { get; }

    public CredentialStore Credentials { get; }

    public Credential Key { get; }

    public AwsContext Context { get; }

    /// <summary>The engine's time: a wait turns the sandbox's clock instead of taking any.</summary>
    public SkippingTimeProvider Time { get; }

    public string Endpoint => _server.BaseAddress.Replace("127.0.0.1", _hostName, StringComparison.Ordinal);

    /// <summary>The operations called so far: <c>RunInstances</c>.</summary>
    public IReadOnlyList<string> Calls => [.. _calls];

    public IReadOnlyList<string> Mutations =>
        [.. _calls.Where(call => !s_reading.Any(verb => call.StartsWith(verb, StringComparison.Ordinal)))];

    /// <summary>Run Command's dispatcher: what nodes answer goes in here.</summary>
    public CommandDispatcher Commands { get; }

    /// <summary>Takes a message for a node; where it is null, or says so, the node is out of reach.</summary>
    public Func<string, byte[], bool>? Deliver { get; set; }

    /// <summary>Answers a call in the API's place; null lets the API answer. Gets the number of the call, from 1.</summary>
    public Func<int, string, HttpResponse?>? Before { get; set; }

    /// <summary>The number of the call at which <see cref="Kill"/> fires; its answer is never sent.</summary>
    public int KillAt { get; set; } = -1;

    /// <summary>Whether the API does what the call says before that.</summary>
    public bool KillAfter { get; set; }

    /// <summary>Stands for the caller's process.</summary>
    public CancellationTokenSource? Kill { get; set; }

    /// <summary>How many calls there were, those that were forgotten among them.</summary>
    public int TotalCalls => _count;

    public string Isolated => World.Seed.Isolated[0].Id;

    public IReadOnlyList<InstanceRecord> Living =>
        [.. World.Instances.Values.Where(item => item.State is not (InstanceState.ShuttingDown or InstanceState.Terminated))];

    public AwsContext Connect(string accessKey, string secretKey, string? token = null) => AwsContext.Create(new AwsOptions
    {
        Region = World.Region,
        AccessKey = accessKey,
        SecretKey = secretKey,
        SessionToken = token,
        EndpointUrl = Endpoint,
    });

    public void Forget() => _calls.Clear();

    /// <summary>
    /// Lets a minute pass, and waits until the host has heard of these instances: a moment after they run, on other threads.
    /// </summary>
    public async Task StartedAsync(IReadOnlyList<string> instanceIds, TimeSpan? passes = null)
    {
        Clock.Advance(passes ?? TimeSpan.FromMinutes(1));
        CancellationToken timeout = TestTimeout.Token;
        while (!instanceIds.All(_host.HasStarted))
        {
            timeout.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Context.Dispose();
        await _server.DisposeAsync();
        Commands.Dispose();
        World.Lifecycle.Dispose();
    }

    private async Task<HttpResponse> HandleAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        string operation = ApiOperation.Of(request);
        _calls.Enqueue(operation);
        int number = Interlocked.Increment(ref _count);
        if (Before?.Invoke(number, operation) is { } instead)
        {
            return instead;
        }

        if (number != KillAt)
        {
            return await _api.HandleAsync(request, cancellationToken);
        }

        if (KillAfter)
        {
            await _api.HandleAsync(request, cancellationToken);
        }

        await Kill!.CancelAsync();
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        throw new InvalidOperationException("Nobody is there to be answered.");
    }

    private sealed class RegisteringHost(SandboxWorld world) : IInstanceHost
    {
        private readonly ConcurrentDictionary<string, bool> _started = new(StringComparer.Ordinal);

        public bool HasStarted(string instanceId) => _started.ContainsKey(instanceId);

        public void Started(InstanceRecord instance)
        {
            if (RegistrationRules.Evaluate(world, instance).Count == 0)
            {
                world.Register(instance, "3.3.3050.0");
            }

            _started[instance.Id] = true;
        }

        public void Stopped(InstanceRecord instance)
        {
        }
    }
}
