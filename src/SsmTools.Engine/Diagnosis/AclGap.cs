namespace SsmTools.Engine.Diagnosis;

/// <summary>TCP that a network ACL does not let through, and that the way to Systems Manager needs.</summary>
/// <param name="AclId">The network ACL.</param>
/// <param name="Egress">Whether it leaves the ACL's subnet.</param>
/// <param name="Peer">The other side, as a range; 0.0.0.0/0 where Systems Manager is not in the VPC.</param>
/// <param name="FromPort">The first port.</param>
/// <param name="ToPort">The last port.</param>
internal sealed record AclGap(string AclId, bool Egress, string Peer, int FromPort, int ToPort)
{
    /// <summary>Whether the other side is the internet, and not a part of the VPC.</summary>
    public bool IsOpenEnded => Peer == Cidr.Everywhere;

    /// <summary>For people: <c>TCP 443 out to 10.0.0.4/32</c>.</summary>
    public override string ToString() =>
        $"TCP {(FromPort == ToPort ? $"{FromPort}" : $"{FromPort}-{ToPort}")} {(Egress ? "out to" : "in from")} {Peer}";
}
