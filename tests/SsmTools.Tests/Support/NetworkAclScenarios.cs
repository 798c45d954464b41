using SsmTools.Engine.Aws.Ec2;
using SsmTools.Sandbox.World;
using NetworkAclEntry = SsmTools.Sandbox.World.NetworkAclEntry;

namespace SsmTools.Tests.Support;

/// <summary>Network ACLs that stand between a node and Systems Manager.</summary>
internal static class NetworkAclScenarios
{
    /// <summary>Within the VPC, where a narrow rule mends it.</summary>
    public static IReadOnlyList<RegistrationScenario> Mended { get; } =
    [
        new()
        {
            Name = "network ACL keeps the answers out",
            Check = "NetworkAcl",
            Subnet = world => world.Seed.Private[0],
            Break = RegistrationScenarios.World(world => Acl(world).Entries.Add(
                new NetworkAclEntry(50, Egress: false, Allow: false, "6", "0.0.0.0/0", 1024, 65535))),
            Changes =
            [
                "Allow TCP 32768-60999 in from 10.10.0.4/32 as rule 10", "Allow TCP 32768-60999 in from 10.10.1.4/32 as rule 20",
                "Allow TCP 32768-60999 in from 10.10.0.5/32 as rule 30", "Allow TCP 32768-60999 in from 10.10.1.5/32 as rule 40",
            ],
        },
        new()
        {
            Name = "network ACL keeps requests in",
            Check = "NetworkAcl",
            Subnet = world => world.Seed.Private[0],
            Break = RegistrationScenarios.World(world =>
            {
                Acl(world).Entries.Add(new NetworkAclEntry(4, Egress: true, Allow: true, "6", "192.0.2.0/24", 443, 443));
                Acl(world).Entries.Add(new NetworkAclEntry(6, Egress: true, Allow: false, "6", "10.10.0.0/23", 443, 443));
            }),
            Changes =
            [
                "Allow TCP 443 out to 10.10.0.4/32 as rule 5", "Allow TCP 443 out to 10.10.1.4/32 as rule 3",
                "Allow TCP 443 out to 10.10.0.5/32 as rule 2", "Allow TCP 443 out to 10.10.1.5/32 as rule 1",
            ],
        },
        new()
        {
            Name = "network ACL of the endpoints keeps the instance out",
            Check = "NetworkAcl",
            Subnet = world => world.Seed.Private[0],
            Break = RegistrationScenarios.World(world =>
            {
                NetworkAclRecord endpoints = Acl(world);
                NetworkAclRecord own = new() { Id = world.Ids.Ec2("acl"), Sequence = world.NextSequence(), Vpc = world.Seed.Vpc };
                own.Entries.AddRange(endpoints.Entries);
                KeyValuePair<string, string> tie = endpoints.Subnets.Single(pair => pair.Value == world.Seed.Private[0].Id);
                endpoints.Subnets.Remove(tie.Key);
                own.Subnets.Add(tie.Key, tie.Value);
                world.NetworkAcls.Add(own.Id, own);
                endpoints.Entries.Add(new NetworkAclEntry(50, Egress: false, Allow: false, "-1", "10.10.2.0/24"));
                endpoints.Entries.Add(new NetworkAclEntry(50, Egress: true, Allow: false, "-1", "10.10.2.0/24"));
            }),
            Changes =
            [
                "Allow TCP 32768-60999 out to 10.10.2.0/24 as rule 10", "Allow TCP 443 in from 10.10.2.0/24 as rule 10",
            ],
        },
    ];

    /// <summary>Towards the internet, where only a person can tell how far to open.</summary>
    public static IReadOnlyList<RegistrationScenario> Advised { get; } =
    [
        new()
        {
            Name = "network ACL keeps the internet's answers out",
            Check = "NetworkAcl",
            Subnet = world => world.Seed.Private[0],
            Break = RegistrationScenarios.World(world =>
            {
                RegistrationScenarios.RemoveEndpoints(world, _ => true);
                Acl(world).Entries.Add(new NetworkAclEntry(50, Egress: false, Allow: false, "6", "0.0.0.0/0", 1024, 65535));
            }),
            Advice = "Allow TCP 32768-60999 in from 0.0.0.0/0, as far as the owner",
            ByHand = (sandbox, _) => sandbox.Aws.Ec2.DeleteNetworkAclEntryAsync(
                new DeleteNetworkAclEntryRequest { NetworkAclId = Acl(sandbox.Host.World).Id, RuleNumber = 50, Egress = false },
                TestTimeout.Token),
        },
    ];

    private static NetworkAclRecord Acl(SandboxWorld world) => world.NetworkAcls.Values.Single(acl => acl.Vpc == world.Seed.Vpc);
}
