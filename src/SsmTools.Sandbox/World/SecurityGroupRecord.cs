namespace SsmTools.Sandbox.World;

/// <summary>A security group.</summary>
internal sealed class SecurityGroupRecord : Resource
{
    public override string ResourceType => "security-group";

    public required VpcRecord Vpc { get; init; }

    public required string Name { get; init; }

    public required string Description { get; init; }

    public List<SecurityRule> Rules { get; } = [];
}
