using SsmTools.Engine.Aws;
using SsmTools.Sandbox.Commands;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;

namespace SsmTools.Tests.Provisioning;

/// <summary>
/// An account in the sandbox that is called without sockets, through a <see cref="FaultSchedule"/>: real requests, real
/// signatures, real answers, some of which never arrive.
/// </summary>
internal sealed class MemoryAccount : IDisposable
{
    public MemoryAccount(FaultSchedule schedule)
    {
        Clock = new SandboxClock();
        World = new SandboxWorld(
            new WorldOptions { Seed = 7, ProfileDelay = TimeSpan.FromSeconds(2), StateDelay = TimeSpan.FromMilliseconds(1) }, Clock);
        CredentialStore credentials = new(World.AccountId, Clock);
        Credential key = credentials.IssueUser("tester");
        ApiEndpoint api = new(
            World,
            credentials,
            new SignatureVerifier(credentials, Clock, World.Region),
            new NoBroker(),
            new CommandDispatcher(World, (_, _) => false));
        Context = AwsContext.Create(new AwsOptions
        {
            Region = World.Region,
            AccessKey = key.AccessKeyId,
            SecretKey = key.SecretAccessKey,
            EndpointUrl = "http://sandbox.invalid",
            Transport = new MemoryWire((request, stop) => schedule.CarryAsync(
                ApiOperation.Of(request),
                SignatureVerifier.ProtocolOf(request),
                () => api.HandleAsync(request, CancellationToken.None),
                stop)),
            MaxBackoff = TimeSpan.FromMilliseconds(1),
        });
        Time = new SkippingTimeProvider(Clock);
    }

    public SandboxClock Clock { get; }

    public SandboxWorld World { get; }

    public AwsContext Context { get; }

    public SkippingTimeProvider Time { get; }

    public void Dispose()
    {
        Context.Dispose();
        World.Scheduler.Dispose();
        World.Automation.Dispose();
        World.Lifecycle.Dispose();
    }
}
