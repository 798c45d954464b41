using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Diagnosis;
using SsmTools.Engine.Survey;
using Xunit;
using static SsmTools.Tests.Diagnosis.Scenes;

namespace SsmTools.Tests.Diagnosis;

/// <summary>Each check against what passes it, what fails it, and what hides the answer.</summary>
public sealed class CheckTests
{
    private static readonly Obstacle s_no = Obstacle.Denied("aws:Nothing");

    private static readonly Dictionary<string, (string Check, FindingStatus? Status, Func<Scene> Scene)> s_cases = new()
    {
        ["runs"] = ("InstanceState", FindingStatus.Pass, Good),
        ["stopped"] = ("InstanceState", FindingStatus.Fail, () => With(machine => machine.State!.Name = "stopped")),
        ["starting"] = ("InstanceState", FindingStatus.Warn, () => With(machine => machine.State!.Name = "pending")),
        ["nowhere"] = ("InstanceState", FindingStatus.Fail, () => Good() with { Instance = default }),
        ["not asked for"] = ("InstanceState", FindingStatus.Unknown, () => Good() with { Instance = s_no }),

        ["well"] = ("StatusChecks", FindingStatus.Pass, Good),
        ["impaired"] = ("StatusChecks", FindingStatus.Fail, () => Good() with { Status = Status("impaired") }),
        ["initializing"] = ("StatusChecks", FindingStatus.Warn, () => Good() with { Status = Status("initializing") }),
        ["status denied"] = ("StatusChecks", FindingStatus.Unknown, () => Good() with { Status = s_no }),

        ["image with agent"] = ("Agent", FindingStatus.Pass, Good),
        ["image without"] = ("Agent", FindingStatus.Fail, () => Good() with { Image = new Image { Name = "debian-12-amd64" } }),
        ["minimal image"] = ("Agent", FindingStatus.Fail, () => Good() with { Image = new Image { Name = "al2023-ami-minimal-2023" } }),
        ["installed"] = ("Agent", FindingStatus.Pass, () => Good() with { Image = new Image { Name = "debian-12-amd64" }, UserData = "dpkg -i amazon-ssm-agent.deb" }),
        ["own image"] = ("Agent", FindingStatus.Unknown, () => Good() with { Image = new Image { Name = "our golden image" } }),
        ["image denied"] = ("Agent", FindingStatus.Unknown, () => Good() with { Image = s_no }),
        ["old agent"] = ("Agent", FindingStatus.Fail, () => Agent("2.2.0.0")),
        ["outdated agent"] = ("Agent", FindingStatus.Warn, () => Agent("3.1.0.0")),

        ["profile"] = ("InstanceProfile", FindingStatus.Pass, Good),
        ["no profile"] = ("InstanceProfile", FindingStatus.Fail, () => With(machine => machine.IamInstanceProfile = null)),
        ["no profile needed"] = ("InstanceProfile", FindingStatus.Pass, () => With(machine => machine.IamInstanceProfile = null) with { HostManagementRoleName = "managed" }),
        ["profile gone"] = ("InstanceProfile", FindingStatus.Fail, () => Good() with { Profile = default }),
        ["profile anew"] = ("InstanceProfile", FindingStatus.Fail, () => With(machine => machine.IamInstanceProfile!.Id = "AIPA0")),
        ["profile empty"] = ("InstanceProfile", FindingStatus.Fail, () => Changed(scene => scene.Profile.Value!.Roles.Clear())),
        ["profile denied"] = ("InstanceProfile", FindingStatus.Unknown, () => Good() with { Profile = s_no }),

        ["trusted"] = ("RoleTrust", FindingStatus.Pass, Good),
        ["not trusted"] = ("RoleTrust", FindingStatus.Fail, () => Good() with { Role = Role("web") with { TrustPolicy = "{}" } }),
        ["trust denied"] = ("RoleTrust", FindingStatus.Unknown, () => Good() with { Role = s_no }),

        ["allowed"] = ("RolePermission", FindingStatus.Pass, Good),
        ["not allowed"] = ("RolePermission", FindingStatus.Fail, () => Good() with { Role = Role("web", Allow("ssm:*")) }),
        ["denied"] = ("RolePermission", FindingStatus.Fail, () => Good() with { Role = Role("web", Allow("*"), Deny("ssmmessages:*")) }),
        ["outside the boundary"] = ("RolePermission", FindingStatus.Fail, () => Good() with
        {
            Role = Role("web", Allow("*")) with { BoundaryArn = "arn:aws:iam::1:policy/b", Boundary = Allow("s3:*") },
        }),
        ["organization"] = ("RolePermission", FindingStatus.Fail, () => Good() with
        {
            Role = Role("web", Allow("*")) with { DeniedByOrganization = ["ssm:UpdateInstanceInformation"] },
        }),
        ["policies denied"] = ("RolePermission", FindingStatus.Unknown, () => Good() with { Role = Role("web") with { Policies = s_no } }),
        ["host management instead"] = ("RolePermission", FindingStatus.Pass, () => Good() with { Role = Role("web"), HostManagementRoleName = "managed" }),

        ["off"] = ("DefaultHostManagement", FindingStatus.Pass, Good),
        ["on"] = ("DefaultHostManagement", FindingStatus.Pass, () => Managed(Allow("*"))),
        ["imds v1"] = ("DefaultHostManagement", FindingStatus.Fail, () => Changed(scene => scene.Instance.Value!.MetadataOptions!.HttpTokens = "optional", Managed(Allow("*")))),
        ["unfit role"] = ("DefaultHostManagement", FindingStatus.Fail, () => Managed()),
        ["no such role"] = ("DefaultHostManagement", FindingStatus.Fail, () => Managed() with { HostManagementRole = default }),
        ["setting denied"] = ("DefaultHostManagement", FindingStatus.Unknown, () => Good() with { HostManagementRoleName = s_no }),

        ["metadata"] = ("Metadata", FindingStatus.Pass, Good),
        ["metadata off"] = ("Metadata", FindingStatus.Fail, () => With(machine => machine.MetadataOptions!.HttpEndpoint = "disabled")),
        ["container host"] = ("Metadata", FindingStatus.Warn, () => With(machine => machine.MetadataOptions!.HttpPutResponseHopLimit = 1) with
        {
            Image = new Image { Name = "bottlerocket-aws-ecs-1-x86_64" },
        }),

        ["endpoints instead of a route"] = ("Route", FindingStatus.Pass, Good),
        ["nat"] = ("Route", FindingStatus.Pass, () => Nat("available")),
        ["nat failed"] = ("Route", FindingStatus.Fail, () => Nat("failed")),
        ["black hole"] = ("Route", FindingStatus.Fail, () => Alone() with { RouteTable = Routes("nat-1", "blackhole") }),
        ["no way out"] = ("Route", FindingStatus.Fail, Alone),
        ["internet without address"] = ("Route", FindingStatus.Fail, () => Alone() with { RouteTable = Routes("igw-1") }),
        ["internet with address"] = ("Route", FindingStatus.Pass, () => Changed(scene => scene.Instance.Value!.PublicIpAddress = "3.3.3.3", Alone() with { RouteTable = Routes("igw-1") })),
        ["routes denied"] = ("Route", FindingStatus.Unknown, () => Alone() with { RouteTable = s_no }),

        ["dns"] = ("VpcDns", FindingStatus.Pass, Good),
        ["dns off"] = ("VpcDns", FindingStatus.Fail, () => Good() with { DnsSupport = false }),
        ["names off"] = ("VpcDns", FindingStatus.Fail, () => Good() with { DnsHostnames = false }),
        ["names off behind nat"] = ("VpcDns", FindingStatus.Pass, () => Nat("available") with { DnsHostnames = false }),
        ["dns denied"] = ("VpcDns", FindingStatus.Unknown, () => Good() with { DnsSupport = s_no }),

        ["endpoints"] = ("VpcEndpoint", FindingStatus.Pass, Good),
        ["one missing"] = ("VpcEndpoint", FindingStatus.Fail, () => Good() with { Endpoints = new([Endpoint("ssm")]) }),
        ["one pending"] = ("VpcEndpoint", FindingStatus.Fail, () => Good() with { Endpoints = Both(one => one.State = "pending") }),
        ["none needed"] = ("VpcEndpoint", FindingStatus.Pass, () => Nat("available")),
        ["another zone"] = ("VpcEndpoint", FindingStatus.Warn, () => With(machine => machine.Placement = new Placement { AvailabilityZone = "eu-west-1a" }) with
        {
            EndpointZones = new Dictionary<string, string> { ["subnet-2"] = "eu-west-1b" },
        }),
        ["endpoints denied"] = ("VpcEndpoint", FindingStatus.Unknown, () => Good() with { Endpoints = s_no }),

        ["private dns"] = ("EndpointPrivateDns", FindingStatus.Pass, Good),
        ["private dns off"] = ("EndpointPrivateDns", FindingStatus.Fail, () => Good() with { Endpoints = Both(one => one.PrivateDnsEnabled = false) }),
        ["private dns unseen"] = ("EndpointPrivateDns", FindingStatus.Unknown, () => Good() with { Endpoints = s_no }),

        ["no endpoint policy"] = ("EndpointPolicy", FindingStatus.Pass, Good),
        ["endpoint policy for others"] = ("EndpointPolicy", FindingStatus.Fail, () => Good() with
        {
            Endpoints = Both(one => one.PolicyDocument = """{"Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::2:root"},"Action":"*","Resource":"*"}}"""),
        }),
        ["endpoint policy for the account"] = ("EndpointPolicy", FindingStatus.Pass, () => Good() with
        {
            Endpoints = Both(one => one.PolicyDocument = """{"Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::1:root"},"Action":["ssm:*","ssmmessages:*"],"Resource":"*"}}"""),
        }),
        ["endpoint policy unseen"] = ("EndpointPolicy", FindingStatus.Unknown, () => Good() with { Endpoints = s_no }),

        ["let in"] = ("EndpointSecurityGroup", FindingStatus.Pass, Good),
        ["not let in"] = ("EndpointSecurityGroup", FindingStatus.Fail, () => Good() with { Groups = GroupsOf(Https("10.9.0.0/16"), Https("0.0.0.0/0")) }),
        ["groups denied"] = ("EndpointSecurityGroup", FindingStatus.Unknown, () => Good() with { Groups = s_no }),

        ["let out"] = ("SecurityGroupEgress", FindingStatus.Pass, Good),
        ["let out to the endpoints"] = ("SecurityGroupEgress", FindingStatus.Pass, () => Good() with { Groups = GroupsOf(Https("10.0.0.0/24"), Https("10.0.1.0/24")) }),
        ["let out elsewhere"] = ("SecurityGroupEgress", FindingStatus.Fail, () => Good() with { Groups = GroupsOf(Https("10.0.0.0/24"), Https("10.0.9.0/24")) }),
        ["not let out"] = ("SecurityGroupEgress", FindingStatus.Fail, () => Good() with { Groups = GroupsOf(Https("10.0.0.0/24"), null) }),
        ["let out to some of the world"] = ("SecurityGroupEgress", FindingStatus.Warn, () => Nat("available") with { Groups = GroupsOf(null, Https("52.0.0.0/8")) }),
        ["egress unseen"] = ("SecurityGroupEgress", FindingStatus.Unknown, () => Good() with { Groups = s_no }),

        ["acl"] = ("NetworkAcl", FindingStatus.Pass, Good),
        ["acl keeps in"] = ("NetworkAcl", FindingStatus.Fail, () => Good() with { NetworkAcl = Acl(Entry(50, true, "deny", 443, 443)) }),
        ["acl keeps answers out"] = ("NetworkAcl", FindingStatus.Fail, () => Good() with { NetworkAcl = Acl(Entry(50, false, "deny", 40000, 65535)) }),
        ["acl of two halves"] = ("NetworkAcl", FindingStatus.Pass, () => Good() with
        {
            NetworkAcl = Acl(Entry(10, false, "allow", 1024, 40000), Entry(20, false, "allow", 40001, 65535), Entry(50, false, "deny", 1024, 65535)),
        }),
        ["acl of the endpoints keeps the instance out"] = ("NetworkAcl", FindingStatus.Fail, () => Good() with
        {
            EndpointAcls = new Dictionary<string, NetworkAcl> { ["subnet-2"] = Acl(Entry(50, false, "deny", 443, 443)) },
        }),
        ["acl of the endpoints keeps the answers in"] = ("NetworkAcl", FindingStatus.Fail, () => Good() with
        {
            EndpointAcls = new Dictionary<string, NetworkAcl> { ["subnet-2"] = Acl(Entry(50, true, "deny", 1024, 65535)) },
        }),
        ["acl closes one of two ways"] = ("NetworkAcl", FindingStatus.Warn, () => Good() with
        {
            NetworkAcl = Acl(Entry(50, true, "deny", 443, 443)),
            Endpoints = Both(endpoint => endpoint.NetworkInterfaceIds.Add("eni-near")),
            Interfaces = new Dictionary<string, InterfacePlace>
            {
                ["eni-ssm"] = new("10.0.1.4", "subnet-2"),
                ["eni-ssmmessages"] = new("10.0.1.5", "subnet-2"),
                ["eni-near"] = new("10.0.0.9", "subnet-1"),
            },
        }),
        ["acl of windows' answers"] = ("NetworkAcl", FindingStatus.Pass, () => Good() with
        {
            Instance = Machine(instance => instance.Platform = "windows"),
            NetworkAcl = Acl(Entry(50, false, "deny", 1024, 49151)),
        }),
        ["acl denied"] = ("NetworkAcl", FindingStatus.Unknown, () => Good() with { NetworkAcl = s_no }),

        ["clock"] = ("Clock", FindingStatus.Pass, Good),
        ["clock off"] = ("Clock", FindingStatus.Fail, () => Good() with { Console = "x\nagent: InvalidSignatureException: Signature expired: 2026\n" }),
        ["clock unseen"] = ("Clock", FindingStatus.Unknown, () => Good() with { Console = s_no }),
        ["disk"] = ("Disk", FindingStatus.Pass, Good),
        ["disk full"] = ("Disk", FindingStatus.Fail, () => Good() with { Console = "write /var/x: no space left on device" }),
        ["disk unseen"] = ("Disk", FindingStatus.Unknown, () => Good() with { Console = s_no }),
        ["agent runs"] = ("AgentStopped", FindingStatus.Pass, () => Good() with { Console = "Stopped amazon-ssm-agent.service\nStarted amazon-ssm-agent.service" }),
        ["agent stopped"] = ("AgentStopped", FindingStatus.Fail, () => Good() with { Console = "Started amazon-ssm-agent.service\nStopped amazon-ssm-agent.service" }),
        ["agent silent"] = ("AgentStopped", FindingStatus.Fail, () => Good() with
        {
            Information = new InstanceInformation { PingStatus = "ConnectionLost", LastPingDateTime = Now.UtcDateTime.AddHours(-1) },
        }),
        ["agent unseen"] = ("AgentStopped", FindingStatus.Unknown, () => Good() with { Console = s_no }),

        ["no needs"] = ("SessionEndpoints", FindingStatus.Pass, () => Good() with { SessionNeeds = new SessionNeeds(null, null, null) }),
        ["logs unreached"] = ("SessionEndpoints", FindingStatus.Warn, () => Good() with { SessionNeeds = new SessionNeeds("/ssm", null, null) }),
        ["key unreached"] = ("SessionEndpoints", FindingStatus.Fail, () => Good() with { SessionNeeds = new SessionNeeds(null, null, "alias/k") }),
        ["bucket behind a gateway"] = ("SessionEndpoints", FindingStatus.Pass, () => Good() with
        {
            SessionNeeds = new SessionNeeds(null, "bucket", null),
            Endpoints = new([Endpoint("s3", one =>
            {
                one.VpcEndpointType = "Gateway";
                one.RouteTableIds.Add("rtb-1");
            })]),
        }),
        ["needs denied"] = ("SessionEndpoints", FindingStatus.Unknown, () => Good() with { SessionNeeds = s_no }),

        ["activated"] = ("HybridActivation", FindingStatus.Pass, () => OfHybrid(true)),
        ["silent, may return"] = ("HybridActivation", FindingStatus.Pass, () => OfHybrid(false)),
        ["silent, expired"] = ("HybridActivation", FindingStatus.Fail, () => OfHybrid(false) with { Activation = new Activation { Expired = true } }),
        ["not known"] = ("HybridActivation", FindingStatus.Fail, () => OfHybrid(true) with { Information = default }),
        ["activations denied"] = ("HybridActivation", FindingStatus.Unknown, () => OfHybrid(false) with { Activation = s_no }),
        ["advanced"] = ("InstanceTier", FindingStatus.Pass, () => OfHybrid(true)),
        ["standard"] = ("InstanceTier", FindingStatus.Fail, () => OfHybrid(true) with { ActivationTier = "standard" }),
        ["tier denied"] = ("InstanceTier", FindingStatus.Unknown, () => OfHybrid(true) with { ActivationTier = s_no }),

        ["awake"] = ("BackOff", FindingStatus.Pass, Good),
        ["asleep"] = ("BackOff", FindingStatus.Fail, () => Good() with { Now = Now.AddMinutes(8) }),
        ["asleep, it says"] = ("BackOff", FindingStatus.Fail, () => Good() with { Console = "INFO [CredentialRefresher] Sleeping for 28m50s before retrying retrieve credentials" }),
        ["asleep, and more"] = ("BackOff", FindingStatus.Warn, () => Good() with { Now = Now.AddMinutes(8), IsExplained = true }),
        ["late profile"] = ("BackOff", FindingStatus.Fail, () => Good() with
        {
            Association = new IamInstanceProfileAssociation { Timestamp = Now.UtcDateTime.AddSeconds(-20) },
        }),
        ["registered once"] = ("BackOff", null, () => Agent("3.3.1142.0")),
        ["young"] = ("Patience", FindingStatus.Warn, Good),
        ["old"] = ("Patience", FindingStatus.Pass, () => Good() with { Now = Now.AddMinutes(8) }),
        ["young but explained"] = ("Patience", null, () => Good() with { IsExplained = true }),
    };

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_check_says_what_is_to_be_said(string name)
    {
        (string id, FindingStatus? status, Func<Scene> scene) = s_cases[name];
        Check check = CheckList.First.Concat(CheckList.Last).Single(check => check.Id == id);

        Finding? finding = check.Examine(scene());

        Assert.Equal(status, finding?.Status);
        if (finding is null)
        {
            return;
        }

        Assert.Equal(id, finding.Check);
        Assert.NotEmpty(finding.Because);
        Assert.False(finding.Because.EndsWith('.'), finding.Because);
        if (status == FindingStatus.Fail)
        {
            Assert.NotNull(finding.Cause);
            Assert.NotNull(finding.Fix);
            Assert.NotEmpty(finding.Evidence);
        }
    }

