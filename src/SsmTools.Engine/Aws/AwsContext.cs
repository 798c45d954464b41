using System.Globalization;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using SsmTools.Engine.Aws.Cloudtrail;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Aws.Ec2InstanceConnect;
using SsmTools.Engine.Aws.Events;
using SsmTools.Engine.Aws.Iam;
using SsmTools.Engine.Aws.Kms;
using SsmTools.Engine.Aws.Logs;
using SsmTools.Engine.Aws.Runtime;
using SsmTools.Engine.Aws.Scheduler;
using SsmTools.Engine.Aws.Sns;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Aws.Sts;
using SsmTools.Engine.Objects;

namespace SsmTools.Engine.Aws;

/// <summary>
/// Whom AWS is called as, and where: the one place that decides credentials, region and endpoints. Its clients share
/// their connections and are made when first used. Safe for use by several threads.
/// </summary>
public sealed class AwsContext : IDisposable
{
    private const int DefaultAttempts = 3;

    private readonly AwsSettings _settings;
    private readonly AWSCredentials _credentials;
    private readonly AwsHttp _http;
    private readonly StrongBox<int>? _owners;
    private readonly Lazy<CloudtrailClient> _cloudTrail;
    private readonly Lazy<EventsClient> _events;
    private readonly Lazy<SnsClient> _sns;
    private readonly Lazy<SsmClient> _ssm;
    private readonly Lazy<Ec2Client> _ec2;
    private readonly Lazy<Ec2InstanceConnectClient> _instanceConnect;
    private readonly Lazy<IamClient> _iam;
    private readonly Lazy<KmsClient> _kms;
    private readonly Lazy<LogsClient> _logs;
    private readonly Lazy<SchedulerClient> _scheduler;
    private readonly Lazy<StsClient> _sts;
    private readonly Lazy<IObjectStore> _objects;
    private int _isDisposed;

    private AwsContext(AwsSettings settings, string region, AWSCredentials credentials, AwsHttp? http, TimeProvider time, StrongBox<int>? owners)
    {
        _settings = settings;
        _credentials = credentials;
        _owners = owners;
        _http = http ?? new AwsHttp(settings.Options.CallTimeout, settings.Options.Transport);
        Region = region;
        Partition = AwsPartition.Of(region).Name;
        Time = time;
        _cloudTrail = new Lazy<CloudtrailClient>(() => new CloudtrailClient(_credentials, Configure(CloudtrailClient.Service)));
        _events = new Lazy<EventsClient>(() => new EventsClient(_credentials, Configure(EventsClient.Service)));
        _sns = new Lazy<SnsClient>(() => new SnsClient(_credentials, Configure(SnsClient.Service)));
        _ssm = new Lazy<SsmClient>(() => new SsmClient(_credentials, Configure(SsmClient.Service)));
        _ec2 = new Lazy<Ec2Client>(() => new Ec2Client(_credentials, Configure(Ec2Client.Service)));
        _instanceConnect = new Lazy<Ec2InstanceConnectClient>(
            () => new Ec2InstanceConnectClient(_credentials, Configure(Ec2InstanceConnectClient.Service)));
        _iam = new Lazy<IamClient>(() => new IamClient(_credentials, Configure(IamClient.Service)));
        _kms = new Lazy<KmsClient>(() => new KmsClient(_credentials, Configure(KmsClient.Service)));
        _logs = new Lazy<LogsClient>(() => new LogsClient(_credentials, Configure(LogsClient.Service)));
        _scheduler = new Lazy<SchedulerClient>(() => new SchedulerClient(_credentials, Configure(SchedulerClient.Service)));
        _sts = new Lazy<StsClient>(() => new StsClient(_credentials, Configure(StsClient.Service)));

        // Only here and in what this makes is S3's library named: it is not loaded before somebody asks.
        _objects = new Lazy<IObjectStore>(() => new S3ObjectStore(
            _credentials, region => Configure(S3ObjectStore.Service, region)));
    }

    /// <summary>The region, for example <c>eu-central-1</c>.</summary>
    public string Region { get; }

