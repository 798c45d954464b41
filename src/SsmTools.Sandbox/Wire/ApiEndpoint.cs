using SsmTools.Sandbox.Commands;
using SsmTools.Sandbox.Ec2;
using SsmTools.Sandbox.Events;
using SsmTools.Sandbox.Faults;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.Iam;
using SsmTools.Sandbox.InstanceConnect;
using SsmTools.Sandbox.Kms;
using SsmTools.Sandbox.Logs;
using SsmTools.Sandbox.S3;
using SsmTools.Sandbox.Scheduler;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.Sns;
using SsmTools.Sandbox.Ssm;
using SsmTools.Sandbox.Sts;
using SsmTools.Sandbox.Trail;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Wire;

/// <summary>Every AWS API behind one address. The service is the one that the signature is for.</summary>
internal sealed class ApiEndpoint
{
    private readonly SandboxWorld _world;
    private readonly SignatureVerifier _verifier;
    private readonly ApiFaults? _faults;
    private readonly StorageApi _storage;
    private readonly Dictionary<string, Lazy<ServiceApi>> _services;

    public ApiEndpoint(
        SandboxWorld world,
        CredentialStore credentials,
        SignatureVerifier verifier,
        ISessionBroker broker,
        ICommandDispatcher dispatcher,
        SandboxFaults? faults = null)
    {
        _faults = faults is null ? null : new ApiFaults(faults, world.Clock);
        _world = world;
        _verifier = verifier;
        _storage = new StorageApi(world);
        TopicDelivery delivery = new(world);
        world.Trail.Listeners.Add(new EventBus(world, delivery).Take);
        _services = new Dictionary<string, Lazy<ServiceApi>>(StringComparer.Ordinal)
        {
            ["iam"] = Service("iam", () => IamApi.Create(credentials)),
            ["scheduler"] = Service("scheduler", () => SchedulerApi.Create()),
            ["sts"] = Service("sts", () => StsApi.Create(credentials)),
            ["ssm"] = Service("ssm", () => SsmApi.Create(broker, dispatcher, credentials)),
            ["ec2messages"] = Service("ec2messages", () => MessageDeliveryApi.Create()),
            ["kms"] = Service("kms", () => KmsApi.Create()),
            ["ec2"] = Service("ec2", () => Ec2Api.Create()),
            [CloudTrailApi.Service] = Service(CloudTrailApi.Service, () => CloudTrailApi.Create()),
            [EventsApi.Service] = Service(EventsApi.Service, () => EventsApi.Create()),
            [SnsApi.Service] = Service(SnsApi.Service, () => SnsApi.Create(delivery)),
            [LogsApi.Service] = Service(LogsApi.Service, () => LogsApi.Create()),
            [InstanceConnectApi.Service] = Service(InstanceConnectApi.Service, () => InstanceConnectApi.Create()),
        };
    }

    /// <summary>
    /// The service of that name: cloudtrail, ec2, ec2-instance-connect, ec2messages, events, iam, kms, logs, scheduler, sns, ssm or
    /// sts.
    /// </summary>
    public ServiceApi this[string service] => _services[service].Value;

    /// <summary>Answers a request, whatever it is: refusals are answers too.</summary>
    public async Task<HttpResponse> HandleAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        WireProtocol protocol = SignatureVerifier.ProtocolOf(request);
        ServiceError? fault = _faults is null
            ? null
            : await _faults.MeetAsync(request, protocol, cancellationToken).ConfigureAwait(false);
        HttpResponse response = Handle(request, protocol, fault);
        if (response.Status == 200 && RequestSignature.Read(request)?.Service == "ec2messages"
            && request.Headers["X-Amz-Target"]?.EndsWith($".{MessageDeliveryApi.Poll}", StringComparison.Ordinal) == true)
        {
            await Task.Delay(MessageDeliveryApi.PollTime, _world.Clock, cancellationToken).ConfigureAwait(false);
        }

        return response;
    }

    /// <summary>Who asks. A machine that registers has an activation instead of a signature.</summary>
    private Principal Identify(HttpRequest request) =>
        request.Headers["X-Amz-Target"] == "AmazonSSM.RegisterManagedInstance" && !RequestSignature.IsPresent(request)
            ? MachineOperations.Anonymous
            : _verifier.Verify(request);

    private HttpResponse Handle(HttpRequest request, WireProtocol protocol, ServiceError? fault)
    {
        string requestId = _world.Ids.Uuid();
        ServiceApi fallback = this[protocol switch { WireProtocol.Ec2 => "ec2", WireProtocol.Json => "ssm", WireProtocol.RestJson => "scheduler", _ => "sts" }];
        try
        {
            Principal caller = fault is null ? Identify(request) : throw fault;
            if (protocol == WireProtocol.RestXml)
            {
                return _storage.Handle(request, caller, requestId);
            }

            string service = RequestSignature.Read(request)?.Service ?? "ssm";
            bool hasPath = request.RawPath != "/" && protocol != WireProtocol.RestJson;
            return hasPath || !_services.TryGetValue(service, out Lazy<ServiceApi>? api)
                ? fallback.Refuse(ErrorWords.UnknownOperation(protocol, request.Path, service), requestId)
                : api.Value.Handle(request, caller, requestId);
        }
        catch (ServiceError refusal)
        {
            return protocol == WireProtocol.RestXml
                ? _storage.Refuse(refusal, request, requestId)
                : fallback.Refuse(refusal, requestId);
        }
    }

    private Lazy<ServiceApi> Service(string name, Func<OperationTable> operations)
    {
        return new Lazy<ServiceApi>(() => new ServiceApi(_world, ServiceModel.Load(name), operations()));
    }
}
