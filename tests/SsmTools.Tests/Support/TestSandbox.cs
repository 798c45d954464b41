using System.Text.Json;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Aws.Iam;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Sandbox;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Sandbox;
using Xunit;

namespace SsmTools.Tests.Support;

/// <summary>A whole sandbox for one test, driven through its API as by any client.</summary>
internal sealed class TestSandbox : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory;

    private TestSandbox(SandboxHost host, TemporaryDirectory directory)
    {
        _directory = directory;
        Host = host;
        ClockCorrections.Forget(host.Facts.Endpoint);
        Aws = AwsContext.Create(new AwsOptions
        {
            EndpointUrl = host.Facts.Endpoint,
            Region = host.Facts.Region,
            AccessKey = host.Facts.AccessKeyId,
            SecretKey = host.Facts.SecretAccessKey,
        });
    }

    public SandboxHost Host { get; }

    public AwsContext Aws { get; }

    /// <summary>The credential that the facts name.</summary>
    public Credential User => Host.Credentials.Find(Host.Facts.AccessKeyId)!;

    public string DirectoryPath => _directory.Path;

    /// <summary>A sandbox whose agents try at once and whose profiles are there at once.</summary>
    public static Task<TestSandbox> StartAsync() => StartAsync(options => options);

    /// <summary>The same, with TLS.</summary>
    public static Task<TestSandbox> StartAsync(int? tlsPort, string? caFile) =>
        StartAsync(options => options with { TlsPort = tlsPort, CaFile = caFile });

    /// <summary>The same, changed.</summary>
    public static async Task<TestSandbox> StartAsync(Func<SandboxOptions, SandboxOptions> change)
    {
        TemporaryDirectory directory = new();
        SandboxOptions options = new()
        {
            BootDelay = TimeSpan.Zero,
            ProfileDelay = TimeSpan.Zero,
            EndpointDelay = TimeSpan.Zero,
            WorkingDirectory = directory.Path,
        };
        return new TestSandbox(await SandboxHost.StartAsync(change(options), TestTimeout.Token), directory);
    }

    /// <summary>Makes a role that may register, and its profile.</summary>
    public async Task CreateProfileAsync(string name, bool withRights = true)
    {
        await Aws.Iam.CreateRoleAsync(
            new CreateRoleRequest
            {
                RoleName = name,
                AssumeRolePolicyDocument = """
                    {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}
                    """,
            },
            TestTimeout.Token);
        if (withRights)
        {
            await GrantAsync(name);
        }

        await Aws.Iam.CreateInstanceProfileAsync(new CreateInstanceProfileRequest { InstanceProfileName = name }, TestTimeout.Token);
        await Aws.Iam.AddRoleToInstanceProfileAsync(
            new AddRoleToInstanceProfileRequest { InstanceProfileName = name, RoleName = name }, TestTimeout.Token);
    }

    public async Task GrantAsync(string role) => await Aws.Iam.AttachRolePolicyAsync(
        new AttachRolePolicyRequest { RoleName = role, PolicyArn = AwsManagedPolicies.Core }, TestTimeout.Token);

    /// <summary>Starts an instance in an isolated subnet and lets it come up.</summary>
    public async Task<InstanceRecord> LaunchAsync(string? profile)
    {
        RunInstancesResponse response = await Aws.Ec2.RunInstancesAsync(
            new RunInstancesRequest
            {
                ImageId = Host.World.Images[0].ImageId,
                InstanceType = "t3.nano",
                MinCount = 1,
                MaxCount = 1,
                SubnetId = Host.Facts.Subnets.Isolated[0],
                SecurityGroupIds = { Host.Facts.SecurityGroupId },
                IamInstanceProfile = profile is null ? null : new IamInstanceProfileSpecification { Name = profile },
            },
            TestTimeout.Token);
        Host.Clock.Advance(TimeSpan.FromSeconds(1));
        lock (Host.World.Gate)
        {
            return Host.World.Instances[response.Instances[0].InstanceId!];
        }
    }

    /// <summary>An instance with all it needs, once it is online.</summary>
    public async Task<InstanceRecord> LaunchOnlineAsync(string profile = "web")
    {
        await CreateProfileAsync(profile);
        InstanceRecord instance = await LaunchAsync(profile);
        await WaitForStatusAsync(instance.Id, "Online");
        return instance;
    }

    /// <summary>Asks the API until a node has that status; null for: until it is not listed.</summary>
    public async Task WaitForStatusAsync(string id, string? status)
    {
        CancellationToken timeout = TestTimeout.Token;
        while (await ReadStatusAsync(id, timeout) != status)
        {
            timeout.ThrowIfCancellationRequested();
        }
    }

    /// <summary>
    /// Lets time pass until the service misses a node: its agent finds out at times, which begin a moment after it is online.
    /// </summary>
    public async Task AwaitLossAsync(string id)
    {
        CancellationToken timeout = TestTimeout.Token;
        do
        {
            Host.Clock.Advance(TimeSpan.FromMinutes(6));
        }
        while (await ReadStatusAsync(id, timeout) != "ConnectionLost");
    }

    /// <summary>Asks the API until a node's agent can be reached, or cannot.</summary>
    public async Task WaitForConnectionAsync(string id, bool isConnected)
    {
        CancellationToken timeout = TestTimeout.Token;
        string wanted = isConnected ? "connected" : "notconnected";
        while ((await Aws.Ssm.GetConnectionStatusAsync(new GetConnectionStatusRequest { Target = id }, timeout)).Status != wanted)
        {
            timeout.ThrowIfCancellationRequested();
        }
    }

    public async Task<string?> ReadStatusAsync(string id, CancellationToken cancellationToken)
    {
        DescribeInstanceInformationResponse response = await Aws.Ssm.DescribeInstanceInformationAsync(
            new DescribeInstanceInformationRequest(), cancellationToken);
        return response.InstanceInformationList.Find(node => node.InstanceId == id)?.PingStatus;
    }

    public async Task<StartSessionResponse> StartSessionAsync(string target) =>
        await Aws.Ssm.StartSessionAsync(new StartSessionRequest { Target = target }, TestTimeout.Token);

    /// <summary>A session with a client on its data channel that shows every byte of the protocol.</summary>
    public async Task<RawDataClient> OpenSessionAsync(string target)
    {
        StartSessionResponse session = await StartSessionAsync(target);
        return await RawDataClient.OpenAsync(session.SessionId!, session.StreamUrl!, session.TokenValue!);
    }

    /// <summary>The status that DescribeSessions tells for a session.</summary>
    public async Task<string?> ReadSessionStatusAsync(string sessionId, string state)
    {
        DescribeSessionsResponse response = await Aws.Ssm.DescribeSessionsAsync(
            new DescribeSessionsRequest { State = state }, TestTimeout.Token);
        return response.Sessions.Find(session => session.SessionId == sessionId)?.Status;
    }

    /// <summary>Calls Systems Manager, for what the engine has no client of; by TLS where a client is given.</summary>
    public async Task<JsonElement> CallAsync(string operation, string body, HttpClient? secure = null)
    {
        string endpoint = secure is null ? Host.Facts.Endpoint : Host.Facts.TlsEndpoint!;
        TinySigner signer = new(User, Host.Facts.Region, Host.Clock) { Host = new Uri(endpoint).Authority };
        using HttpClient plain = new();
        using HttpResponseMessage response = await (secure ?? plain).SendAsync(
            endpoint, signer.Post("ssm", "application/x-amz-json-1.1", body, ("X-Amz-Target", $"AmazonSSM.{operation}")));
        string answer = await response.Content.ReadAsStringAsync(TestTimeout.Token);
        Assert.True(response.IsSuccessStatusCode, answer);
        return ParseJson(answer);
    }

    /// <summary>What a metadata endpoint hands out for an instance.</summary>
    public static JsonElement ParseJson(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        Aws.Dispose();
        await Host.DisposeAsync().AsTask().WaitAsync(TestTimeout.Token);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory.Path));
        _directory.Dispose();
    }
}
