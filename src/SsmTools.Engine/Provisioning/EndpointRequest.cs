namespace SsmTools.Engine.Provisioning;

/// <summary>The VPC endpoints that are wanted in a VPC that is there.</summary>
public sealed record EndpointRequest
{
    /// <summary>The VPC, <c>vpc-…</c>; null where the subnets say it. Without subnets one of each zone is taken.</summary>
    public string? VpcId { get; init; }

    /// <summary>
    /// The subnets that are to be served, <c>subnet-…</c>. Endpoints get one of each zone; all of them are let in.
    /// </summary>
    public IReadOnlyList<string> SubnetIds { get; init; } = [];

    /// <summary>Names of <see cref="EndpointCatalog"/>.</summary>
    public IReadOnlyList<string> Services { get; init; } = EndpointCatalog.Required;

    /// <summary>Security groups for new endpoints, in place of one that is made for them.</summary>
    public IReadOnlyList<string> SecurityGroupIds { get; init; } = [];

    /// <summary>More tags for what is made.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}
