namespace SsmTools.Sandbox.World;

/// <summary>A numbered rule of a network ACL; the protocol is a number, -1 for all.</summary>
internal sealed record NetworkAclEntry(
    int Number, bool Egress, bool Allow, string Protocol, string Cidr, int? FromPort = null, int? ToPort = null)
{
    /// <summary>The number of the rule that ends each list, which nobody can take away.</summary>
    public const int Last = 32767;

    /// <summary>Whether it is about a port.</summary>
    public bool Covers(int port) => Protocol == "-1" || FromPort is null || (FromPort <= port && port <= ToPort);
}