    [Fact]
    public void Every_check_has_a_case_that_passes_and_one_that_does_not() => Assert.All(
        CheckList.First.Concat(CheckList.Last),
        check => Assert.True(s_cases.Values.Where(one => one.Check == check.Id).Select(one => one.Status).Distinct().Count() >= 2, check.Id));

    [Fact]
    public void A_late_profile_names_the_end_of_the_sleep()
    {
        Scene scene = Good() with { Association = new IamInstanceProfileAssociation { Timestamp = Now.UtcDateTime.AddSeconds(-20) } };

        Finding finding = new BackOffCheck().Examine(scene)!;

        Assert.StartsWith("the profile was attached 20 s ago", finding.Because, StringComparison.Ordinal);
        Assert.Equal(new FindingCause.AgentSleeps(Id, Now.AddMinutes(28)), finding.Cause);
    }

    [Fact]
    public void A_young_node_is_told_what_is_awaited() => Assert.Equal(
        "profile attached 20 s ago, agent not yet seen",
        new PatienceCheck().Examine(Good() with { Association = new IamInstanceProfileAssociation { Timestamp = Now.UtcDateTime.AddSeconds(-20) } })!.Because);

    [Fact]
    public void The_endpoint_of_another_region_or_service_does_not_serve() => Assert.IsType<FindingCause.EndpointMissing>(
        new VpcEndpointCheck().Examine(Good() with
        {
            Endpoints = new([Endpoint("ssm"), Endpoint("x", one => one.ServiceName = "com.amazonaws.eu-west-2.ssmmessages")]),
        })!.Cause);

    private static Scene Changed(Action<Scene> change, Scene? scene = null)
    {
        scene ??= Good();
        change(scene);
        return scene;
    }

    private static Scene With(Action<Instance> change) => Good() with { Instance = Machine(change) };

    private static Scene Alone() => Good() with { Endpoints = new([]) };

    private static Scene Nat(string state) => Alone() with
    {
        RouteTable = Routes("nat-1"),
        NatGateways = new Dictionary<string, string> { ["nat-1"] = state },
    };

    private static Scene Managed(params PolicyText[] policies) => Good() with
    {
        Instance = Machine(machine => machine.IamInstanceProfile = null),
        Profile = default,
        Role = default,
        HostManagementRoleName = "managed",
        HostManagementRole = Role("managed", policies),
    };

    private static Scene Agent(string version) => Good() with
    {
        Information = new InstanceInformation { PingStatus = "Online", AgentVersion = version, IsLatestVersion = version.StartsWith("3.3", StringComparison.Ordinal) },
    };

    private static InstanceStatus Status(string status) => new()
    {
        SystemStatus = new InstanceStatusSummary { Status = "ok" },
        InstanceStatusValue = new InstanceStatusSummary { Status = status },
    };
}
