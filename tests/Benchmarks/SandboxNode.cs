using SsmTools.Engine.Aws;
using SsmTools.Engine.Provisioning;
using SsmTools.Engine.Registration;
using SsmTools.Sandbox;

namespace SsmTools.Benchmarks;

/// <summary>A sandbox with one node that is online, and the environment that points clients at it.</summary>
internal sealed class SandboxNode : IAsyncDisposable
{
    private readonly SandboxHost _host;

    private SandboxNode(SandboxHost host, string instanceId)
    {
        _host = host;
        InstanceId = instanceId;
    }

    public SandboxHost Host => _host;

    public string InstanceId { get; }

    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["AWS_ENDPOINT_URL"] = _host.Facts.Endpoint,
        ["AWS_ACCESS_KEY_ID"] = _host.Facts.AccessKeyId,
        ["AWS_SECRET_ACCESS_KEY"] = _host.Facts.SecretAccessKey,
        ["AWS_REGION"] = _host.Facts.Region,
        ["AWS_DEFAULT_REGION"] = _host.Facts.Region,
        ["AWS_EC2_METADATA_DISABLED"] = "true",
    };

    public static async Task<SandboxNode> StartAsync()
    {
        SandboxHost host = await SandboxHost.StartAsync(new SandboxOptions { BootDelay = TimeSpan.Zero }, CancellationToken.None);
        using AwsContext context = AwsContext.Create(new AwsOptions
        {
            Region = host.Facts.Region,
            AccessKey = host.Facts.AccessKeyId,
            SecretKey = host.Facts.SecretAccessKey,
            EndpointUrl = host.Facts.Endpoint,
        });
        Plan<InstanceRole> role = await new RoleProvisioner(context)
            .PlanAsync(new RoleRequest { Name = "benchmark" }, CancellationToken.None);
        LaunchRequest launch = new()
        {
            SubnetId = host.Facts.Subnets.Isolated[0],
            InstanceProfileName = (await role.ApplyAsync(CancellationToken.None)).InstanceProfileName,
        };
        Plan<IReadOnlyList<InstanceDescription>> instance = await new InstanceProvisioner(context)
            .PlanAsync(launch, CancellationToken.None);
        string id = (await instance.ApplyAsync(CancellationToken.None))[0].InstanceId;
        await foreach (NodeRegistration node in new RegistrationProbe(context)
            .WaitAsync([id], TimeSpan.FromMinutes(1), null, CancellationToken.None))
        {
            if (!node.Registered)
            {
                throw new InvalidOperationException($"The sandbox's node did not register: {node.Reason}");
            }
        }

        return new SandboxNode(host, id);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
