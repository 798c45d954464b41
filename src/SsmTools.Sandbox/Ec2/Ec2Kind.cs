using System.Text.RegularExpressions;
using SsmTools.Sandbox.Wire;

namespace SsmTools.Sandbox.Ec2;

/// <summary>A kind of thing with ids: their prefix, and the errors about them.</summary>
internal sealed record Ec2Kind(string Prefix, string Code, string Sentence, string? NotFoundCode = null)
{
    public static readonly Ec2Kind Instance = new("i", "InvalidInstanceID", "The instance ID '{0}' does not exist");
    public static readonly Ec2Kind Subnet = new("subnet", "InvalidSubnetID", "The subnet ID '{0}' does not exist");
    public static readonly Ec2Kind Vpc = new("vpc", "InvalidVpcID", "The vpc ID '{0}' does not exist");
    public static readonly Ec2Kind RouteTable = new("rtb", "InvalidRouteTableID", "The routeTable ID '{0}' does not exist");
    public static readonly Ec2Kind SecurityGroup =
        new("sg", "InvalidGroupId", "The security group '{0}' does not exist", "InvalidGroup.NotFound");

    public static readonly Ec2Kind SecurityGroupRule =
        new("sgr", "InvalidSecurityGroupRuleId", "The security group rule ID '{0}' does not exist");

    public static readonly Ec2Kind NetworkAcl = new("acl", "InvalidNetworkAclID", "The networkAcl ID '{0}' does not exist");
    public static readonly Ec2Kind VpcEndpoint = new("vpce", "InvalidVpcEndpointId", "The Vpc Endpoint Id '{0}' does not exist");
    public static readonly Ec2Kind Image = new("ami", "InvalidAMIID", "The image id '[{0}]' does not exist");
    public static readonly Ec2Kind Volume = new("vol", "InvalidVolumeID", "The volume '{0}' does not exist.", "InvalidVolume.NotFound");
    public static readonly Ec2Kind KeyPair =
        new("key", "InvalidKeyPairId", "The key pair '{0}' does not exist", "InvalidKeyPair.NotFound");

    public static readonly Ec2Kind NetworkInterface =
        new("eni", "InvalidNetworkInterfaceID", "The networkInterface ID '{0}' does not exist");

    public static readonly Ec2Kind InternetGateway =
        new("igw", "InvalidInternetGatewayID", "The internetGateway ID '{0}' does not exist");

    public static readonly Ec2Kind NatGateway = new("nat", "InvalidNatGatewayID", "The Nat Gateway {0} was not found", "NatGatewayNotFound");

    public static readonly Ec2Kind ProfileAssociation =
        new("iip-assoc", "InvalidAssociationID", "An invalid association-id of '{0}' was given");

    public ServiceError NotFound(string id)
    {
        return new ServiceError(NotFoundCode ?? $"{Code}.NotFound", Sentence.Replace("{0}", id, StringComparison.Ordinal));
    }

    /// <summary>Refuses an id that is not of this kind's form.</summary>
    public void Check(string id)
    {
        if (!Regex.IsMatch(id, $"^{Prefix}-([0-9a-f]{{8}}|[0-9a-f]{{17}})\\z", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)))
        {
            throw new ServiceError($"{Code}.Malformed", $"Invalid id: \"{id}\" (expecting \"{Prefix}-...\")");
        }
    }

    /// <summary>The one that has the id, or EC2's refusal.</summary>
    public T Find<T>(IReadOnlyDictionary<string, T> all, string id)
        where T : class
    {
        Check(id);
        return all.GetValueOrDefault(id) ?? throw NotFound(id);
    }
}
