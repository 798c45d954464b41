namespace SsmTools.Sandbox.World;

/// <summary>A virtual private cloud.</summary>
internal sealed class VpcRecord : Resource
{
    public override string ResourceType => "vpc";

    public required string Cidr { get; init; }

    public bool DnsSupport { get; set; } = true;

    public bool DnsHostnames { get; set; }
}
