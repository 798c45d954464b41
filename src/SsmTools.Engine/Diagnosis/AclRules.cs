using System.Globalization;
using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Diagnosis;

/// <summary>What the numbered rules of a network ACL come to: for each packet the lowest number that speaks of it decides.</summary>
internal static class AclRules
{
    /// <summary>The rule that ends each list has this number; nobody can take it away, or put one behind it.</summary>
    private const int Last = 32767;

    private const int AllPorts = 65535;

    /// <summary>Where numbers are free, new rules keep this distance, so that others fit between.</summary>
    private const int Step = 10;

    /// <summary>Whether an ACL lets through what lacks.</summary>
    public static bool Allows(NetworkAcl acl, AclGap gap)
    {
        List<(int From, int To)> open = [(gap.FromPort, gap.ToPort)];
        foreach (NetworkAclEntry entry in Concerning(acl, gap))
        {
            (int from, int to) = Ports(entry);
            if (!open.Exists(part => from <= part.To && part.From <= to))
            {
                continue;
            }

            if (entry.RuleAction != RuleAction.Allow)
            {
                return false;
            }

            // What allows a part of the peers alone leaves the others to the rules that follow.
            if (Cidr.Contains(entry.CidrBlock, gap.Peer))
            {
                open = [.. open.SelectMany(part => Rest(part, from, to))];
            }
        }

        return open.Count == 0;
    }

    /// <summary>
    /// A free number for a rule that lets through what lacks: before the first rule that denies it, and where there is
    /// room, behind all that stand before that.
    /// </summary>
    /// <returns>Null where the rules before the denial have taken all numbers.</returns>
    public static int? FreeNumber(NetworkAcl acl, AclGap gap)
    {
        int limit = Concerning(acl, gap)
            .Where(entry => entry.RuleAction != RuleAction.Allow && Ports(entry) is var (from, to) && from <= gap.ToPort && gap.FromPort <= to)
            .Select(entry => entry.RuleNumber ?? Last).FirstOrDefault(Last);
        HashSet<int> taken =
        [
            .. acl.Entries.Where(entry => entry.Egress == gap.Egress).Select(entry => entry.RuleNumber ?? Last)
                .Where(number => number < limit),
        ];
        int behind = ((taken.DefaultIfEmpty().Max() / Step) + 1) * Step;
        if (behind < limit)
        {
            return behind;
        }

        for (int number = limit - 1; number > 0; number--)
        {
            if (!taken.Contains(number))
            {
                return number;
            }
        }

        return null;
    }

    /// <summary>The rules of one direction, for people.</summary>
    public static IEnumerable<string> Describe(NetworkAcl acl, bool egress) => acl.Entries
        .Where(entry => entry.Egress == egress && entry.CidrBlock is not null)
        .OrderBy(entry => entry.RuleNumber)
        .Select(entry => string.Create(
            CultureInfo.InvariantCulture,
            $"{acl.NetworkAclId} {(egress ? "out" : "in")} {entry.RuleNumber}: {entry.RuleAction} {PortsOf(entry)} {entry.CidrBlock}"));

    // What is denied to a part of the internet need not concern Systems Manager.
    private static IEnumerable<NetworkAclEntry> Concerning(NetworkAcl acl, AclGap gap) => acl.Entries
        .Where(entry => entry.Egress == gap.Egress && entry.Protocol is ("-1" or "6")
            && (Cidr.Contains(entry.CidrBlock, gap.Peer) || (!gap.IsOpenEnded && Cidr.Contains(gap.Peer, entry.CidrBlock))))
        .OrderBy(entry => entry.RuleNumber);

    private static (int From, int To) Ports(NetworkAclEntry entry) => entry.Protocol == "-1" || entry.PortRange is null
        ? (0, AllPorts)
        : (entry.PortRange.From ?? 0, entry.PortRange.To ?? AllPorts);

    private static string PortsOf(NetworkAclEntry entry) => entry.Protocol switch
    {
        "-1" => "all",
        _ when entry.PortRange is { } range => $"protocol {entry.Protocol} ports {range.From}-{range.To}",
        _ => $"protocol {entry.Protocol}",
    };

    private static IEnumerable<(int From, int To)> Rest((int From, int To) part, int from, int to)
    {
        if (part.From < from)
        {
            yield return (part.From, Math.Min(part.To, from - 1));
        }

        if (part.To > to)
        {
            yield return (Math.Max(part.From, to + 1), part.To);
        }
    }
}
