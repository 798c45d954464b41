using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Survey;

namespace SsmTools.Engine.Diagnosis;

/// <summary>
/// Network ACLs, which know no connections, let 443 out and the answers in: the one of the instance's subnet, and those of
/// the subnets that the endpoints stand in, the other way round.
/// </summary>
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

        VpcEndpoint[] taken = [.. view.EndpointsTaken.Select(pair => pair.Endpoint)];
        List<AclGap>[][] ways = [.. taken.Select(endpoint => Ways(scene, acl, view.PlacesOf(endpoint) ?? []))];
        if (taken.Length < NetworkView.Services.Count || Array.Exists(ways, some => some.Length == 0))
        {
            ways = [.. ways, [Far(scene, acl)]];
        }

        AclGap[] gaps = [.. ways.SelectMany(some => some).SelectMany(way => way).Distinct()];
        return gaps.Length == 0 ? Open(scene, acl, taken) : Closed(
            scene, acl, gaps, isShut: Array.Exists(ways, some => some.Length > 0 && Array.TrueForAll(some, way => way.Count > 0)));
    }

    /// <summary>What each way to an interface of an endpoint lacks; none at all where the interfaces are not known.</summary>
    private static List<AclGap>[] Ways(Scene scene, NetworkAcl own, IReadOnlyList<InterfacePlace> places) =>
        [.. places.Select(place => Gaps(scene, own, place))];

    private static List<AclGap> Gaps(Scene scene, NetworkAcl own, InterfacePlace place)
    {
        Instance instance = scene.Instance.Value!;
        if (place.SubnetId == instance.SubnetId)
        {
            return [];
        }

        (int From, int To) answers = Answers(instance);
        string there = $"{place.Address}/32";
        List<AclGap> gaps = [.. Lacking(own, there, there, egress: true, s_https), .. Lacking(own, there, there, egress: false, answers)];
        if (scene.EndpointAcls.Value?.GetValueOrDefault(place.SubnetId) is { } other && instance.PrivateIpAddress is { } address)
        {
            string here = scene.Subnet.Value?.CidrBlock ?? $"{address}/32";
            gaps.AddRange(Lacking(other, $"{address}/32", here, egress: false, s_https));
            gaps.AddRange(Lacking(other, $"{address}/32", here, egress: true, answers));
        }

        return gaps;
    }

    // By the default route, or by ways that are not known.
    private static List<AclGap> Far(Scene scene, NetworkAcl own) =>
    [
        .. Lacking(own, Cidr.Everywhere, Cidr.Everywhere, egress: true, s_https),
        .. Lacking(own, Cidr.Everywhere, Cidr.Everywhere, egress: false, Answers(scene.Instance.Value!)),
    ];

    /// <param name="acl">The ACL.</param>
    /// <param name="peer">Whom it is looked at for.</param>
    /// <param name="whole">Whom it would have to be opened for: a subnet's instances come and go.</param>
    /// <param name="egress">The direction.</param>
    /// <param name="ports">The ports.</param>
    private static IEnumerable<AclGap> Lacking(NetworkAcl acl, string peer, string whole, bool egress, (int From, int To) ports)
    {
        AclGap gap = new(acl.NetworkAclId!, egress, peer, ports.From, ports.To);
        return AclRules.Allows(acl, gap) ? [] : [gap with { Peer = whole }];
    }

    private static (int From, int To) Answers(Instance instance) =>
        string.Equals(instance.Platform, "windows", StringComparison.OrdinalIgnoreCase) ? s_windowsAnswers : s_linuxAnswers;

    private static string Some(AclGap[] gaps) =>
        $"{gaps[0]}{(gaps.Length == 1 ? "" : $" ({gaps.Length - 1} more like this)")}";

    private Finding Open(Scene scene, NetworkAcl acl, VpcEndpoint[] taken) =>
        taken.Length == NetworkView.Services.Count
        && Array.TrueForAll(taken, endpoint => endpoint.SubnetIds.TrueForAll(id => id == scene.Instance.Value!.SubnetId))
            ? Pass("the endpoints are in the instance's own subnet, where no network ACL stands between", acl.NetworkAclId ?? string.Empty)
            : Pass(
                $"the network ACL {acl.NetworkAclId} lets 443 out and the answers in",
                [.. AclRules.Describe(acl, true), .. AclRules.Describe(acl, false)]);

    private Finding Closed(Scene scene, NetworkAcl own, AclGap[] gaps, bool isShut)
    {
        FindingCause cause = new FindingCause.NetworkAclCloses(gaps);
        IEnumerable<NetworkAcl> acls = (scene.EndpointAcls.Value?.Values ?? []).Append(own).DistinctBy(acl => acl.NetworkAclId);
        string[] evidence =
        [
            .. acls.SelectMany(acl => gaps.Where(gap => gap.AclId == acl.NetworkAclId).Select(gap => gap.Egress).Distinct()
                .SelectMany(egress => AclRules.Describe(acl, egress))),
            .. gaps.Select(gap => $"{gap.AclId} lacks {gap}"),
        ];
        AclGap first = gaps[0];
        string what = $"the network ACL {first.AclId}{(first.AclId == own.NetworkAclId ? "" : ", of an endpoint's subnet,")} does not let"
            + $" {(first.FromPort == s_https.From ? "requests" : "the answers")} through: {Some(gaps)}";
        Finding finding = isShut
            ? Fail(cause, what, evidence)
            : Warn(cause, $"{what}; other addresses of the endpoints can be reached, so that only some connections fail", evidence);
        return Array.Exists(gaps, gap => gap.IsOpenEnded)
            ? finding with
            {
                // Without endpoints the answers come from anywhere, and no narrow rule lets them in.
                Fix = $"Allow {string.Join(" and ", gaps.Select(gap => gap.ToString()))}, as far as the owner of the network ACL wants it open"
                    + " to the internet; or make endpoints, for which a rule within the VPC is enough",
            }
            : finding with
            {
                Fix = $"Allow {string.Join(" and ", gaps.Select(gap => gap.ToString()))}, before the rule that denies it",
                Command = $"Repair-SsmRegistration {scene.NodeId}",
            };
    }
}
