namespace SsmTools.Sandbox.World;

/// <summary>A subnet.</summary>
internal sealed class SubnetRecord : Resource
{
    public override string ResourceType => "subnet";

    public required VpcRecord Vpc { get; init; }

    public required string Cidr { get; init; }

    public required string Zone { get; init; }

    public bool MapPublicIp { get; set; }
}
