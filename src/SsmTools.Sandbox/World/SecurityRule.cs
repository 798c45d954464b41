namespace SsmTools.Sandbox.World;

/// <summary>One permission of a security group, for one peer: an address range or another group.</summary>
internal sealed record SecurityRule
{
    public required string RuleId { get; init; }

    public required bool Egress { get; init; }

    /// <summary>Gets tcp, udp, icmp, a protocol number, or -1 for all.</summary>
    public required string Protocol { get; init; }

    public int FromPort { get; init; } = -1;

    public int ToPort { get; init; } = -1;

    public string? Cidr { get; init; }

    public string? Cidr6 { get; init; }

    public string? GroupId { get; init; }

    public string? PrefixListId { get; init; }

    public string? Description { get; init; }

    /// <summary>Whether both say the same, ids and descriptions aside.</summary>
    public bool Same(SecurityRule other)
    {
        return (Egress, Protocol, FromPort, ToPort, Cidr, Cidr6, GroupId, PrefixListId)
            == (other.Egress, other.Protocol, other.FromPort, other.ToPort, other.Cidr, other.Cidr6, other.GroupId, other.PrefixListId);
    }

    /// <summary>Whether it covers the TCP port.</summary>
    public bool CoversTcp(int port)
    {
        return Protocol == "-1" || (Protocol is "tcp" or "6" && (FromPort == -1 || (FromPort <= port && port <= ToPort)));
    }
}
