namespace SsmTools.Sandbox.World;

/// <summary>A numbered rule of a network ACL; the protocol is a number, -1 for all.</summary>
internal sealed record NetworkAclEntry(
    int Number, bool Egress, bool Allow, string Protocol, string Cidr, int? FromPort = null, int? ToPort = null);
