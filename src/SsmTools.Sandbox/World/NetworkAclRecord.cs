namespace SsmTools.Sandbox.World;

/// <summary>A network ACL.</summary>
internal sealed class NetworkAclRecord : Resource
{
    public override string ResourceType => "network-acl";

    public required VpcRecord Vpc { get; init; }

    public bool Default { get; init; }

    public List<NetworkAclEntry> Entries { get; } = [];

    /// <summary>Gets subnet ids by association id.</summary>
    public SortedDictionary<string, string> Subnets { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether TCP on the whole range of ports passes: the lowest-numbered rule that touches a port decides.</summary>
    public bool Allows(bool egress, int fromPort, int toPort)
    {
        foreach (NetworkAclEntry entry in Entries.Where(entry => entry.Egress == egress).OrderBy(entry => entry.Number))
        {
            if (entry.Cidr != "0.0.0.0/0" || entry.Protocol is not ("-1" or "6"))
            {
                continue;
            }

            bool all = entry.Protocol == "-1" || entry.FromPort is null;
            if (all || (entry.FromPort <= fromPort && toPort <= entry.ToPort))
            {
                return entry.Allow;
            }

            if (!entry.Allow && entry.FromPort <= toPort && fromPort <= entry.ToPort)
            {
                return false;
            }
        }

        return false;
    }
}
