using SsmTools.Engine.Aws;
using SsmTools.Engine.Provisioning;
using SsmTools.Engine.Registration;
using SsmTools.Sandbox;

namespace SsmTools.Benchmarks;

/// <summary>A sandbox with one node that is online and one that never will be, and the environment that points clients at it.</summary>
internal sealed class SandboxNode : IAsyncDisposable
{
    private readonly SandboxHost _host;

    private SandboxNode(SandboxHost host, string instanceId, string unregisteredId)
    {
        _host = host;
        InstanceId = instanceId;
        UnregisteredId = unregisteredId;
    }

    public SandboxHost Host => _host;

    public string InstanceId { get; }

    /// <summary>An instance in a subnet without a way out.</summary>
    public string UnregisteredId { get; }

    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["AWS_ENDPOINT_URL"] = _host.Facts.Endpoint,
        ["AWS_ACCESS_KEY_ID"] = _host.Facts.AccessKeyId,
        ["AWS_SECRET_ACCESS_KEY"] = _host.Facts.SecretAccessKey,
        ["AWS_REGION"] = _host.Facts.Region,
        ["AWS_DEFAULT_REGION"] = _host.Facts.Region,
        ["AWS_EC2_METADATA_DISABLED"] = "true",
    };

    public static async Task<SandboxNode> StartAsync(Func<SandboxOptions, SandboxOptions>? change = null)
    {
        SandboxOptions options = new() { BootDelay = TimeSpan.Zero };
        SandboxHost host = await SandboxHost.StartAsync(change?.Invoke(options) ?? options, CancellationToken.None);
        using AwsContext context = CreateContext(host);
        Plan<InstanceRole> role = await new RoleProvisioner(context)
            .PlanAsync(new RoleRequest { Name = "benchmark" }, CancellationToken.None);
        string profile = (await role.ApplyAsync(CancellationToken.None)).InstanceProfileName;
        string id = await LaunchAsync(context, host.Facts.Subnets.Isolated[0], profile);
        string unregistered = await LaunchAsync(context, host.Facts.Subnets.Dead[0], profile);
        await foreach (NodeRegistration node in new RegistrationProbe(context)
            .WaitAsync([id], TimeSpan.FromMinutes(1), null, CancellationToken.None))
        {
            if (!node.Registered)
            {
                throw new InvalidOperationException($"The sandbox's node did not register: {node.Reason}");
            }
        }

        return new SandboxNode(host, id, unregistered);
    }

    /// <summary>Calls to the sandbox, as its user.</summary>
    public AwsContext CreateContext() => CreateContext(_host);

    private static AwsContext CreateContext(SandboxHost host) => AwsContext.Create(new AwsOptions
    {
        Region = host.Facts.Region,
        AccessKey = host.Facts.AccessKeyId,
        SecretKey = host.Facts.SecretAccessKey,
        EndpointUrl = host.Facts.Endpoint,
    });

    private static async Task<string> LaunchAsync(AwsContext context, string subnet, string? profile)
    {
        Plan<IReadOnlyList<InstanceDescription>> instance = await new InstanceProvisioner(context).PlanAsync(
            new LaunchRequest { SubnetId = subnet, InstanceProfileName = profile }, CancellationToken.None);
        return (await instance.ApplyAsync(CancellationToken.None))[0].InstanceId;
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
