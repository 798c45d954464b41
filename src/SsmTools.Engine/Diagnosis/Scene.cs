using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Survey;
using Activation = SsmTools.Engine.Aws.Ssm.Activation;
using Image = SsmTools.Engine.Aws.Ec2.Image;
using InstanceProfile = SsmTools.Engine.Aws.Iam.InstanceProfile;

namespace SsmTools.Engine.Diagnosis;

/// <summary>
/// All that is known of one node and its surroundings at one moment. Each part is an answer or the reason why there is
/// none; an answer of null says that there is no such thing.
/// </summary>
internal sealed record Scene
{
    /// <summary>The node.</summary>
    public required string NodeId { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Where.</summary>
    public required string Region { get; init; }

    /// <summary>For example <c>aws</c>.</summary>
    public string Partition { get; init; } = "aws";

    /// <summary>Where else the node is, when it is not here and that could be told.</summary>
    public string? OtherRegion { get; init; }

    /// <summary>What Systems Manager knows.</summary>
    public Reading<InstanceInformation> Information { get; init; }

    /// <summary>What EC2 knows.</summary>
    public Reading<Instance> Instance { get; init; }

    /// <summary>EC2's own checks of a running instance.</summary>
    public Reading<InstanceStatus> Status { get; init; }

    /// <summary>What it was launched from.</summary>
    public Reading<Image> Image { get; init; }

    /// <summary>The user data, plain; read only where the image brings no agent.</summary>
    public Reading<string> UserData { get; init; }

    /// <summary>When and how the profile was attached.</summary>
    public Reading<IamInstanceProfileAssociation> Association { get; init; }

    /// <summary>The profile that the instance names.</summary>
    public Reading<InstanceProfile> Profile { get; init; }

    /// <summary>The role in that profile.</summary>
    public Reading<RoleFacts> Role { get; init; }

    /// <summary>The role that Default Host Management gives to instances; null where it is off.</summary>
    public Reading<string> HostManagementRoleName { get; init; }

    /// <summary>That role.</summary>
    public Reading<RoleFacts> HostManagementRole { get; init; }

    /// <summary>Where it stands.</summary>
    public Reading<Subnet> Subnet { get; init; }

    /// <summary>enableDnsSupport.</summary>
    public Reading<bool> DnsSupport { get; init; } = true;

    /// <summary>enableDnsHostnames.</summary>
    public Reading<bool> DnsHostnames { get; init; } = true;

    /// <summary>The subnet's routes, its own or the VPC's main ones.</summary>
    public Reading<RouteTable> RouteTable { get; init; }

    /// <summary>The states of the VPC's NAT gateways by their ids.</summary>
    public Reading<IReadOnlyDictionary<string, string>> NatGateways { get; init; }

    /// <summary>The VPC's endpoints.</summary>
    public Reading<IReadOnlyList<VpcEndpoint>> Endpoints { get; init; } = new([]);

    /// <summary>Where the endpoints' interfaces stand, by the interfaces' ids.</summary>
    public Reading<IReadOnlyDictionary<string, InterfacePlace>> Interfaces { get; init; }

    /// <summary>The zones of the subnets that endpoints have interfaces in, by the subnets' ids.</summary>
    public Reading<IReadOnlyDictionary<string, string>> EndpointZones { get; init; }

    /// <summary>The security groups of the instance and of the endpoints, by id.</summary>
    public Reading<IReadOnlyDictionary<string, SecurityGroup>> Groups { get; init; }

    /// <summary>The subnet's network ACL.</summary>
    public Reading<NetworkAcl> NetworkAcl { get; init; }

    /// <summary>The network ACLs of the subnets that endpoints have interfaces in, by the subnets' ids.</summary>
    public Reading<IReadOnlyDictionary<string, NetworkAcl>> EndpointAcls { get; init; }

    /// <summary>What the machine wrote to its console; read only where nothing else explains what is wrong.</summary>
    public Reading<string> Console { get; init; }

    /// <summary>What sessions need besides.</summary>
    public Reading<SessionNeeds> SessionNeeds { get; init; }

    /// <summary>The tier of hybrid nodes: standard or advanced.</summary>
    public Reading<string> ActivationTier { get; init; }

    /// <summary>What a hybrid node was activated with.</summary>
    public Reading<Activation> Activation { get; init; }

    /// <summary>Whether a check before this one has found what is wrong.</summary>
    public bool IsExplained { get; init; }

    /// <summary>Whether it is a hybrid node.</summary>
    public bool IsHybrid => Registration.NodeIds.IsHybrid(NodeId);

    /// <summary>Whether its agent answers.</summary>
    public bool IsOnline => Information.Value?.PingStatus == PingStatus.Online;
}
