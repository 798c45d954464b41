namespace SsmTools.Engine.Provisioning;

/// <summary>The network that is wanted: a VPC of isolated subnets, whose nodes reach Systems Manager through endpoints.</summary>
public sealed record NetworkRequest
{
    /// <summary>The range of a network that is made without one being asked for: that of the recipe.</summary>
    public const string DefaultCidr = "10.10.0.0/23";

    /// <summary>How many zones a network has without a number being asked for.</summary>
    public const int DefaultZones = 2;

    /// <summary>Its name: the VPC's Name tag, and what everything else in it is called by.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The VPC's range, /16 to /28, cut into equal subnets, one for each zone; null for <see cref="DefaultCidr"/>, or for
    /// what a network of that name has.
    /// </summary>
    public string? Cidr { get; init; }

    /// <summary>How many zones; null for <see cref="DefaultZones"/>, or for what a network of that name has.</summary>
    public int? ZoneCount { get; init; }

    /// <summary>The zones, by name; empty for the first that have all the services.</summary>
    public IReadOnlyList<string> AvailabilityZones { get; init; } = [];

    /// <summary>Names of <see cref="EndpointCatalog"/>; those that every node needs are there in any case.</summary>
    public IReadOnlyList<string> Services { get; init; } = [];

    /// <summary>More tags for what is made.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}
