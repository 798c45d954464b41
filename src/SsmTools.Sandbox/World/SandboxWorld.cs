using SsmTools.Sandbox.Automation;
using SsmTools.Sandbox.Scheduler;

namespace SsmTools.Sandbox.World;

/// <summary>
/// The account: everything that the APIs, the agents and the rules share. Reading and changing its collections and what
/// is in them needs <see cref="Gate"/>; hosts and brokers are called without it.
/// </summary>
internal sealed class SandboxWorld
{
    /// <summary>The bucket that is there from the start.</summary>
    public const string LogBucket = "sandbox-logs";

    /// <summary>The log group that is there from the start; it has the key alias/sandbox.</summary>
    public const string LogGroup = "/sandbox/sessions";

    private long _sequence;

    public SandboxWorld(WorldOptions options, SandboxClock clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
        Clock = clock;
        Ids = new IdSource(options.Seed);
        AccountId = Ids.Account();
        Zones = [$"{options.Region}a", $"{options.Region}b", $"{options.Region}c"];
        Images = ImageCatalog.Create(Ids);

        // As in some regions: a zone that lacks a family.
        Limits.NotOffered.UnionWith(
            InstanceTypes.Values.Where(type => type.Family == "c7g").Select(type => (type.Name, Zones[1])));
        foreach (PolicyRecord policy in AwsManagedPolicies.Create(Ids))
        {
            Policies.Add(policy.Arn, policy);
        }

        foreach (DocumentRecord document in (DocumentRecord[])
            [
                .. SessionDocumentCatalog.Create(AccountId, clock.GetUtcNow()), .. CommandDocumentCatalog.Create(clock.GetUtcNow()),
                .. AutomationDocumentCatalog.Create(clock.GetUtcNow()), .. UpkeepDocumentCatalog.Create(clock.GetUtcNow()),
            ])
        {
            Documents.Add(document.Name, document);
        }

        Trail = new TrailJournal(clock);
        Preferences = new SessionPreferences(this);
        Settings = new ServiceSettings(this);
        Lifecycle = new InstanceLifecycle(this);
        Automation = new AutomationEngine(this);
        Scheduler = new SchedulerEngine(this);
        EndpointStates = new EndpointStates(this);
        Seed = NetworkSeed.Plant(this);
        string key = Ids.Uuid();
        KmsKeyRecord ours = new(key, $"arn:aws:kms:{Region}:{AccountId}:key/{key}") { Aliases = { "alias/sandbox" } };
        KmsKeys.Add(key, ours);

        // Somewhere to log to, for whoever has nothing at hand that makes buckets and groups.
        Buckets.Add(LogBucket, new BucketRecord { Name = LogBucket, Region = Region, Created = Now });
        LogGroups.Add(LogGroup, new LogGroupRecord
        {
            Name = LogGroup,
            Arn = $"arn:aws:logs:{Region}:{AccountId}:log-group:{LogGroup}",
            Created = Now,
            KmsKeyArn = ours.Arn,
        });
    }

    public object Gate { get; } = new();

    /// <summary>Gets what cannot be launched.</summary>
    public LaunchLimits Limits { get; } = new();

    public WorldOptions Options { get; }

    public SandboxClock Clock { get; }

    public IdSource Ids { get; }

    public string AccountId { get; }

    public string Region => Options.Region;

    public IReadOnlyList<string> Zones { get; }

    /// <summary>Gets what moves instances from state to state, and tells their host.</summary>
    public InstanceLifecycle Lifecycle { get; }

    /// <summary>Gets what runs runbooks.</summary>
    public AutomationEngine Automation { get; }

    /// <summary>Gets the schedules, and what calls what they call.</summary>
    public SchedulerEngine Scheduler { get; }

    /// <summary>Gets what moves endpoints from state to state.</summary>
    public EndpointStates EndpointStates { get; }

