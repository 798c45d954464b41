using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Diagnosis;
using SsmTools.Engine.Survey;
using IamRole = SsmTools.Engine.Aws.Iam.Role;
using InstanceProfile = SsmTools.Engine.Aws.Iam.InstanceProfile;
using Route = SsmTools.Engine.Aws.Ec2.Route;

namespace SsmTools.Tests.Diagnosis;

/// <summary>A scene in which all is well and nobody has registered yet, and what can be changed of it.</summary>
internal static class Scenes
{
    public const string Id = "i-0123456789abcdef0";
    public const string Hybrid = "mi-0123456789abcdef0";
    public const string Trust =
        """{"Statement":[{"Effect":"Allow","Principal":{"Service":["ec2.amazonaws.com","ssm.amazonaws.com"]},"Action":"sts:AssumeRole"}]}""";

    public static readonly DateTimeOffset Now = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);

    /// <summary>An isolated subnet, with endpoints for both services.</summary>
    public static Scene Good() => new()
    {
        NodeId = Id,
        Now = Now,
        Region = "eu-west-1",
        Instance = Machine(),
        Status = new InstanceStatus
        {
            SystemStatus = new InstanceStatusSummary { Status = "ok" },
            InstanceStatusValue = new InstanceStatusSummary { Status = "ok" },
        },
        Image = new Image { ImageId = "ami-1", Name = "al2023-ami-2023.9-kernel-6.1-x86_64" },
        Association = new IamInstanceProfileAssociation { AssociationId = "iip-1", Timestamp = Now.UtcDateTime.AddMinutes(-2) },
        Profile = new InstanceProfile
        {
            InstanceProfileName = "web",
            InstanceProfileId = "AIPA1",
            Roles = { new IamRole { RoleName = "web", Arn = "arn:aws:iam::1:role/web" } },
        },
        Role = Role("web", Allow("*")),
        Subnet = new Subnet { SubnetId = "subnet-1", CidrBlock = "10.0.0.0/24" },
        RouteTable = new RouteTable { RouteTableId = "rtb-1" },
        Endpoints = new Reading<IReadOnlyList<VpcEndpoint>>([Endpoint("ssm"), Endpoint("ssmmessages")]),
        Interfaces = new Dictionary<string, InterfacePlace>
        {
            ["eni-ssm"] = new("10.0.1.4", "subnet-2"),
            ["eni-ssmmessages"] = new("10.0.1.5", "subnet-2"),
        },
        Groups = GroupsOf(Https("10.0.0.0/24"), Https("0.0.0.0/0")),
        NetworkAcl = Acl(),
        Console = "",
    };

    public static Instance Machine(Action<Instance>? change = null)
    {
        Instance instance = new()
        {
            InstanceId = Id,
            ImageId = "ami-1",
            State = new InstanceState { Name = "running" },
            LaunchTime = Now.UtcDateTime.AddMinutes(-2),
            IamInstanceProfile = new IamInstanceProfile { Arn = "arn:aws:iam::1:instance-profile/web", Id = "AIPA1" },
            MetadataOptions = new InstanceMetadataOptionsResponse { HttpEndpoint = "enabled", HttpTokens = "required", HttpPutResponseHopLimit = 2 },
            VpcId = "vpc-1",
            SubnetId = "subnet-1",
            PrivateIpAddress = "10.0.0.4",
            SecurityGroups = { new GroupIdentifier { GroupId = "sg-instance" } },
        };
        change?.Invoke(instance);
        return instance;
    }

    public static PolicyText Allow(string action) => new("allowing", Statement("Allow", action));

    public static PolicyText Deny(string action) => new("denying", Statement("Deny", action));

    public static RoleFacts Role(string name, params PolicyText[] policies) => new()
    {
        Name = name,
        Arn = $"arn:aws:iam::1:role/{name}",
        TrustPolicy = Trust,
        Policies = policies,
    };

    public static VpcEndpoint Endpoint(string service, Action<VpcEndpoint>? change = null)
    {
        VpcEndpoint endpoint = new()
        {
            VpcEndpointId = $"vpce-{service}",
            VpcEndpointType = "Interface",
            VpcId = "vpc-1",
            ServiceName = $"com.amazonaws.eu-west-1.{service}",
            State = "available",
            PrivateDnsEnabled = true,
            SubnetIds = { "subnet-2" },
            NetworkInterfaceIds = { $"eni-{service}" },
            Groups = { new SecurityGroupIdentifier { GroupId = "sg-endpoint" } },
        };
        change?.Invoke(endpoint);
        return endpoint;
    }

    public static Reading<IReadOnlyList<VpcEndpoint>> Both(Action<VpcEndpoint> change) =>
        new([Endpoint("ssm", change), Endpoint("ssmmessages", change)]);

    public static RouteTable Routes(string target, string state = "active") => new()
    {
        RouteTableId = "rtb-1",
        Routes =
        {
            new Route
            {
                DestinationCidrBlock = "0.0.0.0/0",
                State = state,
                NatGatewayId = target.StartsWith("nat-", StringComparison.Ordinal) ? target : null,
                GatewayId = target.StartsWith("igw-", StringComparison.Ordinal) ? target : null,
            },
        },
    };

    public static IpPermission? Https(string? cidr) => cidr is null ? null : new IpPermission
    {
        IpProtocol = "tcp",
        FromPort = 443,
        ToPort = 443,
        IpRanges = { new IpRange { CidrIp = cidr } },
    };

    public static Reading<IReadOnlyDictionary<string, SecurityGroup>> GroupsOf(IpPermission? intoEndpoint, IpPermission? outOfInstance) =>
        new Dictionary<string, SecurityGroup>
        {
            ["sg-endpoint"] = new SecurityGroup { GroupId = "sg-endpoint", IpPermissions = [.. Some(intoEndpoint)] },
            ["sg-instance"] = new SecurityGroup { GroupId = "sg-instance", IpPermissionsEgress = [.. Some(outOfInstance)] },
        };

    public static NetworkAcl Acl(params NetworkAclEntry[] entries)
    {
        NetworkAcl acl = new() { NetworkAclId = "acl-1", Entries = [.. entries] };
        acl.Entries.Add(Entry(100, true, "allow", null, null));
        acl.Entries.Add(Entry(100, false, "allow", null, null));
        return acl;
    }

    public static NetworkAclEntry Entry(int number, bool egress, string action, int? from, int? to) => new()
    {
        RuleNumber = number,
        Egress = egress,
        RuleAction = action,
        Protocol = from is null ? "-1" : "6",
        PortRange = from is null ? null : new PortRange { From = from, To = to },
        CidrBlock = "0.0.0.0/0",
    };

    /// <summary>A hybrid node whose agent answers, or is silent.</summary>
    public static Scene OfHybrid(bool isOnline) => new()
    {
        NodeId = Hybrid,
        Now = Now,
        Region = "eu-west-1",
        Information = new InstanceInformation
        {
            InstanceId = Hybrid,
            PingStatus = isOnline ? "Online" : "ConnectionLost",
            AgentVersion = "3.3.1142.0",
            ActivationId = "act-1",
        },
        Activation = new Activation { ActivationId = "act-1", RegistrationLimit = 2, RegistrationsCount = 1, Expired = false },
        ActivationTier = "advanced",
    };

    private static IEnumerable<IpPermission> Some(IpPermission? rule) => rule is null ? [] : [rule];

    private static string Statement(string effect, string action) =>
        $$"""{"Statement":[{"Effect":"{{effect}}","Principal":"*","Action":"{{action}}","Resource":"*"}]}""";
}
