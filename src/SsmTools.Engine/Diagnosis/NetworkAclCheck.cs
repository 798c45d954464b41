using System.Globalization;
using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Diagnosis;

/// <summary>The subnet's network ACL, which knows no connections, lets 443 out and the answers in.</summary>
internal sealed class NetworkAclCheck() : NetworkCheck(CheckId.NetworkAcl)
{
    private static readonly (int From, int To) s_https = (443, 443);
    private static readonly (int From, int To) s_linuxAnswers = (32768, 60999);
    private static readonly (int From, int To) s_windowsAnswers = (49152, 65535);

    /// <inheritdoc/>
    protected override Finding? Examine(Scene scene, NetworkView view)
    {
        if (scene.NetworkAcl.Obstacle is { } obstacle)
        {
            return Unknown(obstacle);
        }

        if (scene.NetworkAcl.Value is not { } acl)
        {
            return null;
        }

        Instance instance = scene.Instance.Value!;
        VpcEndpoint[] taken = [.. view.EndpointsTaken.Select(pair => pair.Endpoint)];
        if (taken.Length == NetworkView.Services.Count && Array.TrueForAll(taken, endpoint => endpoint.SubnetIds.TrueForAll(id => id == instance.SubnetId)))
        {
            return Pass("the endpoints are in the instance's own subnet, where no network ACL stands between", acl.NetworkAclId ?? string.Empty);
        }

        string[] peers = taken.Length == NetworkView.Services.Count && taken.SelectMany(endpoint => view.AddressesOf(endpoint) ?? []).ToArray() is { Length: > 0 } known
            ? known
            : [Cidr.Everywhere];
        (int From, int To) answers = string.Equals(instance.Platform, "windows", StringComparison.OrdinalIgnoreCase) ? s_windowsAnswers : s_linuxAnswers;
        return Closed(scene, acl, peers, egress: true, s_https)
            ?? Closed(scene, acl, peers, egress: false, answers)
            ?? Pass($"the network ACL {acl.NetworkAclId} lets 443 out and the answers in", [.. Rules(acl, true), .. Rules(acl, false)]);
    }

    private static IEnumerable<string> Rules(NetworkAcl acl, bool egress) => acl.Entries
        .Where(entry => entry.Egress == egress && entry.CidrBlock is not null)
        .OrderBy(entry => entry.RuleNumber)
        .Select(entry => string.Create(
            CultureInfo.InvariantCulture,
            $"{acl.NetworkAclId} {(egress ? "out" : "in")} {entry.RuleNumber}: {entry.RuleAction} {Ports(entry)} {entry.CidrBlock}"));

    private static string Ports(NetworkAclEntry entry) => entry.Protocol switch
    {
        "-1" => "all",
        _ when entry.PortRange is { } range => $"protocol {entry.Protocol} ports {range.From}-{range.To}",
        _ => $"protocol {entry.Protocol}",
    };

    /// <summary>Whether the lowest-numbered rules that speak of a peer and of these ports allow them all.</summary>
    private static bool Allows(NetworkAcl acl, string peer, bool egress, (int From, int To) ports)
    {
        List<(int From, int To)> open = [ports];
        foreach (NetworkAclEntry entry in acl.Entries
            .Where(entry => entry.Egress == egress && (entry.Protocol is "-1" or "6") && Cidr.Contains(entry.CidrBlock, peer))
            .OrderBy(entry => entry.RuleNumber))
        {
            (int from, int to) = entry.Protocol == "-1" || entry.PortRange is null
                ? (0, 65535)
                : (entry.PortRange.From ?? 0, entry.PortRange.To ?? 65535);
            if (!open.Exists(part => from <= part.To && part.From <= to))
            {
                continue;
            }

            if (entry.RuleAction != RuleAction.Allow)
            {
                return false;
            }

            open = [.. open.SelectMany(part => Rest(part, from, to))];
        }

        return open.Count == 0;
    }

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

    private Finding? Closed(Scene scene, NetworkAcl acl, string[] peers, bool egress, (int From, int To) ports)
    {
        if (Array.Exists(peers, peer => Allows(acl, peer, egress, ports)))
        {
            return null;
        }

        string range = ports.From == ports.To ? $"{ports.From}" : $"{ports.From}-{ports.To}";
        return Fail(
            new FindingCause.NetworkAclCloses(acl.NetworkAclId!, scene.Instance.Value!.SubnetId!, egress, ports.From, ports.To),
            egress
                ? $"the network ACL {acl.NetworkAclId} does not let port {range} out"
                : $"the network ACL {acl.NetworkAclId} does not let the answers in, on ports {range}",
            [.. Rules(acl, egress)]) with
        {
            Fix = egress ? $"Allow TCP {range} out" : $"Allow TCP {range} in: these are the ports that answers come to, not ones that anybody can connect to here",
            Command = $"Repair-SsmRegistration {scene.NodeId}",
        };
    }
}
