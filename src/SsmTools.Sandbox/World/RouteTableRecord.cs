namespace SsmTools.Sandbox.World;

/// <summary>A route table.</summary>
internal sealed class RouteTableRecord : Resource
{
    public override string ResourceType => "route-table";

    public required VpcRecord Vpc { get; init; }

    /// <summary>Gets the association that makes this its VPC's main table; null when it is not.</summary>
    public string? MainAssociationId { get; init; }

    public List<RouteRecord> Routes { get; } = [];

    /// <summary>Gets subnet ids by association id.</summary>
    public SortedDictionary<string, string> Subnets { get; } = new(StringComparer.Ordinal);
}
