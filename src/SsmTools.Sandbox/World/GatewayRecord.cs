namespace SsmTools.Sandbox.World;

/// <summary>An internet gateway, or a NAT gateway when it stands in a subnet.</summary>
internal sealed class GatewayRecord : Resource
{
    public override string ResourceType => Subnet is null ? "internet-gateway" : "natgateway";

    public VpcRecord? Vpc { get; set; }

    public SubnetRecord? Subnet { get; init; }

    public NetworkInterfaceRecord? Interface { get; init; }

    public required DateTimeOffset Created { get; init; }

    public string State { get; set; } = "available";
}