    /// <summary>Gets what was asked under each client token, and what it became.</summary>
    public Dictionary<(string Operation, string Token), (string Request, Resource Made)> ClientTokens { get; } = [];

    /// <summary>Gets the network that was there from the start.</summary>
    public NetworkSeed Seed { get; }

    public DateTimeOffset Now => Clock.GetUtcNow();

    public SortedDictionary<string, RoleRecord> Roles { get; } = new(StringComparer.OrdinalIgnoreCase);

    public SortedDictionary<string, InstanceProfileRecord> Profiles { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets users by name, IAM compares without case.</summary>
    public SortedDictionary<string, UserRecord> Users { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets groups by name.</summary>
    public SortedDictionary<string, GroupRecord> Groups { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets managed policies by ARN.</summary>
    public SortedDictionary<string, PolicyRecord> Policies { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<ImageRecord> Images { get; }

    public IReadOnlyDictionary<string, InstanceTypeRecord> InstanceTypes { get; } = InstanceTypeCatalog.Create();

    public Dictionary<string, VpcRecord> Vpcs { get; } = [];

    public Dictionary<string, SubnetRecord> Subnets { get; } = [];

    public Dictionary<string, RouteTableRecord> RouteTables { get; } = [];

    public Dictionary<string, SecurityGroupRecord> SecurityGroups { get; } = [];

    public Dictionary<string, NetworkAclRecord> NetworkAcls { get; } = [];

    public Dictionary<string, VpcEndpointRecord> Endpoints { get; } = [];

    public Dictionary<string, GatewayRecord> InternetGateways { get; } = [];

    public Dictionary<string, GatewayRecord> NatGateways { get; } = [];

    public Dictionary<string, NetworkInterfaceRecord> Interfaces { get; } = [];

    public Dictionary<string, VolumeRecord> Volumes { get; } = [];

    public Dictionary<string, InstanceRecord> Instances { get; } = [];

    /// <summary>Gets key pairs by id.</summary>
    public Dictionary<string, KeyPairRecord> KeyPairs { get; } = [];

    public Dictionary<string, SessionRecord> Sessions { get; } = [];

    /// <summary>Gets the commands that were sent, by id.</summary>
    public Dictionary<string, CommandRecord> Commands { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the associations of State Manager.</summary>
    public AssociationBook Associations { get; } = new();

    /// <summary>Gets the runs of runbooks by id, the parts of those with targets among them.</summary>
    public Dictionary<string, AutomationRecord> Automations { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets activations by id.</summary>
    public Dictionary<string, ActivationRecord> Activations { get; } = [];

    /// <summary>Gets the machines that registered with an activation, by the ids that they got.</summary>
    public Dictionary<string, ManagedInstanceRecord> ManagedInstances { get; } = [];

    /// <summary>Gets the nodes that are no instances of this account, by id.</summary>
    public Dictionary<string, NodeRecord> OutsideNodes { get; } = [];

    /// <summary>Gets every node that Systems Manager lists.</summary>
    public IEnumerable<NodeRecord> Nodes =>
        Instances.Values.Select(instance => instance.Node).OfType<NodeRecord>().Concat(OutsideNodes.Values);

    /// <summary>Gets documents by name, AWS's among them.</summary>
    public Dictionary<string, DocumentRecord> Documents { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the history of API calls.</summary>
    public TrailJournal Trail { get; }

    /// <summary>Gets EventBridge's rules by name.</summary>
    public SortedDictionary<string, RuleRecord> Rules { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets SNS's topics by ARN.</summary>
    public SortedDictionary<string, TopicRecord> Topics { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets KMS keys by id; one of them goes by alias/sandbox.</summary>
    public Dictionary<string, KmsKeyRecord> KmsKeys { get; } = [];

    /// <summary>Gets the buckets of S3 by name, wherever they are.</summary>
    public SortedDictionary<string, BucketRecord> Buckets { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the groups of CloudWatch Logs by name.</summary>
    public SortedDictionary<string, LogGroupRecord> LogGroups { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets what the account wants of its sessions.</summary>
    public SessionPreferences Preferences { get; }

    /// <summary>Gets what the account has set Systems Manager to.</summary>
    public ServiceSettings Settings { get; }

    /// <summary>Gets every tagged kind of thing, for operations that take any id.</summary>
    public IEnumerable<Resource> Resources =>
    [
        .. Vpcs.Values, .. Subnets.Values, .. RouteTables.Values, .. SecurityGroups.Values, .. NetworkAcls.Values,
        .. Endpoints.Values, .. InternetGateways.Values, .. NatGateways.Values, .. Interfaces.Values, .. Volumes.Values,
        .. Instances.Values, .. KeyPairs.Values,
    ];

    /// <summary>The next number in the order of creation.</summary>
    public long NextSequence() => Interlocked.Increment(ref _sequence);

    /// <summary>Writes down that an instance's agent has registered, or has come back.</summary>
    public NodeRecord Register(InstanceRecord instance, string agentVersion)
    {
        ArgumentNullException.ThrowIfNull(instance);
        lock (Gate)
        {
            NodeRecord node = instance.Node ??= new NodeRecord
            {
                NodeId = instance.Id,
                Sequence = NextSequence(),
                Registered = Now,
                AgentVersion = agentVersion,
                PlatformType = instance.Image.Windows ? "Windows" : "Linux",
                PlatformName = instance.Image.PlatformName,
                PlatformVersion = instance.Image.PlatformVersion,
                Tags = instance.Tags,
                ComputerName = Addresses.PrivateDnsName(instance.PrivateIp, Region),
                IpAddress = instance.PrivateIp,
            };
            node.Take(new NodeReport { AgentVersion = agentVersion }, Now);
            return node;
        }
    }

    /// <summary>
    /// Writes down what an agent reported. Who may speak for a node is decided before; a node that nobody has heard of
    /// exists from now on.
    /// </summary>
    public NodeRecord Report(string nodeId, NodeReport report)
    {
        lock (Gate)
        {
            NodeRecord? node = Instances.TryGetValue(nodeId, out InstanceRecord? instance)
                ? instance.Node ?? Register(instance, report.AgentVersion ?? "")
                : OutsideNodes.GetValueOrDefault(nodeId);
            if (node is null)
            {
                node = new NodeRecord { NodeId = nodeId, Sequence = NextSequence(), Registered = Now, Tags = new(StringComparer.Ordinal) };
                OutsideNodes.Add(nodeId, node);
            }

            node.Take(report, Now);
            return node;
        }
    }

    /// <summary>The node that Systems Manager lists under the id, or null.</summary>
    public NodeRecord? FindNode(string nodeId)
    {
        lock (Gate)
        {
            return Instances.TryGetValue(nodeId, out InstanceRecord? instance) ? instance.Node : OutsideNodes.GetValueOrDefault(nodeId);
        }
    }

    /// <summary>
    /// The role whose rights an instance's agent uses: its profile's if that lets it report itself, else the one that
    /// Default Host Management gives it.
    /// </summary>
    public RoleRecord? AgentRoleOf(InstanceRecord instance)
    {
        lock (Gate)
        {
            RoleRecord? own = RoleOf(instance);
            return own is not null && RoleRights.Allows(this, own, "ssm:UpdateInstanceInformation")
                ? own
                : Settings.HostManagementRoleOf(instance) ?? own;
        }
    }

    /// <summary>The role that an instance's profile hands it, if the chain is whole.</summary>
    public RoleRecord? RoleOf(InstanceRecord instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        lock (Gate)
        {
            return instance.Profile is { } association
                && Profiles.TryGetValue(association.Name, out InstanceProfileRecord? profile)
                && profile.Id == association.ProfileId
                && profile.RoleName is string name
                && Roles.TryGetValue(name, out RoleRecord? role)
                    ? role
                    : null;
        }
    }
}
