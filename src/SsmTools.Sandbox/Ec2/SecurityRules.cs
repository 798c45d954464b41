using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ec2;

/// <summary>Security group rules: read from a call's permissions, and told as permissions or one by one.</summary>
internal static class SecurityRules
{
    /// <summary>The rules that a call names, one for each peer.</summary>
    public static List<SecurityRule> Read(ApiCall call, SecurityGroupRecord group, bool egress)
    {
        List<JsonObject> permissions = [.. call.Input.Parts("IpPermissions")];
        if (call.Text("IpProtocol") is string protocol)
        {
            permissions.Add(new JsonObject
            {
                ["IpProtocol"] = protocol,
                ["FromPort"] = (long?)call.Input.Int("FromPort"),
                ["ToPort"] = (long?)call.Input.Int("ToPort"),
                ["IpRanges"] = call.Text("CidrIp") is string cidr ? new JsonArray(new JsonObject { ["CidrIp"] = cidr }) : null,
            });
        }

        List<SecurityRule> rules = [.. permissions.SelectMany(permission => Peers(call, group, permission, egress))];
        return rules.Count > 0 ? rules : throw Ec2Errors.Missing("IpPermissions");
    }

    /// <summary>Rules of the same protocol and ports make one permission.</summary>
    public static JsonArray Permissions(SandboxWorld world, IEnumerable<SecurityRule> rules)
    {
        return rules.GroupBy(rule => (rule.Protocol, rule.FromPort, rule.ToPort)).ToJson(same =>
        {
            bool ports = same.Key.Protocol != "-1";
            return new JsonObject
            {
                ["IpProtocol"] = same.Key.Protocol,
                ["FromPort"] = ports ? same.Key.FromPort : null,
                ["ToPort"] = ports ? same.Key.ToPort : null,
                ["IpRanges"] = same.Where(rule => rule.Cidr is not null)
                    .ToJson(rule => new JsonObject { ["CidrIp"] = rule.Cidr, ["Description"] = rule.Description }),
                ["Ipv6Ranges"] = same.Where(rule => rule.Cidr6 is not null)
                    .ToJson(rule => new JsonObject { ["CidrIpv6"] = rule.Cidr6, ["Description"] = rule.Description }),
                ["PrefixListIds"] = same.Where(rule => rule.PrefixListId is not null)
                    .ToJson(rule => new JsonObject { ["PrefixListId"] = rule.PrefixListId, ["Description"] = rule.Description }),
                ["UserIdGroupPairs"] = same.Where(rule => rule.GroupId is not null).ToJson(rule => new JsonObject
                {
                    ["GroupId"] = rule.GroupId,
                    ["UserId"] = world.AccountId,
                    ["Description"] = rule.Description,
                }),
            };
        });
    }

    public static JsonObject Shape(SandboxWorld world, SecurityGroupRecord group, SecurityRule rule) => new()
    {
        ["SecurityGroupRuleId"] = rule.RuleId,
        ["GroupId"] = group.Id,
        ["GroupOwnerId"] = world.AccountId,
        ["IsEgress"] = rule.Egress,
        ["IpProtocol"] = rule.Protocol,
        ["FromPort"] = rule.FromPort,
        ["ToPort"] = rule.ToPort,
        ["CidrIpv4"] = rule.Cidr,
        ["CidrIpv6"] = rule.Cidr6,
        ["PrefixListId"] = rule.PrefixListId,
        ["ReferencedGroupInfo"] = rule.GroupId is string peer
            ? new JsonObject { ["GroupId"] = peer, ["UserId"] = world.AccountId, ["VpcId"] = group.Vpc.Id }
            : null,
        ["Description"] = rule.Description,
        ["Tags"] = new JsonArray(),
    };

    private static IEnumerable<SecurityRule> Peers(ApiCall call, SecurityGroupRecord group, JsonObject permission, bool egress)
    {
        string protocol = Protocol(permission.Text("IpProtocol") ?? throw Ec2Errors.Missing("IpProtocol"));
        int from = permission.Int("FromPort") ?? -1;
        int to = permission.Int("ToPort") ?? -1;
        if (protocol is "tcp" or "udp" && (from is < 0 or > 65535 || to is < 0 or > 65535 || to < from))
        {
            throw Ec2Errors.InvalidValue($"Invalid TCP/UDP port range ({from}:{to})");
        }

        SecurityRule rule = new()
        {
            RuleId = "",
            Egress = egress,
            Protocol = protocol,
            FromPort = protocol == "-1" ? -1 : from,
            ToPort = protocol == "-1" ? -1 : to,
        };
        foreach (JsonObject range in permission.Parts("IpRanges"))
        {
            yield return New(range) with { Cidr = Cidr(range.Text("CidrIp"), AddressFamily.InterNetwork) };
        }

        foreach (JsonObject range in permission.Parts("Ipv6Ranges"))
        {
            yield return New(range) with { Cidr6 = Cidr(range.Text("CidrIpv6"), AddressFamily.InterNetworkV6) };
        }

        foreach (JsonObject list in permission.Parts("PrefixListIds"))
        {
            yield return New(list) with { PrefixListId = list.Text("PrefixListId") };
        }

        foreach (JsonObject pair in permission.Parts("UserIdGroupPairs"))
        {
            string id = pair.Text("GroupId")
                ?? call.World.SecurityGroups.Values.FirstOrDefault(one => one.Vpc == group.Vpc && one.Name == pair.Text("GroupName"))?.Id
                ?? throw Ec2Errors.Missing("GroupId");
            yield return New(pair) with { GroupId = Ec2Kind.SecurityGroup.Find(call.World.SecurityGroups, id).Id };
        }

        SecurityRule New(JsonObject peer) => rule with { RuleId = call.World.Ids.Ec2("sgr"), Description = peer.Text("Description") };
    }

    private static string Protocol(string text) => text.ToUpperInvariant() switch
    {
        "-1" or "ALL" => "-1",
        "TCP" or "6" => "tcp",
        "UDP" or "17" => "udp",
        "ICMP" or "1" => "icmp",
        "ICMPV6" or "58" => "icmpv6",
        _ when byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _) => text,
        _ => throw Ec2Errors.InvalidValue($"Invalid value '{text}' for IP protocol. Unknown protocol."),
    };

    private static string Cidr(string? text, AddressFamily family)
    {
        return Addresses.TryNetwork(text, family, out IPNetwork network)
            ? network.ToString()
            : throw Ec2Errors.InvalidValue($"CIDR block {text} is malformed");
    }
}
