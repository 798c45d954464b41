namespace SsmTools.Sandbox.World;

/// <summary>
/// HTTPS as far as network ACLs are concerned. They stand at the edge of subnets, keep no account of connections, and so
/// have to let the answers through as well; what stays in a subnet they do not see.
/// </summary>
internal static class SubnetTraffic
{
    private const int Https = 443;

    // The ports that Linux calls from.
    private const int FirstAnswer = 32768;
    private const int LastAnswer = 60999;

    /// <summary>Whether a subnet's machines can call the internet.</summary>
    public static bool PassesOut(SandboxWorld world, SubnetRecord subnet) =>
        AclOf(world, subnet) is not { } acl
        || (acl.Allows(egress: true, null, Https, Https) && acl.Allows(egress: false, null, FirstAnswer, LastAnswer));

    /// <summary>Whether one interface can call another.</summary>
    public static bool Passes(SandboxWorld world, NetworkInterfaceRecord caller, NetworkInterfaceRecord called) =>
        caller.Subnet == called.Subnet
        || ((AclOf(world, caller.Subnet) is not { } here
                || (here.Allows(egress: true, called.PrivateIp, Https, Https)
                    && here.Allows(egress: false, called.PrivateIp, FirstAnswer, LastAnswer)))
            && (AclOf(world, called.Subnet) is not { } there
                || (there.Allows(egress: false, caller.PrivateIp, Https, Https)
                    && there.Allows(egress: true, caller.PrivateIp, FirstAnswer, LastAnswer))));

    private static NetworkAclRecord? AclOf(SandboxWorld world, SubnetRecord subnet) =>
        world.NetworkAcls.Values.FirstOrDefault(acl => acl.Subnets.ContainsValue(subnet.Id));
}