    /// <summary>The partition as ARNs name it: <c>aws</c>, <c>aws-cn</c>, <c>aws-us-gov</c>…</summary>
    public string Partition { get; }

    /// <summary>The clock of whatever waits while it uses this context.</summary>
    internal TimeProvider Time { get; }

    internal CloudtrailClient Cloudtrail => _cloudTrail.Value;

    internal EventsClient Events => _events.Value;

    internal SnsClient Sns => _sns.Value;

    internal SsmClient Ssm => _ssm.Value;

    internal Ec2Client Ec2 => _ec2.Value;

    internal Ec2InstanceConnectClient Ec2InstanceConnect => _instanceConnect.Value;

    internal IamClient Iam => _iam.Value;

    internal KmsClient Kms => _kms.Value;

    internal LogsClient Logs => _logs.Value;

    internal SchedulerClient Scheduler => _scheduler.Value;

    internal StsClient Sts => _sts.Value;

    /// <summary>S3.</summary>
    internal IObjectStore Objects => _objects.Value;

    /// <summary>
    /// Decides credentials and region. Calls no AWS service; where nothing is set at all, asks for a second at most
    /// whether this machine is an instance with a role.
    /// </summary>
    /// <param name="options">What the caller says; the rest is looked up.</param>
    /// <param name="time">The clock; the system's where null.</param>
    /// <exception cref="EngineException">
    /// NoRegion, InvalidRegion, InvalidEndpoint, CredentialsNotFound, PartialCredentials, ProfileNotFound,
    /// ProfileWithoutCredentials, ProfileUnusable, ProfileFileUnreadable.
    /// </exception>
    public static AwsContext Create(AwsOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        time ??= TimeProvider.System;
        AwsSettings settings = AwsSettings.Load(options);
        string region = RegionResolver.Resolve(settings);

        // Said now rather than at the first call.
        _ = AwsEndpoints.Resolve(settings, SsmClient.Service, region);
        AWSCredentials credentials = CredentialResolver.Resolve(settings, region, time);
        return new AwsContext(settings, region, credentials, null, time, new StrongBox<int>(1));
    }

    /// <summary>The same caller in another region. Shares credentials and connections with this one, which must live longer.</summary>
    internal AwsContext In(string region) => new(_settings, region, _credentials, _http, Time, null);

    /// <summary>
    /// The same, to be disposed of by itself, for what outlives the owner of this one: connections and credentials are
    /// kept until the last of both is disposed of.
    /// </summary>
    internal AwsContext Share()
    {
        if (_owners is not null)
        {
            Interlocked.Increment(ref _owners.Value);
        }

        return new AwsContext(_settings, Region, _credentials, _http, Time, _owners);
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        Dispose(_cloudTrail);
        Dispose(_events);
        Dispose(_sns);
        Dispose(_ssm);
        Dispose(_ec2);
        Dispose(_instanceConnect);
        Dispose(_iam);
        Dispose(_kms);
        Dispose(_logs);
        Dispose(_scheduler);
        Dispose(_sts);
        Dispose(_objects);
        if (_owners is not null && Interlocked.Decrement(ref _owners.Value) == 0)
        {
            (_credentials as IDisposable)?.Dispose();
            _http.Dispose();
        }
    }

    private static void Dispose<T>(Lazy<T> client)
        where T : IDisposable
    {
        if (client.IsValueCreated)
        {
            client.Value.Dispose();
        }
    }

    private AwsClientConfig Configure(AwsService service, string? region = null)
    {
        (Uri endpoint, string signingRegion) = AwsEndpoints.Resolve(_settings, service, region ?? Region);
        string? attempts = _settings.Environment["AWS_MAX_ATTEMPTS"] ?? _settings.Profile?["max_attempts"];
        bool isNumber = int.TryParse(attempts, NumberStyles.None, CultureInfo.InvariantCulture, out int count);
        return new AwsClientConfig(service, endpoint, signingRegion, _http)
        {
            MaxErrorRetry = (isNumber && count > 0 ? count : DefaultAttempts) - 1,
            MaxBackoff = _settings.Options.MaxBackoff,
        };
    }
}
