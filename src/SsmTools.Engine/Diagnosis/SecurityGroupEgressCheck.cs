using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Diagnosis;

/// <summary>The node's own security groups let it out on 443 to where it has to go.</summary>
internal sealed class SecurityGroupEgressCheck() : NetworkCheck(CheckId.SecurityGroupEgress)
{
    /// <inheritdoc/>
    protected override Finding? Examine(Scene scene, NetworkView view)
    {
        if (Gap(scene.Groups.Obstacle) is { } gap)
        {
            return gap;
        }

        string[] groups = [.. scene.Instance.Value!.SecurityGroups.Select(group => group.GroupId).OfType<string>()];
        IpPermission[] rules =
        [
            .. groups.Select(id => scene.Groups.Value?.GetValueOrDefault(id)).OfType<SecurityGroup>()
                .SelectMany(group => group.IpPermissionsEgress).Where(PortRules.CoverHttps),
        ];
        string[] evidence = [$"{scene.NodeId} has {string.Join(", ", groups)}", .. rules.Select(rule => $"lets out {PortRules.Describe(rule, "to")}")];
        if (Array.Exists(rules, IsOpen))
        {
            return Pass("the instance's security groups let it out on 443", evidence);
        }

        VpcEndpoint[] taken = [.. view.EndpointsTaken.Select(pair => pair.Endpoint)];
        VpcEndpoint[] closed = [.. taken.Where(endpoint => !Array.Exists(rules, rule => LeadsTo(rule, endpoint, view)))];
        bool goesOut = taken.Length < NetworkView.Services.Count;
        return closed.Length == 0 && (!goesOut || (rules.Length > 0 && view.DefaultWay != Way.Works))
            ? Pass("the instance's security groups let it out to the endpoints on 443", evidence)
            : rules.Length > 0 && closed.Length == 0
            ? Warn(
                null,
                "the instance's security groups let it out on 443 to some addresses only; whether Systems Manager's are among them cannot be told",
                evidence) with
            {
                Fix = "Let 443 out to 0.0.0.0/0, or make endpoints for ssm and ssmmessages",
            }
            : scene.Interfaces.Obstacle is { } obstacle && rules.Length > 0 ? Unknown(obstacle, evidence)
            : Fail(
                new FindingCause.EgressClosed(scene.NodeId, groups, [.. closed.Select(endpoint => endpoint.VpcEndpointId!)]),
                closed.Length > 0
                    ? $"no security group of the instance lets it out to the endpoint {closed[0].VpcEndpointId} on 443"
                    : "no security group of the instance lets it out on 443",
                evidence) with
            {
                Fix = "Let port 443 out",
                Command = $"Repair-SsmRegistration {scene.NodeId}",
            };
    }

    private static bool IsOpen(IpPermission rule) => rule.IpRanges.Exists(range => range.CidrIp == Cidr.Everywhere);

    private static bool LeadsTo(IpPermission rule, VpcEndpoint endpoint, NetworkView view) =>
        rule.UserIdGroupPairs.Exists(pair => endpoint.Groups.Exists(group => group.GroupId == pair.GroupId))
        || rule.PrefixListIds.Count > 0
        || (view.PlacesOf(endpoint) is { } places
            && rule.IpRanges.Exists(range => places.Any(place => Cidr.Contains(range.CidrIp, place.Address))));
}
