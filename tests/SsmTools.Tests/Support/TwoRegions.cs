using System.Collections.Concurrent;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Sandbox.Commands;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Provisioning;

namespace SsmTools.Tests.Support;

/// <summary>One account in two regions, which know nothing of each other; its other regions are closed to it.</summary>
internal sealed class TwoRegions : IDisposable
{
    public const string Here = "eu-west-1";
    public const string There = "us-east-2";

    private readonly SandboxWorld[] _worlds;

    public TwoRegions()
    {
        SandboxClock clock = new();
        _worlds = [.. new[] { Here, There }.Select((region, number) =>
            new SandboxWorld(new WorldOptions { Seed = 7 + number, Region = region }, clock))];
        CredentialStore credentials = new(_worlds[0].AccountId, clock);
        Credential key = credentials.IssueUser("tester");
        Dictionary<string, ApiEndpoint> apis = _worlds.ToDictionary(
            world => world.Region,
            world => new ApiEndpoint(
                world,
                credentials,
                new SignatureVerifier(credentials, clock, world.Region),
                new NoBroker(),
                new CommandDispatcher(world, (_, _) => false)));
        Context = AwsContext.Create(
            new AwsOptions
            {
                Region = Here,
                AccessKey = key.AccessKeyId,
                SecretKey = key.SecretAccessKey,
                EndpointUrl = "http://sandbox.invalid",
                Transport = new MemoryWire(AnswerAsync),
                MaxBackoff = TimeSpan.FromMilliseconds(1),
            },
            Time);

        async Task<HttpResponse> AnswerAsync(HttpRequest request, CancellationToken stop)
        {
            string region = request.Headers["Authorization"]!.Split('/')[2];
            Calls.Enqueue(region);
            if (Delay is not null && region != Here)
            {
                await Delay(stop);
            }

            return await apis.GetValueOrDefault(region, apis[Here]).HandleAsync(request, stop);
        }
    }

    public AwsContext Context { get; }

    /// <summary>What the context waits by.</summary>
    public ManualTimeProvider Time { get; } = new();

    /// <summary>The regions called, in order.</summary>
    public ConcurrentQueue<string> Calls { get; } = [];

    /// <summary>What other regions' answers wait for; null for nothing.</summary>
    public Func<CancellationToken, Task>? Delay { get; set; }

    /// <summary>Starts an instance there.</summary>
    public async Task<string> LaunchThereAsync()
    {
        SandboxWorld world = _worlds[1];
        using AwsContext there = Context.In(There);
        RunInstancesResponse response = await there.Ec2.RunInstancesAsync(
            new RunInstancesRequest
            {
                ImageId = world.Images[0].ImageId,
                InstanceType = "t3.nano",
                MinCount = 1,
                MaxCount = 1,
                SubnetId = world.Seed.Isolated[0].Id,
            },
            TestTimeout.Token);
        Calls.Clear();
        return response.Instances[0].InstanceId!;
    }

    public void Dispose()
    {
        Context.Dispose();
        foreach (SandboxWorld world in _worlds)
        {
            world.Lifecycle.Dispose();
        }
    }
}
