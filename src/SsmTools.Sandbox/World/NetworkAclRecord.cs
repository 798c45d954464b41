namespace SsmTools.Sandbox.World;

/// <summary>A network ACL.</summary>
internal sealed class NetworkAclRecord : Resource
{
    /// <summary>Everybody on the internet.</summary>
    public const string Anywhere = "0.0.0.0/0";

    public override string ResourceType => "network-acl";

    public required VpcRecord Vpc { get; init; }

    public bool Default { get; init; }

    public List<NetworkAclEntry> Entries { get; } = [];

    /// <summary>Gets subnet ids by association id.</summary>
    public SortedDictionary<string, string> Subnets { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// Whether TCP on the whole range of ports passes between a subnet and a peer: for each port the lowest-numbered rule
    /// that speaks of both decides.
    /// </summary>
    /// <param name="egress">Whether packets leave the subnet.</param>
    /// <param name="peer">An address; null for somebody on the internet, whom only rules for everybody concern.</param>
    /// <param name="fromPort">The first port.</param>
    /// <param name="toPort">The last port.</param>
    public bool Allows(bool egress, string? peer, int fromPort, int toPort)
    {
        NetworkAclEntry[] rules =
        [
            .. Entries.Where(entry => entry.Egress == egress && entry.Protocol is ("-1" or "6")
                    && (peer is null ? entry.Cidr == Anywhere : Addresses.Contains(entry.Cidr, peer)))
                .OrderBy(entry => entry.Number),
        ];
        return Enumerable.Range(fromPort, toPort - fromPort + 1)
            .All(port => Array.Find(rules, rule => rule.Covers(port)) is { Allow: true });
    }
}
